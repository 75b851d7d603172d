using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Microphone, loudness, recording, devices.</summary>
internal static partial class Bindings
{
    private const string Sound = "Sound";
    private const int VolumeStep = 3;
    private const int Loudest = 12;
    private const int Softest = -40;

    public static KeyBinding Mute { get; } = new(["m"], "mute", "mute", "microphone off for all calls, and on again", session =>
        session.Ask(new PhoneCommand.Mute(!session.View.Audio.IsMuted)))
    {
        Group = Sound,
        Rank = 5,
        Label = session => session.View.Audio.IsMuted ? "unmute" : "mute",
        Disabled = session => session.View.Live() == 0 && !session.View.Audio.IsMuted ? NoCall : null,
    };

    public static KeyBinding Record { get; } = new(["r"], "record", "record", "record both sides into a file, and stop", session =>
        session.Ask(new PhoneCommand.Record(session.Call!.Id, session.Call.Recording is null)))
    {
        Group = Sound,
        Rank = 23,
        Label = session => session.Call is { Recording: not null } ? "stop rec" : "record",
        Disabled = NeedsAnswered,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Record!),
    };

    public static KeyBinding Play { get; } = new([">"], "play", "play", "play a WAV file to the call, and stop", session =>
    {
        if (session.Call is { Playing: not null } call) session.Ask(new PhoneCommand.StopPlaying(call.Id));
        else session.Tell("which file? :play FILE");
    })
    {
        Group = Sound,
        Rank = 100,
        Label = session => session.Call is { Playing: not null } ? "stop playing" : "play",
        Disabled = NeedsAnswered,
        Argument = "FILE|stop",
        Choices = _ => ["stop"],
        RunWith = (session, file) =>
        {
            if (NeedsAnswered(session) is { } why) session.Tell(why);
            else if (file is "stop") session.Ask(new PhoneCommand.StopPlaying(session.Call!.Id));
            else session.Ask(new PhoneCommand.Play(session.Call!.Id, file));
        },
    };

    public static KeyBinding Louder { get; } = new(["+", "="], "volume", "louder", "3 dB louder; :volume DB sets it", session => ChangeVolume(session, VolumeStep))
    {
        Group = Sound,
        Rank = 100,
        Argument = "DB",
        Choices = _ => ["-12", "-6", "0", "+6"],
        RunWith = (session, typed) =>
        {
            if (typed.Length == 0) session.Tell($"volume {session.View.Audio.VolumeDb:+0;-0;0} dB");
            else if (int.TryParse(typed, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var volume)
                && volume is >= Softest and <= Loudest) session.Ask(new PhoneCommand.Volume(volume));
            else session.Tell($"a volume is {Softest} to +{Loudest} dB");
        },
    };

    public static KeyBinding Softer { get; } = new(["-"], "", "softer", "3 dB softer", session => ChangeVolume(session, -VolumeStep)) { Group = Sound, Rank = 100 };

    public static KeyBinding Devices { get; } = new(["v"], "devices", "devices", "choose microphone, loudspeaker, ringer", session => session.Open(new SettingsScreen()))
    {
        Group = Sound,
        Rank = 60,
    };

    private static void ChangeVolume(Session session, int by)
    {
        var volume = Math.Clamp(session.View.Audio.VolumeDb + by, Softest, Loudest);
        session.Ask(new PhoneCommand.Volume(volume));
        session.Tell($"volume {volume:+0;-0;0} dB");
    }
}
