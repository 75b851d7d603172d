using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// The standard small internet: a SIP server on 203.0.113.5, a STUN/TURN server on 203.0.113.10 and .11, and two hosts behind a NAT
/// each: 10.0.1.2 behind 203.0.113.101, and 192.168.2.2 behind 203.0.113.102. A side whose type translates nothing has public
/// addresses of 198.51.100.0/24 instead. The servers run; the hosts wait for their machines.
/// </summary>
public sealed class DemoWorld
{
    /// <summary>The SIP domain, and the realm of SIP and TURN.</summary>
    public const string Domain = LabServers.Domain;

    /// <summary>The name of the STUN and TURN server.</summary>
    public const string TurnName = LabServers.TurnName;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    private readonly LabServers _servers;

    public DemoWorld(DemoOptions options)
    {
        Options = options;
        World = new World(options.Seed, options.Trace, options.Memory ?? new WorldMemory());
        _servers = new LabServers(World, Names, options.Trace, turnSecret: options.TurnSecret, digests: options.Digests);

        var lanA = AddLan("natA", options.NatA, "10.0.1.0", 24, "198.51.100.0", "203.0.113.101");
        lanA.IsIsolated = options.IsolatesClients;
        GatewayA = lanA.Gateway!;
        HostA = AddHost("hostA", lanA, options.NatA, "10.0.1.2", "198.51.100.2");
        if (options.HasV6) AddV6(lanA, HostA, "natA6", 1);
        if (options.IsSameNat)
        {
            GatewayB = GatewayA;
            HostB = AddHost("hostB", lanA, options.NatA, "10.0.1.3", "198.51.100.3");
        }
        else
        {
            var lanB = AddLan("natB", options.NatB, "192.168.2.0", 24, "198.51.100.64", "203.0.113.102");
            GatewayB = lanB.Gateway!;
            HostB = AddHost("hostB", lanB, options.NatB, "192.168.2.2", "198.51.100.66");
            if (options.HasV6) AddV6(lanB, HostB, "natB6", 2);
        }
    }

    public static Address SipAddress => LabServers.SipAddress;

    public static Address StunAddress => LabServers.StunAddress;

    /// <summary>UDP and TCP.</summary>
    public static Address TurnAddress => LabServers.TurnAddress;

    /// <summary>TLS; its certificate names <see cref="TurnName"/>.</summary>
    public static Address TurnTlsAddress => LabServers.TurnTlsAddress;

    public DemoOptions Options { get; }

    public World World { get; }

    public VirtualHost HostA { get; }

    public VirtualHost HostB { get; }

    public Gateway GatewayA { get; }

    public Gateway GatewayB { get; }

    public VirtualHost SipHost => _servers.SipHost;

    public VirtualHost TurnHost => _servers.TurnHost;

    /// <summary>The SIP server that runs now.</summary>
    public SipServer Sip => _servers.Sip;

    /// <summary>The STUN and TURN servers that run now.</summary>
    public StunTurnServer Servers => _servers.StunAndTurn;

    public StunServer Stun => Servers.Stun;

    public TurnServer Turn => Servers.Turn;

    /// <summary>The users of the SIP and the TURN server.</summary>
    public static IReadOnlyList<string> Users => Names;

    /// <summary>The password of a user, SIP and TURN alike.</summary>
    public static string PasswordOf(string user) => LabServers.PasswordOf(user);

    /// <summary>How long a user registers for at a time.</summary>
    internal static TimeSpan Expires { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The account of a user, registered for five minutes at a time.</summary>
    public static SipAccount AccountOf(string user, CallsFrom? callsFrom = null, bool probes = false) => new()
    {
        ProbesTransport = probes,
        Aor = SipUri.Parse($"sip:{user}@{Domain}"),
        Password = PasswordOf(user),
        Registrar = SipUri.Parse($"sip:{Domain}"),
        Expires = Expires,
        CallsFrom = callsFrom,
    };

    /// <summary>
    /// The SIP server loses its power and comes back at once, or after <paramref name="outage"/>: no transaction and no connection is left, and no
    /// binding either, unless it <paramref name="remembers"/> those of UDP.
    /// </summary>
    public void RestartSip(TimeSpan outage = default, bool remembers = false) => _servers.RestartSip(outage, remembers);

    /// <summary>The same for the STUN and TURN server: no allocation and no nonce is left.</summary>
    public void RestartTurn(TimeSpan outage = default) => _servers.RestartTurn(outage);

    /// <summary>The second family of a LAN and its host.</summary>
    private void AddV6(Segment lan, VirtualHost host, string name, uint number)
    {
        var network = IpAddress.Parse($"2001:db8:{number:x}::");
        World.AddGateway(lan, name, network, 64, NatBehavior.Firewall with { BlocksUdp = lan.Gateway!.Nat.Behavior.BlocksUdp }, World.Public, Options.Line);
        host.Attach(lan, IpAddress.Parse($"2001:db8:{number:x}::2"), name: host.Interfaces[^1].Name);
    }

    private Segment AddLan(string name, NatBehavior behavior, string inner, int length, string routed, string outside) =>
        behavior.Translates
            ? World.AddLan(name, IpAddress.Parse(inner), length, behavior, World.Public, Options.Line, IpAddress.Parse(outside))
            : World.AddLan(name, IpAddress.Parse(routed), 26, behavior, World.Public, Options.Line);

    private VirtualHost AddHost(string name, Segment lan, NatBehavior behavior, string inner, string routed) =>
        World.AddHost(name, lan, IpAddress.Parse(behavior.Translates ? inner : routed));
}
