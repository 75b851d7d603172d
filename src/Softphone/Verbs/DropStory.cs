using System.Globalization;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>What --verbose tells of dropped packets: of each flow the first three, then every tenth, hundredth, thousandth.</summary>
internal sealed class DropStory(PhoneStory story)
{
    private readonly Dictionary<(Address From, Address To, DropReason Reason), int> _seen = [];

    /// <summary>Listens to a world.</summary>
    public void Follow(World world) => world.Trace.Emitted += entry =>
    {
        if (entry is WorldTrace.PacketDropped dropped) Tell(dropped);
    };

    private void Tell(WorldTrace.PacketDropped dropped)
    {
        var flow = (dropped.From, dropped.To, dropped.Reason);
        var count = _seen[flow] = _seen.GetValueOrDefault(flow) + 1;
        if (count > 3 && !IsPowerOfTen(count)) return;
        var many = count > 3 ? string.Create(CultureInfo.InvariantCulture, $" ({count} of this kind)") : "";
        story.Line(dropped.At, "", $"dropped: {dropped.Describe()}{many}");
    }

    private static bool IsPowerOfTen(int number)
    {
        while (number % 10 == 0) number /= 10;
        return number == 1;
    }
}
