using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// Says which paths there are between the two hosts of a plan, from the rules of NATs alone: it knows no agent, timer, packet format or
/// world. Each side has bases (its socket, and a relay at each server that it may use); every base sends to every address that the other
/// side has told or was heard from, again and again until nothing new is learnt. A pair of bases is a path when what one sends
/// reaches the other and the answer comes back from where it was sent to.
/// </summary>
internal sealed class PathOracle
{
    private const ushort Socket = 40_000;
    private const ushort RelayPort = 50_000;
    private const int MostRounds = 8;

    private readonly Topology _topology;
    private readonly CallPlan _plan;
    private readonly Gate[] _gates;
    private readonly Party _a;
    private readonly Party _b;

    public PathOracle(CallPlan plan, Topology topology)
    {
        _plan = plan;
        _topology = topology;
        var chance = new SeededEntropy(plan.Seed ^ 0x5DEECE66D);
        _gates = [.. topology.Lans.Select(l => new Gate(new NatDevice(l.Nat.Behavior, chance.Fork(), l.Outside)))];
        _a = new Party(topology.A, plan.A);
        _b = new Party(topology.B, plan.B);
    }

    /// <summary>
    /// The fewest relays of a path, if there must be one. Where chance decides which address of a pool a mapping gets, nothing is exact and
    /// only relays at both ends are sure.
    /// </summary>
    public static int? Judge(CallPlan plan, Topology topology, CandidateKinds caller, CandidateKinds callee, out bool isExact)
    {
        isExact = topology.Lans.All(l => l.Outside.Length < 2 || l.Nat.Behavior.Pooling == AddressPooling.Paired)
            || topology.Lans.All(l => l.Nat.Behavior.Mapping == MappingRule.EndpointIndependent);
        if (isExact) return new PathOracle(plan, topology).Best(caller, callee);
        return (caller & callee).HasFlag(CandidateKinds.Relayed) ? 2 : null;
    }

    /// <summary>The best path: how many relays it takes, with what each side has told as its candidates. Null when there is none.</summary>
    /// <param name="caller">What the caller's descriptions had.</param>
    /// <param name="callee">What the callee's descriptions had.</param>
    public int? Best(CandidateKinds caller, CandidateKinds callee)
    {
        Gather(_a, caller);
        Gather(_b, callee);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = Learnt;
            Probe(_a, _b);
            Probe(_b, _a);
            if (round > 1 && before == Learnt) break;
        }

        int? best = null;
        foreach (var (ours, theirs) in _a.Valid)
        {
            if (!_b.Valid.Contains((theirs, ours))) continue;
            var legs = (ours > 0 ? 1 : 0) + (theirs > 0 ? 1 : 0);
            if (best is null || legs < best) best = legs;
        }

