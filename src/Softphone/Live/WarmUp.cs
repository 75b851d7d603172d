using System.Runtime.CompilerServices;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// In the background while the real phone registers: loads the codec library and, where the program is compiled as it runs, plays one short call
/// to itself in the virtual internet. The first real call would otherwise begin with some forty milliseconds of silence.
/// </summary>
internal static class WarmUp
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static void Begin() => Guarded.Begin(() =>
    {
        Codec();
        // The native program has nothing left to compile.
        if (!RuntimeFeature.IsDynamicCodeCompiled) return;
        var world = new DemoWorld(new Softphone.Lab.DemoOptions { Latency = TimeSpan.FromMilliseconds(1) });
        var call = new DemoCall(world, CodecFactory.Instance, new CallOptions { Duration = TimeSpan.FromMilliseconds(300) }, new CallOptions());
        call.Begin();
        world.World.RunUntil(() => call.IsOver, Instant.Zero + Longest);
    });

    /// <summary>The library first: it is what takes longest, and what an answer at once would meet first.</summary>
    private static void Codec()
    {
        using var encoder = CodecFactory.Instance.CreateEncoder("opus", EncoderTuning.Default);
        using var decoder = CodecFactory.Instance.CreateDecoder("opus");
        var frame = new short[960];
        var payload = new byte[1275];
        for (var i = 0; i < 3; i++) decoder.Decode(payload.AsSpan(0, encoder.Encode(frame, payload)), frame);
    }
}
