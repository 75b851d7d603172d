using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>What the flags of lab serve mean to each of its servers, and to a phone that is to use them.</summary>
internal sealed class ServeSetup
{
    private readonly ServeOptions _options;
    private readonly IReadOnlyList<string> _users;

    public ServeSetup(ServeOptions options, IReadOnlyDictionary<string, string> users)
    {
        _options = options;
        _users = [.. users.Keys.Order(StringComparer.Ordinal)];
        var listen = options.Listen;
        Domain = options.Domain ?? listen.ToString();
        var alternate = options.Alternate ?? (listen == IpAddress.LoopbackV4 && OperatingSystem.IsLinux() ? IpAddress.FromV4(listen.V4 + 1) : default);
        // A client may reach by the servers what it can reach anyway, and no more: neighbours on a LAN, this machine on loopback.
        var peers = new PeerPolicy { AllowsPrivate = listen.IsPrivate, AllowsLoopback = listen.IsLoopback, Allowed = options.AllowPeers, Denied = options.DenyPeers };
        IReadOnlyList<IpAddress> own = alternate.IsValid ? [alternate] : [];
        Sip = new SipServerOptions(new Address(listen, options.SipPort), Domain) { Users = users, TlsPort = options.SipsPort, Peers = peers, OwnAddresses = own };
        Stun = new StunServerOptions(listen) { Alternate = alternate, Port = options.StunPort, AlternatePort = options.AlternatePort };
        Turn = new TurnServerOptions(new Address(listen, options.StunPort), Domain)
        {
            Users = users,
            TlsPort = options.TurnsPort,
            FirstRelayPort = options.RelayPorts.First,
            LastRelayPort = options.RelayPorts.Last,
            AcceptsOldChannels = true,
            UserQuota = options.Quota,
            Capacity = options.Capacity,
            Peers = peers,
            OwnAddresses = own,
        };
    }

    public string Domain { get; }

    public SipServerOptions Sip { get; }

    public StunServerOptions Stun { get; }

    public TurnServerOptions Turn { get; }

    public bool UsesTls => Sip.TlsPort != 0 || Turn.TlsPort != 0;

    public OutputEvent.ServeReady Ready(DateTimeOffset at, string? fingerprint)
    {
        var services = new List<OutputEvent.Service>
        {
            new("SIP", "udp", Sip.Address.ToString()),
            new("SIP", "tcp", Sip.Address.ToString()),
        };
        if (Sip.TlsPort != 0) services.Add(new("SIP", "tls", (Sip.Address with { Port = Sip.TlsPort }).ToString()));
        services.Add(new("STUN", "udp", Turn.Address.ToString()));
        if (Stun.Alternate.IsValid)
        {
            services.Add(new("STUN", "udp", new Address(Stun.Primary, Stun.AlternatePort).ToString()));
            services.Add(new("STUN", "udp", new Address(Stun.Alternate, Stun.Port).ToString()));
            services.Add(new("STUN", "udp", new Address(Stun.Alternate, Stun.AlternatePort).ToString()));
        }

        services.Add(new("TURN", "udp", Turn.Address.ToString()));
        services.Add(new("TURN", "tcp", Turn.Address.ToString()));
        if (Turn.TlsPort != 0) services.Add(new("TURN", "tls", (Turn.Address with { Port = Turn.TlsPort }).ToString()));
        return new OutputEvent.ServeReady
        {
            T = at,
            Domain = Domain,
            Services = services,
            Users = _users,
            RelayPorts = $"{Turn.FirstRelayPort}-{Turn.LastRelayPort}",
            Fingerprint = fingerprint,
            Profile = Profile(fingerprint),
        };
    }

    /// <summary>A whole profile for the first user; the password stays where it is. What it needs over TLS is there too.</summary>
    private string Profile(string? fingerprint)
    {
        var user = _users[0];
        var host = Sip.Address.Ip.IsV6 ? $"[{Sip.Address.Ip}]" : Sip.Address.Ip.ToString();
        var domain = System.Net.IPAddress.TryParse(Domain, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Domain}]" : Domain;
        var overTls = Sip.TlsPort == 0 ? "" : $"    # over TLS: sip:{host}:{Sip.TlsPort};transport=tls";
        var tls = fingerprint is null ? "" : $"tls: {{fingerprint: \"sha256:{fingerprint.ToLowerInvariant()}\"}}\n";
        return $"""
            account:
              uri: sip:{user}@{domain}
              password-env: {ServeUsers.Variable}
              registrar: sip:{host}:{Sip.Address.Port}{overTls}
            {tls}nat:
              stun: ["stun:{host}:{Stun.Port}"]
              turn:
                - urls: ["turn:{host}:{Stun.Port}", "turn:{host}:{Stun.Port}?transport=tcp"]
                  user: {user}
                  password-env: {ServeUsers.Variable}

            """;
    }

    /// <summary>Why a server did not start, and the way out.</summary>
    public Fault Explain(string failed, PathError error)
    {
        var ports = failed == "SIP" ? $"{Sip.Address}{(Sip.TlsPort == 0 ? "" : $" or port {Sip.TlsPort}")}"
            : $"{Turn.Address}, port {Stun.AlternatePort}{(Turn.TlsPort == 0 ? "" : $" or {Turn.TlsPort}")}{(Stun.Alternate.IsValid ? $", or the same on {Stun.Alternate}" : "")}";
        var flags = failed == "SIP" ? "--sip-port and --sips-port" : "--stun-port, --alternate-port and --turns-port";
        return error switch
        {
            PathError.InUse => new Fault(Layer.Transport, $"{failed} cannot listen on {ports}: something else does already", $"end it (ss -lnp shows it), or choose other ports with {flags}"),
            PathError.NotPermitted => new Fault(Layer.Transport, $"{failed} may not listen on {ports}: the system forbids it", $"choose ports above 1023 with {flags}"),
            PathError.Unreachable => new Fault(Layer.Transport, $"{failed} cannot listen on {ports}: this machine does not have that address", $"--listen{(Stun.Alternate.IsValid ? " and --alternate" : "")} must name addresses of this machine (ip address shows them)"),
            _ => new Fault(Layer.Transport, $"{failed} cannot listen on {ports}: {error}", $"choose other ports with {flags}"),
        };
    }
}
