using Softphone.Core;

namespace Softphone.Sip;

/// <summary>How a <see cref="SipAgent"/> presents itself, its timers (RFC 3261 §17, table 4) and its bounds.</summary>
public sealed record SipAgentOptions
{
    /// <summary>User-Agent and Server header; empty leaves both out.</summary>
    public string UserAgent { get; init; } = "Softphone";

    /// <summary>The name in trace entries.</summary>
    public string Source { get; init; } = "sip";

    /// <summary>Option tags for Supported in INVITE, its answers and the answer to OPTIONS, and those that a Require may name.</summary>
    public IReadOnlyList<string> Supported { get; init; } = [];

    /// <summary>Info Packages that are taken, as they stand in Recv-Info (RFC 6086 §5.2.3); with none the header is left out.</summary>
    public IReadOnlyList<string> InfoPackages { get; init; } = [];

    /// <summary>T1, the round-trip estimate.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>T2, the longest interval between retransmissions of a non-INVITE request or an INVITE response.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>T4, how long a message may stay in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between keepalives on a UDP flow of a registration, which are 80 to 100 % of it (RFC 5626 §4.4); zero sends none.</summary>
    public TimeSpan UdpKeepalive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The same on a stream.</summary>
    public TimeSpan StreamKeepalive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>STUN for keepalives on UDP, where the server answers it on its SIP port; null asks by OPTIONS alone.</summary>
    public IBindingCodec? Stun { get; init; }

    /// <summary>How long calls of ours are to last without a refresh (RFC 4028 §7.1), 90 s at least; null asks for none. Timers that others ask for are kept in any case.</summary>
    public TimeSpan? SessionExpires { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long <see cref="SipAgent.Shutdown"/> waits for answers.</summary>
    public TimeSpan ShutdownLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Ask DNS for SRV records where RFC 3263 §4.2 says so; without, a name without port is an address with the default port.</summary>
    public bool UseSrv { get; init; } = true;

    /// <summary>
    /// Unsolicited requests outside a dialog that one address may send in ten seconds before it is ignored, one of 1500 octets or each so many
    /// of a longer one; 0 sets no limit.
    /// </summary>
    public int UnsolicitedPerTenSeconds { get; init; } = 40;

    /// <summary>The same of all addresses together in one second; who asked little lately goes first.</summary>
    public int UnsolicitedPerSecond { get; init; } = 400;

    /// <summary>The local address that the system sends from to a remote (INetwork.TryRoute); null: a path of the same family.</summary>
    public Func<IpAddress, IpAddress?>? Route { get; init; }

    /// <summary>
    /// Where a stack that does not listen opens its next connection to a remote from (INetwork.ConnectsFrom); null, or 0 for one: not known.
    /// </summary>
    public Func<PathId, Address, ushort>? ConnectsFrom { get; init; }

    /// <summary>Whether what was sent on a connection is known not to arrive (INetwork.IsStuck); null: that is not known of any.</summary>
    public Func<PathId, Address, bool>? IsStuck { get; init; }

    /// <summary>Sessions at once; another call is answered 486, unless it takes the place of one (RFC 3891).</summary>
    public int MaxSessions { get; init; } = 1000;

    /// <summary>Server transactions at once; further requests are dropped.</summary>
    public int MaxServerTransactions { get; init; } = 20_000;

    /// <summary>Where the octets of what others sent are counted, and bounded; null: that of the trace.</summary>
    public OctetLedger? Ledger { get; init; }

    /// <summary>Stream connections that others opened, at once, and as many that we did; the one that is missed least is closed for another.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Those that one address opened.</summary>
    public int MaxConnectionsOfAddress { get; init; } = 64;

    /// <summary>How long the head of a message on a stream may take from its first octet to its last.</summary>
    public TimeSpan HeadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long its body may take after that.</summary>
    public TimeSpan BodyLimit { get; init; } = TimeSpan.FromSeconds(20);
}
