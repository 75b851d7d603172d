using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// The servers of a virtual internet: a SIP server on 203.0.113.5 and 2001:db8::5, and a STUN/TURN server on 203.0.113.10 and .11 and on
/// 2001:db8::10, with their names in DNS. They can lose their power and come back.
/// </summary>
public sealed class LabServers
{
    /// <summary>The SIP domain, and the realm of SIP and TURN.</summary>
    public const string Domain = "lab.test";

    /// <summary>The name of the STUN and TURN server.</summary>
    public const string TurnName = $"turn.{Domain}";

    private const string SipName = $"sip.{Domain}";

    private static readonly IpAddress Alternate = IpAddress.Parse("203.0.113.11");

    private static readonly IpAddress SipV6 = IpAddress.Parse("2001:db8::5");
    private static readonly IpAddress StunV6 = IpAddress.Parse("2001:db8::10");

    private readonly World _world;
    private readonly Trace? _trace;
    private readonly bool _routesByName;
    private readonly IpFamilies _sipFamilies;
    private readonly IpFamilies _turnFamilies;
    private readonly string _turnSecret;
    private readonly IReadOnlyList<DigestAlgorithm>? _digests;
    private readonly Dictionary<string, string> _passwords;

    /// <param name="world">Where they run.</param>
    /// <param name="users">Who has an account on both.</param>
    /// <param name="trace">Where they record what they do; nowhere when null.</param>
    /// <param name="sipLine">The line of the SIP server; perfect when null.</param>
    /// <param name="turnLine">The line of the other; perfect when null.</param>
    /// <param name="sipFamilies">The addresses that the SIP server has.</param>
    /// <param name="turnFamilies">The addresses that the other has.</param>
    /// <param name="routesByName">The SIP server writes its name into routes, which a phone behind a NAT64 can resolve, and not its address.</param>
    /// <param name="turnSecret">The shared secret of the TURN server; empty for none.</param>
    /// <param name="digests">How the SIP server asks for passwords; SHA-256 and MD5 when null.</param>
    public LabServers(
        World world,
        IEnumerable<string> users,
        Trace? trace = null,
        Link? sipLine = null,
        Link? turnLine = null,
        IpFamilies sipFamilies = IpFamilies.Both,
        IpFamilies turnFamilies = IpFamilies.Both,
        bool routesByName = false,
        string turnSecret = "",
        IReadOnlyList<DigestAlgorithm>? digests = null)
    {
        _digests = digests;
        _routesByName = routesByName;
        _sipFamilies = sipFamilies;
        _turnFamilies = turnFamilies;
        _turnSecret = turnSecret;
        _world = world;
        _trace = trace;
        _passwords = users.ToDictionary(user => user, PasswordOf);
        SipHost = AddHost("sip", Domain, AddressesOf(sipFamilies, SipAddress.Ip, SipV6), sipLine);
        StartSip();
        TurnHost = AddHost("turn", TurnName, AddressesOf(turnFamilies, StunAddress.Ip, StunV6), turnLine);
        if (turnFamilies.HasFlag(IpFamilies.V4)) TurnHost.Attach(world.Public, Alternate, turnLine);
        StartTurn();
        AddNames();
    }

    public static Address SipAddress { get; } = Address.Parse("203.0.113.5:5060");

    public static Address StunAddress { get; } = Address.Parse("203.0.113.10:3478");

    /// <summary>UDP and TCP.</summary>
    public static Address TurnAddress => StunAddress;

    /// <summary>TLS; its certificate names <see cref="TurnName"/>.</summary>
    public static Address TurnTlsAddress { get; } = StunAddress with { Port = 5349 };

    public VirtualHost SipHost { get; }

    public VirtualHost TurnHost { get; }

    /// <summary>The SIP server that runs now.</summary>
    public SipServer Sip { get; private set; }

    /// <summary>The STUN and TURN servers that run now.</summary>
    public StunTurnServer StunAndTurn { get; private set; }

    /// <summary>The password of a user, SIP and TURN alike.</summary>
    public static string PasswordOf(string user) => $"{user}-secret";

    /// <summary>
    /// The SIP server loses its power and comes back at once, or after <paramref name="outage"/>: no transaction and no connection is left, and no
    /// binding either, unless it <paramref name="remembers"/> those of UDP.
    /// </summary>
    public void RestartSip(TimeSpan outage = default, bool remembers = false)
    {
        var before = remembers ? Sip : null;
        Restart(SipHost, () => StartSip(before), outage);
    }

