using System.CommandLine;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>softphone call URI.</summary>
internal static class CallCommand
{
    private const string About =
        """
        Place one call. Ctrl-C hangs up. The exit code says how it went: 0 answered and ended well, 3 rejected, 5 not answered,
        6 busy, 8 no path for media, 9 an --expect did not hold.
        """;

    private const string Examples =
        """
        softphone call sip:202@pbx.example.net --for 20s
        softphone call 202 --transport tcp --header 'Subject: about the order' --header 'X-Queue: 7'
        softphone call 202 --profile office --audio null --play hello.wav --expect 'answered<5s' audio=two-way
        """;

    public static Command Build(IVerb<CallVerbOptions> verb, VerbContext context)
    {
        var uri = new Argument<string>("URI") { Description = "Whom to call: sip:user@host, user@host, or a user at the account's own domain" };
        var flags = new MediaFlags();
        var ringFor = new Option<TimeSpan?>("--ring-for") { HelpName = "TIME", Description = "Give up when nobody has answered by then", CustomParser = Flags.Duration };
        var transport = Flags.Word("--transport", "By which the INVITE goes, whatever the profile and the address say", "udp", "tcp", "tls");
        var headers = HeaderFlag.Create();
        var command = new Verb("call", About, Examples, [ExitCode.Rejected, ExitCode.NotAuthorised, ExitCode.TimedOut, ExitCode.Busy, ExitCode.Network, ExitCode.IceFailed, ExitCode.ExpectFailed, ExitCode.NoCommonCodec, ExitCode.AudioDevice, ExitCode.Output]) { uri, ringFor, transport, headers };
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Profile.Resolve(parsed, context);
            var target = Target.Complete(parsed.GetRequiredValue(uri), profile);
            var options = new CallVerbOptions
            {
                Uri = target,
                Profile = ProfileFlags.OrAnonymous(profile),
                RingFor = parsed.GetValue(ringFor),
                Transport = Enum.TryParse<Transport>(parsed.GetValue(transport), ignoreCase: true, out var chosen) ? chosen : null,
                Headers = parsed.GetValue(headers) ?? [],
            };
            return (int)await verb.RunAsync(flags.Read(options, parsed), context, stop);
        });
        return command;
    }
}
