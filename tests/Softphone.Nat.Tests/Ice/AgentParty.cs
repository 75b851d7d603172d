using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>One agent with its sockets and, when it has a TURN server, a relay for each component. Sends everything at once.</summary>
internal sealed class AgentParty
{
    private static readonly Address StunServer = Address.Parse("198.51.100.9:3478");

    private readonly TinyInternet _net;
    private readonly IpAddress _ip;
    private readonly IpAddress _relayIp;
    private readonly Dictionary<PathId, Address> _addressOf = [];
    private readonly HashSet<(PathId, IpAddress)> _permitted = [];
    private Instant? _wakeAt;

    public AgentParty(TinyInternet net, string name, byte number, NatKind nat, bool hasRelay, IceRole role, IceOptions options, ulong seed, Trace trace)
    {
        _net = net;
        Name = name;
        _ip = nat == NatKind.Open ? IpAddress.FromV4(0xCB007100u + number) : IpAddress.FromV4(0x0A000000u + ((uint)number << 8) + 2);
        _relayIp = IpAddress.FromV4(0xC6336400u + number);
        if (nat != NatKind.Open) net.PutBehind(_ip, new TinyNat(nat, IpAddress.FromV4(0xC0000200u + number)));
        Trace = trace;
        Agent = new IceAgent(role, options, new SeededEntropy(seed), Trace, name);
        var foundations = new Foundations();
        for (var component = 1; component <= options.Components; component++) AddCandidates(component, foundations, hasRelay);
    }

    public string Name { get; }

    public Trace Trace { get; }

    public IceAgent Agent { get; }

    public List<IceEvent> Events { get; } = [];

    /// <summary>When each component first had a path.</summary>
    public Dictionary<int, Instant> UsableAt { get; } = [];

    /// <summary>When the session completed.</summary>
    public Instant? CompletedAt { get; private set; }

    public RemoteIce Description => new()
    {
        Ufrag = Agent.Ufrag,
        Pwd = Agent.Pwd,
        Candidates = [.. Agent.LocalCandidates.Where(c => c.Type != CandidateType.PeerReflexive)],
        HasIce2 = true,
        Pacing = Pacing,
        Components = Agent.Components,
    };

    public TimeSpan? Pacing { get; set; } = TimeSpan.FromMilliseconds(20);

    public int Received { get; private set; }

    public void Do(Action<Instant> input)
    {
        input(_net.Now);
        Drain();
    }

    /// <summary>"HS" and the like: local and remote type of the selected pair of a component; "FAIL" without one.</summary>
    public string Cell(int component) => Agent.TrySelected(component, out var local, out var remote) ? $"{Letter(local.Type)}{Letter(remote.Type)}" : "FAIL";

    public void SendMedia(int component, byte[] payload)
    {
        if (Agent.TryPath(component, out var path, out var remote)) Transmit(path, remote, payload);
    }

    private static char Letter(CandidateType type) => "HSPR"[(int)type switch { 0 => 0, 1 => 1, 2 => 2, _ => 3 }];

    private void AddCandidates(int component, Foundations foundations, bool hasRelay)
    {
        var path = new PathId(component);
        var address = new Address(_ip, (ushort)(5000 + component));
        _addressOf[path] = address;
        _net.Listen(address, (from, payload) => Deliver(path, from, payload));
        var host = Candidate.Host(component, path, address, 65535, foundations.Of(CandidateType.Host, _ip, Transport.Udp));
        Agent.AddLocal(_net.Now, host);
        var mapped = _net.Mapped(address, StunServer);
        if (mapped != address)
            Agent.AddLocal(_net.Now, Candidate.Reflexive(host, mapped, StunServer, 65535, foundations.Of(CandidateType.ServerReflexive, _ip, Transport.Udp, StunServer.Ip)));
        if (!hasRelay) return;
        var relay = new PathId(-component);
        var relayed = new Address(_relayIp, (ushort)(50_000 + component));
        _addressOf[relay] = relayed;
        _net.Listen(relayed, (from, payload) =>
        {
            if (_permitted.Contains((relay, from.Ip))) _net.At(_net.Now + _net.Delay, () => Deliver(relay, from, payload));
        });
        Agent.AddLocal(_net.Now, Candidate.Relayed(component, relay, relayed, mapped, StunServer, 65535, foundations.Of(CandidateType.Relayed, _relayIp, Transport.Udp, _relayIp)));
    }

    private void Deliver(PathId path, Address from, byte[] payload)
    {
        if (payload[0] >= 128)
        {
            if (Agent.Accepts(_net.Now, path, from, out _)) Received++;
            return;
        }

        Agent.Receive(new Datagram(_net.Now, path, from, payload));
        Drain();
    }

    private void Drain()
    {
        while (Agent.TryEvent(out var happened))
        {
            Events.Add(happened);
            switch (happened)
            {
                case IceEvent.PermissionWanted wanted:
                    _net.At(_net.Now + _net.Delay, () => _permitted.Add((wanted.Relay, wanted.Peer)));
                    break;
                case IceEvent.PathUsable usable when usable.Path != PathId.None:
                    UsableAt.TryAdd(usable.Component, _net.Now);
                    break;
                case IceEvent.StateChanged { To: IceState.Completed }:
                    CompletedAt ??= _net.Now;
                    break;
            }
        }

        var buffer = new byte[1500];
        while (Agent.TryTransmit(buffer, out var transmit)) Transmit(transmit.Path, transmit.Remote, buffer[..transmit.Length]);
        if (Agent.NextTimeout is not { } next || _wakeAt <= next) return;
        _wakeAt = next;
        _net.At(next < _net.Now ? _net.Now : next, () =>
        {
            if (_wakeAt != next) return;
            _wakeAt = null;
            Agent.Advance(_net.Now);
            Drain();
        });
    }

    private void Transmit(PathId path, Address remote, byte[] payload)
    {
        var from = _addressOf[path];
        if (!path.IsRelay)
        {
            _net.Send(from, remote, payload);
            return;
        }

        _net.At(_net.Now + _net.Delay, () =>
        {
            if (_permitted.Contains((path, remote.Ip))) _net.Send(from, remote, payload);
        });
    }
}