    /// <summary>The same for the STUN and TURN server: no allocation and no nonce is left.</summary>
    public void RestartTurn(TimeSpan outage = default) => Restart(TurnHost, StartTurn, outage);

    private static IpAddress[] AddressesOf(IpFamilies families, IpAddress v4, IpAddress v6) =>
        families switch { IpFamilies.V4 => [v4], IpFamilies.V6 => [v6], _ => [v4, v6] };

    private VirtualHost AddHost(string name, string domain, IpAddress[] addresses, Link? line)
    {
        var host = _world.AddHost(name, _world.Public, addresses[0], line);
        foreach (var other in addresses[1..]) host.Attach(_world.Public, other, line);
        host.CertificateNames = [domain, .. addresses.Select(a => a.ToString())];
        return host;
    }

    private void Restart(VirtualHost host, Action start, TimeSpan outage)
    {
        host.Crash();
        if (outage <= TimeSpan.Zero) start();
        else _world.At(_world.Now + outage, start);
    }

    [MemberNotNull(nameof(Sip))]
    private void StartSip(SipServer? remembered = null)
    {
        var addresses = AddressesOf(_sipFamilies, SipAddress.Ip, SipV6);
        var options = new SipServerOptions(SipAddress with { Ip = addresses[0] }, Domain)
        {
            OtherFamily = addresses.ElementAtOrDefault(1),
            Users = _passwords,
            TlsPort = 5061,
            Aliases = [SipName],
            RouteName = _routesByName ? SipName : null,
        };
        if (_digests is not null) options = options with { Digests = _digests };
        Sip = new SipServer(options, SipHost, _world.NewEntropy(), _trace);
        var isStarted = Sip.TryStart(out var error);
        if (remembered is not null) Sip.Remember(remembered);
        Start(SipHost, Sip, isStarted, error);
    }

    [MemberNotNull(nameof(StunAndTurn))]
    private void StartTurn()
    {
        var addresses = AddressesOf(_turnFamilies, StunAddress.Ip, StunV6);
        var (first, other) = (addresses[0], addresses.ElementAtOrDefault(1));
        StunAndTurn = new StunTurnServer(
            new StunServerOptions(first) { OtherFamily = other, Alternate = first.IsV4 ? Alternate : default, Port = StunAddress.Port },
            new TurnServerOptions(TurnAddress with { Ip = first }, Domain) { OtherFamily = other, Users = _passwords, TlsPort = TurnTlsAddress.Port, AllowsMobility = true, SharedSecret = _turnSecret, EndsWithCredential = true },
            TurnHost,
            _world.NewEntropy(),
            _trace);
        Start(TurnHost, StunAndTurn, StunAndTurn.TryStart(out var error), error);
    }

    private static void Start(VirtualHost host, IMachine machine, bool started, PathError error)
    {
        if (!started) throw new InvalidOperationException($"{host} did not start: {error}");
        host.Run(machine);
    }

    private void AddNames() => _world.Names
        .Add(Domain, AddressesOf(_sipFamilies, SipAddress.Ip, SipV6))
        .Add(SipName, AddressesOf(_sipFamilies, SipAddress.Ip, SipV6))
        .Add(TurnName, AddressesOf(_turnFamilies, StunAddress.Ip, StunV6))
        .AddNaptr(Domain, new NaptrRecord(10, 10, "s", "SIP+D2U", $"_sip._udp.{Domain}"), new NaptrRecord(20, 10, "s", "SIP+D2T", $"_sip._tcp.{Domain}"))
        .AddSrv($"_sip._udp.{Domain}", new SrvRecord(1, 1, SipAddress.Port, SipName))
        .AddSrv($"_sip._tcp.{Domain}", new SrvRecord(1, 1, SipAddress.Port, SipName))
        .AddSrv($"_stun._udp.{Domain}", new SrvRecord(1, 1, StunAddress.Port, TurnName))
        .AddSrv($"_turn._udp.{Domain}", new SrvRecord(1, 1, TurnAddress.Port, TurnName))
        .AddSrv($"_turn._tcp.{Domain}", new SrvRecord(1, 1, TurnAddress.Port, TurnName))
        .AddSrv($"_turns._tcp.{Domain}", new SrvRecord(1, 1, TurnTlsAddress.Port, TurnName));
}
