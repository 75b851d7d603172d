using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What one media stream of a call needs to know about the network around it.</summary>
public sealed record MediaTransportOptions
{
    public IceMode Mode { get; init; } = IceMode.Auto;

    public IReadOnlyList<Address> StunServers { get; init; } = [];

    public IReadOnlyList<RelayServer> TurnServers { get; init; } = [];

    /// <summary>Interfaces that are never used, as globs.</summary>
    public IReadOnlyList<string> SkipInterfaces { get; init; } = ["docker*", "veth*", "virbr*", "br-*"];

    /// <summary>The local address that signalling uses, if known: its interface comes first. Not valid: as the system lists them.</summary>
    public IpAddress PreferredAddress { get; init; }

    /// <summary>The same, asked anew at each gathering, since it changes when the phone moves; null takes <see cref="PreferredAddress"/>.</summary>
    public Func<IpAddress>? PreferredNow { get; init; }

    /// <summary>Loopback addresses are candidates too: for calls within one machine.</summary>
    public bool UseLoopback { get; init; }

    /// <summary>The description is ready after this long, whatever servers have answered by then.</summary>
    public TimeSpan GatherBudget { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long other servers are waited for once each family has its first answer.</summary>
    public TimeSpan GatherGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How much longer than the budget a server that has answered something is waited for: one retransmission and its answer.</summary>
    public TimeSpan GatherExtension { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// Relays are taken along to another interface where the TURN server allows it (RFC 8016): media over a relay goes on without a
    /// restart. Off unless the server is known to allow it, for one that does not costs a round trip.
    /// </summary>
    public bool Mobility { get; init; }

    /// <summary>What is known of the TURN servers; one for the whole process.</summary>
    public TurnMemory Memory { get; init; } = new();

    /// <summary>True opens a second socket for RTCP; false when every peer is known to take rtcp-mux.</summary>
    public bool SeparateRtcp { get; init; } = true;

    /// <summary>
    /// TCP candidates too (RFC 6544), for networks that let no UDP out, where one of the two sides can be connected to. Off: media over TCP
    /// stalls with each packet lost, and each interface listens.
    /// </summary>
    public bool Tcp { get; init; }

    /// <summary>Behaviour of the agent; its component count follows <see cref="SeparateRtcp"/>.</summary>
    public IceOptions Ice { get; init; } = new();

    /// <summary>
    /// How many checks an answerer sends to public addresses, and to private ones, of a peer that has proved nothing, before <see cref="MediaTransport.Trust"/>: an INVITE with
    /// forged candidates must not make a ringing phone shoot at a stranger. 0 sets no bound.
    /// </summary>
    public int SendsBeforeTrust { get; init; }

    /// <summary>
    /// The /96 prefix through which a host without IPv4 reaches the peer's IPv4 candidates: that of this network's NAT64 where it is known
    /// (RFC 7050), else the well-known one (RFC 6052 §2.1). Not valid: such candidates are left to relays.
    /// </summary>
    public IpAddress Nat64Prefix { get; init; } = IpAddress.Parse("64:ff9b::");

    /// <summary>
    /// Without ICE: a host gets few packets until the call was acknowledged and it was heard, or signalling comes from it
    /// (<see cref="Restraint"/>).
    /// </summary>
    public bool HoldsBack { get; init; }

    /// <summary>What all calls together sent to such hosts; one for the whole phone.</summary>
    public UnaskedHosts Unasked { get; init; } = new();

    /// <summary>Without ICE: how long the peer's own source must have been silent before a stranger's may take over the stream.</summary>
    public TimeSpan LatchWindow { get; init; } = TimeSpan.FromSeconds(5);
}
