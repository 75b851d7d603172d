using Softphone.Audio;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Makes the devices of a profile, and tells what becomes of them.</summary>
internal static class DeviceSetup
{
    /// <summary>Samples of the ring of a device that is opened only to see whether it can be.</summary>
    private const int TrialRing = 1 << 14;

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

    /// <summary>A device that was named and is not there, before anybody is called; null when all are. The system's own choice may be missing: a call does without.</summary>
    /// <param name="profile">The names.</param>
    /// <param name="capture">A microphone is needed.</param>
    /// <param name="playout">A loudspeaker is needed.</param>
    /// <param name="start">Whose devices; those of this machine when null.</param>
    public static Fault? Missing(AudioProfile profile, bool capture, bool playout, AudioStart? start = null)
    {
        var named = new List<(string Name, bool IsInput)>();
        if (capture && IsName(profile.Input)) named.Add((profile.Input, true));
        if (playout && IsName(profile.Output)) named.Add((profile.Output, false));
        if (named.Count == 0) return null;
        if (!(start ?? SystemAudio.TryStart)(out var system, out var fault)) return fault;
        using (system)
        {
            var devices = system.List();
            foreach (var (name, isInput) in named)
            {
                // A system may open what it does not list.
                if (devices.Any(d => d.IsInput == isInput && d.Name == name)) continue;
                if (!system.TryOpen(name, isInput, new SampleRing(TrialRing), out var stream, out fault)) return fault;
                stream.Dispose();
            }
        }

        return null;

        static bool IsName(string name) => name is not (DeviceChoice.Default or DeviceChoice.None);
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
