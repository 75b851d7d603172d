using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone answer.</summary>
internal static class AnswerCommand
{
    private const string About =
        """
        Register, wait for calls and answer them, until Ctrl-C or, with --once, until the first call is over.
        """;

    private const string Examples =
        """
        softphone answer --profile office --once --echo
        softphone answer --code 486                      refuse everybody as busy
        """;

    public static Command Build(IVerb<AnswerOptions> verb, VerbContext context)
    {
        var flags = new MediaFlags();
        var once = new Option<bool>("--once") { Description = "End after the first call" };
        var echo = new Option<bool>("--echo") { Description = "Send back what is heard" };
        var code = new Option<int?>("--code") { HelpName = "STATUS", Description = "Refuse calls with this SIP status, 400 to 699: 486 is busy" };
        var ring = new Option<TimeSpan?>("--ring") { HelpName = "TIME", Description = "Ring so long before answering (at once when not given)", CustomParser = Flags.Duration };
        code.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } status and (< 400 or > 699)) result.AddError($"--code {status} is not 400 to 699");
        });
        var command = new Verb("answer", About, Examples) { once, echo, code, ring };
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            flags.Read(
                new AnswerOptions
                {
                    Profile = flags.Profile.ResolveAccount(parsed, context),
                    Once = parsed.GetValue(once),
                    Echo = parsed.GetValue(echo),
                    Code = parsed.GetValue(code),
                    Ring = parsed.GetValue(ring) ?? TimeSpan.Zero,
                },
                parsed),
            context,
            stop));
        return command;
    }
}
