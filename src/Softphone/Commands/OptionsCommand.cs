using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone options URI.</summary>
internal static class OptionsCommand
{
    private const string About =
        """
        Send one OPTIONS request and show the response: is it there, how fast, and what can it do?
        """;

    private const string Examples =
        """
        softphone options sip:pbx.example.net
        """;

    public static Command Build(IVerb<RequestOptions> verb, VerbContext context)
    {
        var uri = new Argument<string>("URI") { Description = "Whom to ask: sip:host or sip:user@host" };
        var flags = new ProfileFlags();
        var json = Flags.Json();
        var watch = new WatchFlags("SIP message", "the question and its answer");
        var command = new Verb("options", About, Examples, [ExitCode.Rejected, ExitCode.NotAuthorised, ExitCode.TimedOut, ExitCode.Network, ExitCode.Output]) { uri, json };
        flags.AddTo(command);
        watch.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Resolve(parsed, context);
            var target = Target.Complete(parsed.GetRequiredValue(uri), profile);
            return (int)await verb.RunAsync(new RequestOptions { Uri = target, Profile = ProfileFlags.OrAnonymous(profile), Json = parsed.GetValue(json), Watch = watch.Read(parsed) }, context, stop);
        });
        return command;
    }
}
