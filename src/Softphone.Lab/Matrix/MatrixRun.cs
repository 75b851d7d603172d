using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// Runs one <see cref="MatrixCase"/>: a small internet of its own, an offer and an answer that take one way each to arrive, checks until
/// both ends have completed or failed, and a packet of media each way on every component.
/// </summary>
public sealed class MatrixRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly byte[] Rtp = [0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 1, 2, 3, 4];
    private static readonly byte[] Rtcp = [0x80, 200, 0, 1, 0, 0, 0, 7];

    private readonly MatrixOptions _options;
    private readonly MatrixCase _case;
    private readonly DemoWorld _demo;
    private readonly MatrixEnd _a;
    private readonly MatrixEnd _b;
    private readonly TimeSpan _direct;
    private readonly TimeSpan _relayed;

    private MatrixRun(MatrixCase wanted, MatrixOptions options)
    {
        _options = options;
        _case = wanted;
        var hairpin = wanted.Place switch
        {
            MatrixPlace.Hairpin => Hairpinning.External,
            MatrixPlace.InternalHairpin => Hairpinning.Internal,
            _ => Hairpinning.Off,
        };
        _demo = new DemoWorld(new DemoOptions
        {
            NatA = NatBehavior.Named(wanted.A) with { Hairpin = hairpin },
            NatB = NatBehavior.Named(wanted.B),
            IsSameNat = wanted.IsSameNat,
            IsolatesClients = wanted.Place > MatrixPlace.SameLan,
            Latency = options.Latency,
            Jitter = options.Jitter,
            Loss = options.Loss,
            Seed = options.Seed,
        });
        _relayed = 2 * options.Latency;
        _direct = _relayed;
        if (wanted.IsSameNat)
        {
            foreach (var host in new[] { _demo.HostA, _demo.HostB })
                host.SetLink(host.Interfaces[^1].Address, new Link(MatrixOptions.LanLatency));
            _direct = 2 * MatrixOptions.LanLatency;
            _relayed += _direct;
        }

        _a = new MatrixEnd(World, _demo.HostA, "a", Transport(wanted.A, "alice"));
        _b = new MatrixEnd(World, _demo.HostB, "b", Transport(wanted.B, "bob"));
    }

    private World World => _demo.World;

    /// <summary>Runs the case from its own seed; nothing else decides what comes out.</summary>
    public static MatrixCell Of(MatrixCase wanted, MatrixOptions options) => new MatrixRun(wanted, options).Run();

    private MatrixCell Run()
    {
        var start = Signal();
        if (start is { } t0) World.RunUntil(() => _a.IsDone && _b.IsDone, t0 + Patience);
        var pair = Pair();
        var talks = pair != MatrixTable.Fail && (!_options.IsClean || Talk());
        var cell = new MatrixCell
        {
            Case = _case,
            Seed = _options.Seed,
            Pair = pair,
            Expected = MatrixTable.Expected(_case),
            RoundTrip = 2 * (MatrixTable.ClassOf(pair) == 0 ? _direct : _relayed),
        };
        if (start is { } begun && _a.UsableAt(1) is { } usable)
        {
            var waits = new CriticalPath(_a.Trace, _b.Trace, begun, _direct, _relayed);
            cell = cell with { Media = usable - begun, MediaPacing = waits.ToUsable(1, usable) };
            if (pair != MatrixTable.Fail && _a.CompletedAt is { } completed)
                cell = cell with { Completed = completed - begun, CompletedPacing = waits.ToCompleted(completed) };
        }

        return cell with { Trouble = Trouble(cell, talks) };
    }

    /// <summary>Offer and answer; null when an end found no candidate at all.</summary>
    private Instant? Signal()
    {
        _a.Gather(isOfferer: true);
        if (!World.RunUntil(() => _a.Local is not null || _a.HasFailed, World.Now + Patience) || _a.HasFailed) return null;
        World.RunUntil(World.Now + _relayed);
        _b.Gather(isOfferer: false);
        if (!World.RunUntil(() => _b.Local is not null || _b.HasFailed, World.Now + Patience) || _b.HasFailed) return null;
        _b.SetRemote(_a);
        World.RunUntil(World.Now + _relayed);
        _a.SetRemote(_b);
        return World.Now;
    }

    private string Pair()
    {
        var pair = "";
        for (var component = 1; component <= _case.Components; component++)
        {
            if (_a.Selected(component) is not { } selected || _b.Selected(component) is null) return MatrixTable.Fail;
            var own = $"{Letter(selected.Local)}{Letter(selected.Remote)}";
            if (pair.Length == 0 || IsFurther(own, pair)) pair = own;
        }

        return pair;
    }

    /// <summary>Of two components the worse one counts; of two as good, the one that is not the table's.</summary>
    private bool IsFurther(string pair, string other) =>
        MatrixTable.ClassOf(pair) is var mine && MatrixTable.ClassOf(other) is var its && (mine != its ? mine > its : other == MatrixTable.Expected(_case));

    private bool Talk()
    {
        for (var component = 1; component <= _case.Components; component++)
        {
            _a.Send(component, component == 1 ? Rtp : Rtcp);
            _b.Send(component, component == 1 ? Rtp : Rtcp);
        }

        return World.RunUntil(() => Enumerable.Range(1, _case.Components).All(c => _a.Heard(c) > 0 && _b.Heard(c) > 0), World.Now + 2 * _relayed);
    }

    private string? Trouble(MatrixCell cell, bool talks)
    {
        var isExpected = _options.IsClean ? MatrixTable.Allows(_case, _options.Nomination, cell.Pair) : MatrixTable.ClassOf(cell.Pair) == MatrixTable.ClassOf(cell.Expected);
        if (!isExpected) return $"{cell.Path} ({cell.Pair}) where {MatrixTable.PathOf(cell.Expected)} ({cell.Expected}) is due";
        if (cell.Pair == MatrixTable.Fail) return null;
        if (!talks) return "no media both ways on the path chosen";

        // Each end names a path from its own side; what must agree is the addresses.
        for (var component = 1; component <= _case.Components; component++)
        {
            var (ours, theirs) = (_a.Selected(component)!, _b.Selected(component)!);
            if (ours.Local.Address != theirs.Remote.Address || ours.Remote.Address != theirs.Local.Address) return $"the ends disagree on the path of component {component}";
        }

        return null;
    }

    private MediaTransportOptions Transport(string type, string user) => new()
    {
        StunServers = [DemoWorld.StunAddress],
        TurnServers = _case.Turn ? [new RelayServer(DemoWorld.TurnAddress, user, DemoWorld.PasswordOf(user)) { Transport = type == "udp-blocked" ? Softphone.Core.Transport.Tcp : Softphone.Core.Transport.Udp }] : [],
        SeparateRtcp = _case.Components == 2,
        // Gathering is not what is looked at: it gets the time that slow lines need, and lost packets.
        GatherBudget = TimeSpan.FromMilliseconds(_options.Loss > 0 ? 3000 : 500) + (12 * _options.Latency),
        Ice = new IceOptions { Pacing = _options.Ta, Nomination = _options.Nomination },
    };

    /// <summary>A relay whose description was never seen is learnt as peer-reflexive, and is a relay all the same.</summary>
    private static char Letter(Candidate candidate) => candidate.Type switch
    {
        _ when candidate.Address.Ip == DemoWorld.TurnAddress.Ip => 'R',
        CandidateType.Host => 'H',
        CandidateType.ServerReflexive => 'S',
        CandidateType.PeerReflexive => 'P',
        _ => 'R',
    };
}
