using Softphone.Audio;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Makes the devices of a profile, and tells what becomes of them.</summary>
internal static class DeviceSetup
{
    /// <summary>Null when the profile wants none, or this machine has none: the note then says so, and the call does without.</summary>
    public static DeviceAudio? TryCreate(AudioProfile profile, bool capture, bool playout, VerbContext context, IEventWriter output)
    {
        var choice = new DeviceChoice(
            capture ? profile.Input : DeviceChoice.None,
            playout ? profile.Output : DeviceChoice.None,
            profile.Processing == VoiceProcessing.On);
        if (!choice.HasInput && !choice.HasOutput) return null;
        if (SdlAudio.TryStart(out var system, out var fault)) return new DeviceAudio(system, choice, state => Tell(state, context, output));
        context.Error.WriteLine($"softphone: {fault.What}; the call {(choice.HasInput ? "sends silence" : "is not heard")} ({fault.Remedy})");
        return null;
    }

    private static void Tell(DeviceState state, VerbContext context, IEventWriter output)
    {
        if (state.Fault is { } fault) context.Error.WriteLine($"softphone: {fault.What}");
        output.Write(Event(state));
    }

    public static OutputEvent.DeviceChange Event(DeviceState state) => new()
    {
        T = DateTimeOffset.UtcNow,
        Direction = state.IsInput ? "input" : "output",
        Name = state.Name,
        State = state.Kind switch
        {
            DeviceStateKind.Open => "open",
            DeviceStateKind.Lost => "lost",
            _ => "unavailable",
        },
        Reason = state.Fault?.What,
    };
}
