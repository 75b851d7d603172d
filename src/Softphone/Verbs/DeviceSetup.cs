using Softphone.Audio;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Makes the devices of a profile, and tells what becomes of them.</summary>
internal static class DeviceSetup
{
    /// <summary>Null when the profile wants none. A machine without sound is told as soon as the devices are used, and the call does without.</summary>
    public static SoundDesk? TryCreate(AudioProfile profile, bool capture, bool playout, VerbContext context, IEventWriter output)
    {
        var choice = new DeviceChoice(
            capture ? profile.Input : DeviceChoice.None,
            playout ? profile.Output : DeviceChoice.None,
            profile.Processing == VoiceProcessing.On);
        return choice.Input == DeviceChoice.None && choice.Output == DeviceChoice.None
            ? null
            : new SoundDesk(choice, state => Tell(state, context, output));
    }

    private static void Tell(DeviceState state, VerbContext context, IEventWriter output)
    {
        if (state.Fault is { } fault) context.Error.WriteLine($"softphone: {fault.What} ({fault.Remedy})");
        output.Write(Event(state));
    }

    public static OutputEvent.DeviceChange Event(DeviceState state) => new()
    {
        T = DateTimeOffset.UtcNow,
        Direction = state.Role switch
        {
            SoundRole.Microphone => "input",
            SoundRole.Speaker => "output",
            _ => "ring",
        },
        Name = state.Name,
        State = state.Kind switch
        {
            DeviceStateKind.Open => "open",
            DeviceStateKind.Lost => "lost",
            DeviceStateKind.Closed => "closed",
            _ => "unavailable",
        },
        Reason = state.Fault?.What,
    };
}
