using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// One transport address that media of one component may be sent to (RFC 8445 §5.1), ours or the peer's. Ours also names the path
/// its bytes leave by: the socket of a host or reflexive candidate, the allocation of a relayed one.
/// </summary>
public sealed record Candidate
{
    public required CandidateType Type { get; init; }

    /// <summary>1 for RTP, 2 for RTCP.</summary>
    public required int Component { get; init; }

    public required Address Address { get; init; }

    /// <summary>Our socket or relay; <see cref="PathId.None"/> for a candidate of the peer.</summary>
    public PathId Path { get; init; }

    /// <summary>Where packets of a local candidate leave from: its own address for host and relayed ones (RFC 8445 §5.1.1).</summary>
    public Address Base { get; init; }

    /// <summary>RFC 8445 §5.1.2.1; from 1 to 2^31 - 1.</summary>
    public uint Priority { get; init; }

    /// <summary>1 to 32 ice-chars (RFC 8445 §5.1.1.3).</summary>
    public string Foundation { get; init; } = "";

    /// <summary>raddr and rport for diagnostics; not valid when there are none.</summary>
    public Address RelatedAddress { get; init; }

    public Transport Transport { get; init; } = Transport.Udp;

    /// <summary>Of a TCP candidate: who connects.</summary>
    public TcpType TcpType { get; init; }

    /// <summary>The STUN or TURN server it came from; not valid when none.</summary>
    public Address Server { get; init; }

    /// <summary>Of a relayed candidate: how its server is reached. What it relays is UDP (RFC 8656 §3.1).</summary>
    public Transport RelayedBy { get; init; } = Transport.Udp;

    /// <summary>Peer-reflexive, at a host that has relays and nothing else that anybody named: most likely a relay of the peer's that came after its description.</summary>
    public bool IsRelayUntold { get; init; }

    /// <summary>Peer-reflexive, at a host that no candidate of the peer's description names: somebody's NAT, or a relay that the description left out.</summary>
    public bool IsAtUnknownHost { get; init; }

    /// <summary>What is sent to it, or from it, goes through a relay.</summary>
    public bool IsThroughRelay => Type == CandidateType.Relayed || IsRelayUntold;

    /// <summary>A candidate of one of our sockets.</summary>
    public static Candidate Host(int component, PathId path, Address address, ushort localPreference, string foundation) => new()
    {
        Type = CandidateType.Host,
        Component = component,
        Path = path,
        Address = address,
        Base = address,
        Priority = CandidatePriority.Of(CandidateType.Host, localPreference, component),
        Foundation = foundation,
    };

    /// <summary>A TCP candidate of one of our addresses, port 9 for an active one (RFC 6544 §5.1); the best interface has rank 0.</summary>
    public static Candidate HostStream(int component, PathId path, Address address, TcpType type, int rank, string foundation) => new()
    {
        Type = CandidateType.Host,
        Component = component,
        Path = path,
        Address = address,
        Base = address,
        Transport = Transport.Tcp,
        TcpType = type,
        Priority = CandidatePriority.Of(CandidateType.Host, CandidatePriority.StreamPreference(type, rank), component, Transport.Tcp),
        Foundation = foundation,
    };

    /// <summary>What a server saw of one of our sockets.</summary>
    public static Candidate Reflexive(Candidate host, Address mapped, Address server, ushort localPreference, string foundation) => new()
    {
        Type = CandidateType.ServerReflexive,
        Component = host.Component,
        Path = host.Path,
        Address = mapped,
        Base = host.Address,
        Priority = CandidatePriority.Of(CandidateType.ServerReflexive, localPreference, host.Component),
        Foundation = foundation,
        RelatedAddress = host.Address,
        Server = server,
    };

    /// <summary>An allocation on a TURN server; <paramref name="mapped"/> is what that server saw of us (RFC 8839 §5.1).</summary>
    public static Candidate Relayed(
        int component, PathId relay, Address relayed, Address mapped, Address server, ushort localPreference, string foundation) => new()
        {
            Type = CandidateType.Relayed,
            Component = component,
            Path = relay,
            Address = relayed,
            Base = relayed,
            Priority = CandidatePriority.Of(CandidateType.Relayed, CandidatePriority.RelayPreference(localPreference), component),
            Foundation = foundation,
            RelatedAddress = mapped,
            Server = server,
        };

    /// <summary>A candidate of the peer, as its description gives it.</summary>
    public static Candidate Remote(CandidateType type, int component, Address address, uint priority, string foundation) => new()
    {
        Type = type,
        Component = component,
        Address = address,
        Priority = priority,
        Foundation = foundation,
    };

    /// <summary>"host 192.0.2.1:5000", "host 192.0.2.1:9 tcp active".</summary>
    public string Describe() => Transport == Transport.Udp ? $"{Name(Type)} {Address}" : $"{Name(Type)} {Address} tcp {Name(TcpType)}";

    /// <summary>"host", "srflx", "prflx" or "relay", as RFC 8839 §5.1 writes them.</summary>
    public static string Name(CandidateType type) => type switch
    {
        CandidateType.Host => "host",
        CandidateType.ServerReflexive => "srflx",
        CandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    /// <summary>"active", "passive" or "so", as RFC 6544 §4.5 writes them; empty with UDP.</summary>
    public static string Name(TcpType type) => type switch
    {
        TcpType.Active => "active",
        TcpType.Passive => "passive",
        TcpType.SimultaneousOpen => "so",
        _ => "",
    };
}