        return best;
    }

    /// <summary>Also counts paths that there may be, but need not: for what must not be found.</summary>
    public bool LetsLearnedIn { get; init; }

    private int Learnt => _a.Learned.Count + _b.Learned.Count + _a.Valid.Count + _b.Valid.Count;

    private void Gather(Party party, CandidateKinds told)
    {
        var side = party.Side;
        party.Bases.Add(new Address(party.Place.Address, Socket));
        if (!side.RelayOnly && told.HasFlag(CandidateKinds.Host)) party.Told.Add(party.Bases[0]);
        for (var i = 0; i < _plan.Servers.Count; i++)
        {
            if (_plan.Servers[i] != ServerState.Alive) continue;
            var relays = side.UsesTurn && (i == 0 || !_plan.OneRelayServer);
            if (!side.UsesStun && !relays) continue;
            var server = new Address(_topology.Servers[i], SimulatedNet.Port);
            if (!TrySend(party, party.Bases[0], server, out _, out var mapped, out _)) continue;
            if (mapped != party.Bases[0] && !side.RelayOnly && told.HasFlag(CandidateKinds.Reflexive)) party.Told.Add(mapped);
            if (!relays || !told.HasFlag(CandidateKinds.Relayed)) continue;
            var relay = new Address(_topology.Servers[i], (ushort)(RelayPort + (party == _a ? 0 : 100) + i));
            party.Bases.Add(relay);
            party.Told.Add(relay);
        }
    }

    private void Probe(Party from, Party to)
    {
        for (var b = from.Side.RelayOnly ? 1 : 0; b < from.Bases.Count; b++)
        {
            foreach (var target in to.Told) Probe(from, b, target, to);
            for (var i = 0; i < from.Learned.Count; i++)
                if (from.Learned[i].Base == b) Probe(from, b, from.Learned[i].Address, to);
        }
    }

    private void Probe(Party from, int ours, Address target, Party to)
    {
        if (!TrySend(from, from.Bases[ours], target, out var theirs, out var seen, out var other) || other != to || to.Side.RelayOnly && theirs == 0) return;

        // An address that was heard from, and not told, is tried from where it was heard only (RFC 8445 §7.3.1.3).
        if (!from.Told.Contains(seen) && !to.Learned.Contains((theirs, seen))) to.Learned.Add((theirs, seen));
        if (TrySend(to, to.Bases[theirs], seen, out var back, out var answered, out var who) && who == from && back == ours && answered == target)
            from.Valid.Add((ours, theirs));
    }

    /// <summary>One packet from a base: the base of whom it reaches, and the source that is seen there.</summary>
    private bool TrySend(Party from, Address source, Address destination, out int reached, out Address seen, out Party? other)
    {
        var isRelay = source != from.Bases[0];
        var at = isRelay ? -1 : from.Place.Lan;
        object? last = isRelay ? null : from;
        reached = 0;
        seen = source;
        other = null;
        if (!isRelay && destination.Ip == from.Place.Address) return false;
        for (var hops = 0; hops < 32; hops++)
        {
            var next = NextHop(at, destination.Ip);
            if (next is null || next == last) return false;
            switch (next)
            {
                case Party party:
                    other = party;
                    if (last is Party && _plan.Shared == SharedNetwork.IsolatedLan && at == _topology.CommonLan) return false;
                    return destination == party.Bases[0];
                case Server server:
                    return destination.Port == SimulatedNet.Port || TryRelay(server, destination, seen, out reached, out other);
            }

            var gate = (Gate)next;
            var index = Array.IndexOf(_gates, gate);
            if (index == at)
            {
                var verdict = gate.Nat.Outbound(seen, destination, Instant.Zero);
                if (verdict.IsDropped) return false;
                (seen, destination) = (verdict.Source, verdict.Destination);
                if (verdict.Route == NatRoute.Forward) at = _topology.Lans[index].Parent;
            }
            else
            {
                var verdict = gate.Nat.Inbound(seen, destination, Instant.Zero);
                if (verdict.IsDropped) return false;
                destination = verdict.Destination;
                at = index;
            }

            last = gate;
        }

        return false;
    }

    /// <summary>
    /// A relay lets in the addresses that its owner was told of the other side, whatever their ports (RFC 8656 §9). One that was
    /// only heard from may be let in too: a relay that comes late is tried with all that is known by then.
    /// </summary>
    private bool TryRelay(Server server, Address destination, Address source, out int reached, out Party? other)
    {
        other = destination.Port < RelayPort + 100 ? _a : _b;
        reached = other.Bases.IndexOf(destination);
        var peer = other == _a ? _b : _a;
        return server.Address == destination.Ip && reached > 0 && (peer.Told.Exists(k => k.Ip == source.Ip) || (LetsLearnedIn && other.Learned.Exists(l => l.Address.Ip == source.Ip)));
    }

    private object? NextHop(int at, IpAddress destination)
    {
        if (_a.Place.Lan == at && _a.Place.Address == destination) return _a;
        if (_b.Place.Lan == at && _b.Place.Address == destination) return _b;
        if (at < 0 && _topology.Servers.IndexOf(destination) is var server and >= 0) return _plan.Servers[server] == ServerState.Alive ? new Server(destination) : null;
        for (var i = 0; i < _gates.Length; i++)
            if (_topology.Lans[i].Parent == at && Array.IndexOf(_topology.Lans[i].Outside, destination) >= 0) return _gates[i];
        for (var i = 0; i < _gates.Length; i++)
            if (Routes(at, i) && _topology.Lans[i].Network.InSameNetwork(destination, 24)) return _gates[TopBelow(at, i)];
        return at < 0 || _topology.Lans[at].Network.InSameNetwork(destination, 24) ? null : _gates[at];
    }

    /// <summary>The prefix of a LAN is known as far out as nothing translates it.</summary>
    private bool Routes(int at, int lan)
    {
        while (lan >= 0 && lan != at)
        {
            if (_topology.Lans[lan].Nat.Behavior.Translates) return false;
            lan = _topology.Lans[lan].Parent;
            if (lan == at) return true;
        }

        return false;
    }

    private int TopBelow(int at, int lan)
    {
        while (_topology.Lans[lan].Parent != at) lan = _topology.Lans[lan].Parent;
        return lan;
    }

    private sealed record Gate(NatDevice Nat);

    private sealed record Server(IpAddress Address);

    private sealed class Party(Topology.Place place, SidePlan side)
    {
        public Topology.Place Place { get; } = place;

        public SidePlan Side { get; } = side;

        /// <summary>The socket first, then the relays.</summary>
        public List<Address> Bases { get; } = [];

        public List<Address> Told { get; } = [];

        /// <summary>Addresses of the other side that a base heard from, and was not told.</summary>
        public List<(int Base, Address Address)> Learned { get; } = [];

        public HashSet<(int Ours, int Theirs)> Valid { get; } = [];
    }
}
