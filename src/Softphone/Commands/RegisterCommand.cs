using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone register.</summary>
internal static class RegisterCommand
{
    private const string About =
        """
        Register the account and stay registered until Ctrl-C; prints the binding and when it expires.
        """;

    private const string Examples =
        """
        softphone register --profile office
        softphone register --profile office --once       does the account work?
        softphone register --profile office --once -v    and what is said on the way
        """;

    public static Command Build(IVerb<RegisterOptions> verb, VerbContext context)
    {
        var flags = new ProfileFlags();
        var once = new Option<bool>("--once") { Description = "Register, say how it went, unregister and end" };
        var length = Flags.For("Stay registered for so long");
        var json = Flags.Json();
        var watch = new WatchFlags("SIP message", "the registration");
        var command = new Verb("register", About, Examples, [ExitCode.Rejected, ExitCode.NotAuthorised, ExitCode.TimedOut, ExitCode.Network, ExitCode.Output]) { once, length, json };
        flags.AddTo(command);
        watch.AddTo(command);
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new RegisterOptions
            {
                Profile = flags.ResolveAccount(parsed, context),
                Once = parsed.GetValue(once),
                For = parsed.GetValue(length),
                Json = parsed.GetValue(json),
                Watch = watch.Read(parsed),
            },
            context,
            stop));
        return command;
    }
}
