using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone devices.</summary>
internal static class DevicesCommand
{
    private const string About =
        """
        List the microphones and loudspeakers, or try them. The names are what --audio and the profile's audio section take.
        --meter shows what the microphone hears. --loopback plays a short chirp, tells how long it took to come back through the
        microphone, and then plays back what is heard; use a headset, or it howls. --codecs lists the codecs and the library that
        makes each on this machine: what is not installed the program carries itself, at more cost. Exit code 11: a device cannot be used.
        """;

    private const string Examples =
        """
        softphone devices
        softphone devices --codecs
        softphone devices --meter --for 10s
        softphone devices --loopback --input "USB Headset" --output "USB Headset"
        """;

    public static Command Build(IVerb<DevicesOptions> verb, VerbContext context)
    {
        var flags = new ProfileFlags();
        var codecs = new Option<bool>("--codecs") { Description = "List the codecs and what makes them on this machine" };
        var meter = new Option<bool>("--meter") { Description = "Show what the microphone hears" };
        var loopback = new Option<bool>("--loopback") { Description = "Measure the delay from loudspeaker to microphone, then play back what is heard" };
        var length = Flags.For("How long to meter or play back (5s)");
        var json = Flags.Json();
        var command = new Verb("devices", About, Examples, [ExitCode.AudioDevice, ExitCode.Output]) { codecs, meter, loopback, length, json };
        flags.AddTo(command).AddDevicesTo(command);
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new DevicesOptions
            {
                Profile = flags.Resolve(parsed, context),
                Codecs = parsed.GetValue(codecs),
                Meter = parsed.GetValue(meter),
                Loopback = parsed.GetValue(loopback),
                For = parsed.GetValue(length) ?? TimeSpan.FromSeconds(5),
                Json = parsed.GetValue(json),
            },
            context,
            stop));
        return command;
    }
}
