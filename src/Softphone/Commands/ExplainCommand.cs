using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone lab explain.</summary>
internal static class ExplainCommand
{
    private const string About =
        """
        Put what the phone says about a call to the proof, in a virtual internet: every NAT type against every NAT type, with TURN and
        without, with STUN and without, and with the caller free or bound to relays. Two whole phones call each other in each cell,
        and both explain the path. The cause is held against an oracle that knows the networks; each remedy told is applied to the
        world and the call made again. What "would" help must help in every world in which the same is said; what "may" help must
        help in one of them and not in all. It ends with 9 when a cell is not as it must be.
        """;

    private const string Examples =
        """
        softphone lab explain
        softphone lab explain --only symmetric,port-restricted --sentences
        softphone lab explain --json
        """;

    public static Command Build(IVerb<LabExplainOptions> verb, VerbContext context)
    {
        var only = NatTypesFlag.Build();
        var sentences = new Option<bool>("--sentences") { Description = "Print what each phone says, too" };
        var json = Flags.Json();
        var command = new Verb("explain", About, Examples, [ExitCode.ExpectFailed, ExitCode.Output]) { only, sentences, json };
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new LabExplainOptions { Only = parsed.GetValue(only) ?? [], Sentences = parsed.GetValue(sentences), Json = parsed.GetValue(json) },
            context,
            stop));
        return command;
    }
}
