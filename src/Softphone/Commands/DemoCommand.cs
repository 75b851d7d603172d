using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone demo.</summary>
internal static class DemoCommand
{
    private const string About =
        """
        Place a call between two whole phones behind NATs, in a virtual internet inside this process.
        It needs no server, no root and no sound card. It registers, calls, runs ICE, streams Opus both ways and says what
        happened; it ends with 0 only if audio went both ways.
        """;

    private const string Examples =
        """
        softphone demo
        softphone demo --tui
        softphone demo --nat-a symmetric --nat-b symmetric --loss 2%
        softphone demo --scenario rebinding.yaml --real-time
        """;

    private static readonly Dictionary<string, DemoNat> Nats = new()
    {
        ["none"] = DemoNat.None,
        ["firewall"] = DemoNat.Firewall,
        ["full-cone"] = DemoNat.FullCone,
        ["restricted-cone"] = DemoNat.RestrictedCone,
        ["port-restricted"] = DemoNat.PortRestricted,
        ["symmetric"] = DemoNat.Symmetric,
        ["udp-blocked"] = DemoNat.UdpBlocked,
    };

    /// <summary>The word that a person writes for it.</summary>
    public static string NameOf(DemoNat nat) => Nats.First(n => n.Value == nat).Key;

    public static Command Build(IVerb<DemoOptions> verb, VerbContext context)
    {
        var defaults = new DemoOptions();
        var natA = Flags.Word("--nat-a", $"The NAT before the caller: {string.Join(", ", Nats.Keys)} (port-restricted when not given)", [.. Nats.Keys]);
        var natB = Flags.Word("--nat-b", "The NAT before the callee, one of the same (port-restricted when not given)", [.. Nats.Keys]);
        natA.HelpName = natB.HelpName = "TYPE";
        var latency = new Option<TimeSpan?>("--latency") { HelpName = "TIME", Description = "One way, of each link (20ms when not given)", CustomParser = Flags.Duration };
        var loss = new Option<double>("--loss") { HelpName = "SHARE", Description = "Packets that get lost, such as 2%", CustomParser = Flags.Fraction };
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "The same seed is the same run, packet for packet (1 when not given)" };
        var length = Flags.For("How long the call lasts (10s when not given)");
        var tui = new Option<bool>("--tui") { Description = "Try the full-screen phone in it: you are alice; bob and dave answer, carol calls you" };
        var realTime = new Option<bool>("--real-time") { Description = "Let seconds take seconds" };
        var scenario = Flags.Text("--scenario", "FILE.yaml", "Play this scenario (docs/scenarios.md); it brings its own networks, phones and steps");
        var folder = Flags.Text("--out", "DIR", "Record what each side hears here (a new private folder among the temporary ones when not given)");
        var verbose = Flags.Verbose("Show every packet that was dropped, with the place and the reason");
        var json = Flags.Json();
        var command = new Verb("demo", About, Examples, [ExitCode.TimedOut, ExitCode.IceFailed, ExitCode.ExpectFailed, ExitCode.AudioDevice, ExitCode.Output]) { natA, natB, latency, loss, seed, length, folder, scenario, tui, realTime, verbose, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(scenario) is null) return;
            foreach (var other in new Option[] { natA, natB, latency, loss, length, folder })
                if (result.GetResult(other) is not null) result.AddError($"{other.Name} and --scenario exclude each other: the file says what the networks are and how long calls last, and nothing is recorded");
        });
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new DemoOptions
            {
                NatA = parsed.GetValue(natA) is { } a ? Nats[a] : defaults.NatA,
                NatB = parsed.GetValue(natB) is { } b ? Nats[b] : defaults.NatB,
                Latency = parsed.GetValue(latency) ?? defaults.Latency,
                Loss = parsed.GetValue(loss),
                Seed = parsed.GetValue(seed),
                Scenario = parsed.GetValue(scenario) is { } file ? ScenarioFiles.Load(file) : null,
                Verbose = parsed.GetValue(verbose),
                For = parsed.GetValue(length) ?? defaults.For,
                Out = parsed.GetValue(folder),
                Tui = parsed.GetValue(tui),
                RealTime = parsed.GetValue(realTime),
                Json = parsed.GetValue(json),
            },
            context,
            stop));
        return command;
    }
}
