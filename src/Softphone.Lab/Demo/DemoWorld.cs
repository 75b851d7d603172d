using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// The standard small internet: a SIP server on 203.0.113.5, a STUN/TURN server on 203.0.113.10 and .11, and two hosts behind a NAT
/// each: 10.0.1.2 behind 203.0.113.101, and 192.168.2.2 behind 203.0.113.102. A side whose type translates nothing has public
/// addresses of 198.51.100.0/24 instead. The servers run; the hosts wait for their machines.
/// </summary>
public sealed class DemoWorld
{
    /// <summary>The SIP domain, and the realm of SIP and TURN.</summary>
    public const string Domain = "lab.test";

    /// <summary>The name of the STUN and TURN server.</summary>
    public const string TurnName = $"turn.{Domain}";

    private static readonly IpAddress Alternate = IpAddress.Parse("203.0.113.11");
    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];
    private static readonly Dictionary<string, string> Passwords = Names.ToDictionary(user => user, PasswordOf);

    public DemoWorld(DemoOptions options)
    {
        Options = options;
        World = new World(options.Seed, options.Trace);
        SipHost = World.AddHost("sip", World.Public, SipAddress.Ip);
        StartSip();
        TurnHost = World.AddHost("turn", World.Public, StunAddress.Ip);
        TurnHost.Attach(World.Public, Alternate);
        TurnHost.CertificateNames = [TurnName, StunAddress.Ip.ToString()];
        StartTurn();

        var lanA = AddLan("natA", options.NatA, "10.0.1.0", 24, "198.51.100.0", "203.0.113.101");
        lanA.IsIsolated = options.IsolatesClients;
        GatewayA = lanA.Gateway!;
        HostA = AddHost("hostA", lanA, options.NatA, "10.0.1.2", "198.51.100.2");
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
        }

        AddNames();
    }

    public static Address SipAddress { get; } = Address.Parse("203.0.113.5:5060");

    public static Address StunAddress { get; } = Address.Parse("203.0.113.10:3478");

    /// <summary>UDP and TCP.</summary>
    public static Address TurnAddress => StunAddress;

    /// <summary>TLS; its certificate names <see cref="TurnName"/>.</summary>
    public static Address TurnTlsAddress { get; } = StunAddress with { Port = 5349 };

    public DemoOptions Options { get; }

    public World World { get; }

    public VirtualHost HostA { get; }

    public VirtualHost HostB { get; }

    public Gateway GatewayA { get; }

    public Gateway GatewayB { get; }

    public VirtualHost SipHost { get; }

    public VirtualHost TurnHost { get; }

    /// <summary>The SIP server that runs now.</summary>
    public SipServer Sip { get; private set; }

    /// <summary>The STUN and TURN servers that run now.</summary>
    public StunTurnServer Servers { get; private set; }

    public StunServer Stun => Servers.Stun;

    public TurnServer Turn => Servers.Turn;

    /// <summary>The users of the SIP and the TURN server.</summary>
    public static IReadOnlyList<string> Users => Names;

    /// <summary>The password of a user, SIP and TURN alike.</summary>
    public static string PasswordOf(string user) => $"{user}-secret";

    /// <summary>The SIP server loses its power and comes back at once, or after <paramref name="outage"/>: no binding, no transaction, no connection is left.</summary>
    public void RestartSip(TimeSpan outage = default) => Restart(SipHost, StartSip, outage);

    /// <summary>The same for the STUN and TURN server: no allocation and no nonce is left.</summary>
    public void RestartTurn(TimeSpan outage = default) => Restart(TurnHost, StartTurn, outage);

    private void Restart(VirtualHost host, Action start, TimeSpan outage)
    {
        host.Crash();
        if (outage <= TimeSpan.Zero) start();
        else World.At(World.Now + outage, start);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Sip))]
    private void StartSip()
    {
        Sip = new SipServer(new SipServerOptions(SipAddress, Domain) { Users = Passwords }, SipHost, World.NewEntropy(), Options.Trace);
        Start(SipHost, Sip, Sip.TryStart(out var error), error);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Servers))]
    private void StartTurn()
    {
        Servers = new StunTurnServer(
            new StunServerOptions(StunAddress.Ip) { Alternate = Alternate, Port = StunAddress.Port },
            new TurnServerOptions(TurnAddress, Domain) { Users = Passwords, TlsPort = TurnTlsAddress.Port },
            TurnHost,
            World.NewEntropy(),
            Options.Trace);
        Start(TurnHost, Servers, Servers.TryStart(out var error), error);
    }

    private static void Start(VirtualHost host, IMachine machine, bool started, PathError error)
    {
        if (!started) throw new InvalidOperationException($"{host} did not start: {error}");
        host.Run(machine);
    }

    private Segment AddLan(string name, NatBehavior behavior, string inner, int length, string routed, string outside) =>
        behavior.Translates
            ? World.AddLan(name, IpAddress.Parse(inner), length, behavior, World.Public, Options.Line, IpAddress.Parse(outside))
            : World.AddLan(name, IpAddress.Parse(routed), 26, behavior, World.Public, Options.Line);

    private VirtualHost AddHost(string name, Segment lan, NatBehavior behavior, string inner, string routed) =>
        World.AddHost(name, lan, IpAddress.Parse(behavior.Translates ? inner : routed));

    private void AddNames()
    {
        World.Names
            .Add(Domain, SipAddress.Ip)
            .Add($"sip.{Domain}", SipAddress.Ip)
            .Add(TurnName, StunAddress.Ip)
            .AddNaptr(Domain, new NaptrRecord(10, 10, "s", "SIP+D2U", $"_sip._udp.{Domain}"), new NaptrRecord(20, 10, "s", "SIP+D2T", $"_sip._tcp.{Domain}"))
            .AddSrv($"_sip._udp.{Domain}", new SrvRecord(1, 1, SipAddress.Port, $"sip.{Domain}"))
            .AddSrv($"_sip._tcp.{Domain}", new SrvRecord(1, 1, SipAddress.Port, $"sip.{Domain}"))
            .AddSrv($"_stun._udp.{Domain}", new SrvRecord(1, 1, StunAddress.Port, TurnName))
            .AddSrv($"_turn._udp.{Domain}", new SrvRecord(1, 1, TurnAddress.Port, TurnName))
            .AddSrv($"_turn._tcp.{Domain}", new SrvRecord(1, 1, TurnAddress.Port, TurnName))
            .AddSrv($"_turns._tcp.{Domain}", new SrvRecord(1, 1, TurnTlsAddress.Port, TurnName));
    }
}
