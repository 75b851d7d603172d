using System.CommandLine;
using System.CommandLine.Parsing;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>softphone lab matrix.</summary>
internal static class MatrixCommand
{
    private const string About =
        """
        Try every NAT type against every NAT type in a virtual internet, in virtual time: path, round trips, wrong paths.
        Each cell is two ICE agents with their sockets, gathering, STUN and TURN; the row offers and controls. A cell says which
        local and remote candidate were nominated (H host, S server-reflexive, P peer-reflexive, R relay) and how many round
        trips between the two passed from the answer to the first outgoing media, and to completion. What a check had to wait
        for its turn (Ta) is taken off, on either side, so that 1.00 and 2.00 are the least that there can be. It ends with 0
        only if every cell is as the table of RFC 8445's algorithm says.
        """;

    private const string Examples =
        """
        softphone lab matrix
        softphone lab matrix --policy immediate --ta 5ms
        softphone lab matrix --only symmetric,port-restricted --loss 5% --runs 100
        softphone lab matrix --json
        """;

    private static readonly TimeSpan ShortestTa = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestTa = TimeSpan.FromMilliseconds(500);

    public static Command Build(IVerb<LabMatrixOptions> verb, VerbContext context)
    {
        var defaults = new LabMatrixOptions();
        var latency = new Option<TimeSpan?>("--latency") { HelpName = "TIME", Description = "One way, of each of the two links (20ms when not given)", CustomParser = Flags.Duration };
        var jitter = new Option<TimeSpan?>("--jitter") { HelpName = "TIME", Description = "Extra delay of a packet on each link, from nothing to this", CustomParser = Flags.Duration };
        var loss = new Option<double>("--loss") { HelpName = "SHARE", Description = "Packets that each link loses, such as 2%", CustomParser = Flags.Fraction };
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "The same seed is the same run, packet for packet (1 when not given)" };
        var runs = new Option<int?>("--runs") { HelpName = "N", Description = "Try each cell with so many seeds, and add percentiles over all (1 when not given)" };
        runs.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var n) || n is < 1 or > 10_000)) result.AddError($"--runs \"{token.Value}\" is not 1 to 10000");
        });
        var ta = new Option<TimeSpan?>("--ta") { HelpName = "TIME", Description = "Between two checks of an agent, 5ms to 500ms (20ms when not given)", CustomParser = Pacing };
        var policy = Flags.Word("--policy", "When to nominate: held for a better path, or the first valid pair (adaptive when not given)", "adaptive", "immediate");
        var only = NatTypesFlag.Build();
        var json = Flags.Json();
        var command = new Verb("matrix", About, Examples, [ExitCode.ExpectFailed, ExitCode.Output]) { latency, jitter, loss, seed, runs, ta, policy, only, json };
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new LabMatrixOptions
            {
                Latency = parsed.GetValue(latency) ?? defaults.Latency,
                Jitter = parsed.GetValue(jitter) ?? defaults.Jitter,
                Loss = parsed.GetValue(loss),
                Seed = parsed.GetValue(seed) ?? defaults.Seed,
                Runs = parsed.GetValue(runs) ?? defaults.Runs,
                Ta = parsed.GetValue(ta) ?? defaults.Ta,
                Immediate = parsed.GetValue(policy) == "immediate",
                Only = parsed.GetValue(only) ?? defaults.Only,
                Json = parsed.GetValue(json),
            },
            context,
            stop));
        return command;
    }

    private static TimeSpan? Pacing(ArgumentResult result)
    {
        if (Flags.Duration(result) is not { } ta) return null;
        if (ta < ShortestTa || ta > LongestTa) result.AddError($"--ta \"{result.Tokens[0].Value}\" is not between 5ms and 500ms");
        return ta;
    }
}
