using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What the agent knows of one account beyond its settings: where its servers are, what they asked, where it is seen from outside.</summary>
internal sealed class Account
{
    public Account(AccountId id, SipAccount settings, IEntropy entropy)
    {
        Id = id;
        Settings = settings;
        Servers = new AccountServers(settings);
        if (settings.Password.Length > 0) Credentials = new AccountCredentials(settings, Servers, entropy);
    }

    public AccountId Id { get; }

    public SipAccount Settings { get; }

    public AccountServers Servers { get; }

    /// <summary>Answers challenges; null for an account without a password.</summary>
    public AccountCredentials? Credentials { get; }

    public Registration? Registration { get; set; }

    /// <summary>By which flow it is registered where that is left open; null where nothing is found out.</summary>
    public FlowChoice? Choice { get; set; }

    /// <summary>A stream is used where the server has one: nobody has said otherwise.</summary>
    public bool PrefersStream => Settings.ProbesTransport && Settings.Transport is null;

    /// <summary>What becomes of its calls before they ring.</summary>
    public Diversion Diversion { get; set; } = Diversion.None;

    /// <summary>News of its mailbox; null before it is registered or any came.</summary>
    public MessageSubscription? Messages { get; set; }

    /// <summary>Our address as the registrar sees it; null when unknown or the same as the local one.</summary>
    public Address? PublicAddress { get; set; }

    /// <summary>The path that it belongs to.</summary>
    public PathId PublicPath { get; set; }

    /// <summary>Service-Route of the last REGISTER (RFC 3608 §6): pre-loaded into requests outside a dialog.</summary>
    public IReadOnlyList<NameAddr> ServiceRoute { get; set; } = [];

    /// <summary>Where that REGISTER went.</summary>
    public IpAddress ServiceRouteFrom { get; set; }

    /// <summary>The user part of our Contact in dialogs, unescaped.</summary>
    public string ContactUser => Settings.Aor.DisplayUser is { Length: > 0 } user ? user : "phone";

    /// <summary>Whether calls ring from wherever they come. By default so while nobody is told to send them to us.</summary>
    public bool IsOpen => Settings.CallsFrom is { } from ? from == CallsFrom.Anyone : !Registers;

    private bool Registers => Settings.Registrar is not null || Registration is not null;

    /// <summary>Whether this is the Contact that the registrar holds. Servers and NATs rewrite its host and port, not its user.</summary>
    public bool IsBinding(SipUri uri) => uri.IsSip && Registration?.ContactUser == uri.DisplayUser;

    /// <summary>
    /// Whether this is our address of record, or our name at an address by which somebody reaches us: at any, since a NAT and the DNS may give us
    /// some that we do not know, but not at the name of a domain when we are registered in another.
    /// </summary>
    public bool IsNamed(SipUri uri)
    {
        if (Settings.TakesAnyUser) return true;
        if (uri.IsTel) return Settings.Aor.DisplayUser == uri.DisplayUser;
        return uri.DisplayUser == ContactUser && (!Registers || IpAddress.TryParse(uri.Host, out _) || IsOwnDomain(uri.Host));
    }

    private bool IsOwnDomain(string host) =>
        new[] { Settings.Aor, Settings.Registrar, Settings.OutboundProxy }.Any(own => host.Equals(own?.Host, StringComparison.OrdinalIgnoreCase));

    public SipUri Registrar => Settings.Registrar ?? new SipUri { Scheme = Settings.Aor.Scheme, Host = Settings.Aor.Host, Port = Settings.Aor.Port };

    /// <summary>Route of a request outside a dialog: the outbound proxy, unless the registrar's Service-Route begins there, and that (RFC 3608 §6.1).</summary>
    public IEnumerable<NameAddr> PreloadedRoute(bool isRegister)
    {
        IReadOnlyList<NameAddr> route = isRegister ? [] : ServiceRoute;
        if (Settings.OutboundProxy is not { } proxy || (route is [var first, ..] && LeadsTo(first.Uri, proxy))) return route;
        return [new NameAddr(proxy.IsLoose ? proxy : proxy.WithParameter("lr")), .. route];
    }

    private bool LeadsTo(SipUri first, SipUri proxy) =>
        first.Host.Equals(proxy.Host, StringComparison.OrdinalIgnoreCase) || (IpAddress.TryParse(first.Host, out var ip) && ip == ServiceRouteFrom);
}
