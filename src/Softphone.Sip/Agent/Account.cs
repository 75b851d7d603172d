using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What the agent knows of one account beyond its settings: where it is seen from outside, and its servers.</summary>
internal sealed class Account(AccountId id, SipAccount settings, IEntropy entropy)
{
    private readonly HashSet<IpAddress> _servers = [];

    public AccountId Id { get; } = id;

    public SipAccount Settings { get; } = settings;

    /// <summary>Answers challenges; null for an account without a password.</summary>
    public DigestClient? Digest { get; } = settings.Password.Length == 0 ? null : new DigestClient(
        entropy,
        new DigestCredentials(settings.AuthUser.Length > 0 ? settings.AuthUser : settings.Aor.DisplayUser, settings.Password));

    public Registration? Registration { get; set; }

    /// <summary>News of its mailbox; null before it is registered or any came.</summary>
    public MessageSubscription? Messages { get; set; }

    /// <summary>Our address as the registrar sees it; null when unknown or the same as the local one.</summary>
    public Address? PublicAddress { get; set; }

    /// <summary>The path that it belongs to.</summary>
    public PathId PublicPath { get; set; }

    /// <summary>Service-Route of the last REGISTER (RFC 3608 §6): pre-loaded into requests outside a dialog.</summary>
    public IReadOnlyList<NameAddr> ServiceRoute { get; set; } = [];

    public string ContactUser => Settings.Aor.User is { Length: > 0 } user ? user : "phone";

    public SipUri Registrar => Settings.Registrar ?? new SipUri { Scheme = Settings.Aor.Scheme, Host = Settings.Aor.Host, Port = Settings.Aor.Port };

    /// <summary>Whether this host is one of the account's servers, as far as requests to its configured names have shown.</summary>
    public bool IsServer(IpAddress ip) => _servers.Contains(ip);

    /// <summary>A request went by this hop to this address: when the hop is ours, so is the address.</summary>
    public void Met(SipUri hop, IpAddress ip)
    {
        if (IsOwnName(hop.Host) && _servers.Count < 64) _servers.Add(ip);
    }

    /// <summary>Whether credentials may go there: never to a host that merely asks for them (RFC 3261 §22.1).</summary>
    public bool Trusts(SipUri hop, IpAddress ip) => IsOwnName(hop.Host) || IsServer(ip);

    private bool IsOwnName(string host) =>
        IsWithin(host, Settings.Aor.Host) || IsWithin(host, Settings.Registrar?.Host) || IsWithin(host, Settings.OutboundProxy?.Host);

    private static bool IsWithin(string host, string? domain) =>
        domain is { Length: > 0 }
        && (host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>Route of a request outside a dialog: the outbound proxy, then the registrar's Service-Route.</summary>
    public IEnumerable<NameAddr> PreloadedRoute(bool isRegister)
    {
        if (!isRegister && ServiceRoute.Count > 0) return ServiceRoute;
        return Settings.OutboundProxy is { } proxy ? [new NameAddr(proxy.IsLoose ? proxy : proxy.WithParameter("lr"))] : [];
    }
}
