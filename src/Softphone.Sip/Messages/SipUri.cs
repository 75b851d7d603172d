using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// A URI as SIP uses it: sip and sips in full (RFC 3261 §19.1), tel as number and parameters (RFC 3966), any other scheme as
/// opaque text. Immutable; <c>==</c> compares the text, <see cref="IsEquivalentTo"/> compares as §19.1.4 says.
/// </summary>
public sealed partial record SipUri
{
    /// <summary>Lower case. Empty for text that is no URI at all, such as a broken Request-URI that is still owed an answer.</summary>
    public string Scheme { get; init; } = "sip";

    /// <summary>The user part as written, escapes included (for tel, the number); null when there is none.</summary>
    public string? User { get; init; }

    /// <summary>The password as written; null when there is none. Using one is bad practice (§19.1.1).</summary>
    public string? Password { get; init; }

    /// <summary>Host name or address; an IPv6 address stands without its brackets. Empty for schemes other than sip and sips.</summary>
    public string Host { get; init; } = "";

    /// <summary>The port; null when none is written, which is not the same as the default (§19.1.4).</summary>
    public ushort? Port { get; init; }

    public Parameters Parameters { get; init; } = Parameters.Empty;

    /// <summary>The part after <c>?</c> as written, without it; empty when there is none.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Everything after the scheme, for a scheme that is not read further; else null.</summary>
    public string? Opaque { get; init; }

    /// <summary>True for sip and sips.</summary>
    public bool IsSip => Scheme is "sip" or "sips";

    /// <summary>True for sips: TLS at every hop to the domain (§26.2.2).</summary>
    public bool IsSips => Scheme == "sips";

    public bool IsTel => Scheme == "tel";

    /// <summary>The port written, else the default of the scheme.</summary>
    public ushort EffectivePort => Port ?? (IsSips ? (ushort)5061 : (ushort)5060);

    /// <summary>The <c>transport</c> parameter in lower case; null when absent.</summary>
    public string? TransportName => Parameters["transport"]?.ToLowerInvariant();

    /// <summary>The transport that it demands; null when it leaves the choice, or demands one that we lack.</summary>
    internal Transport? WantedTransport => TransportName switch
    {
        "udp" => Transport.Udp,
        "tcp" => Transport.Tcp,
        "tls" => Transport.Tls,
        _ => IsSips ? Transport.Tls : null,
    };

    /// <summary>True when the URI carries <c>;lr</c>: a loose router (§19.1.1).</summary>
    public bool IsLoose => Parameters.Has("lr");

    /// <summary>The user with its %XX resolved, for a person to read; empty when there is none.</summary>
    public string DisplayUser => User is null ? "" : Unescape(User);

    /// <summary>user@host with the scheme, without port, parameters and headers: an address of record (§10.3 step 5).</summary>
    public SipUri AddressOfRecord => IsSip
        ? new SipUri { Scheme = Scheme, User = User, Host = Host.ToLowerInvariant() }
        : this with { Parameters = Parameters.Empty };

    /// <summary>A SIP URI whose user is given unescaped.</summary>
    public static SipUri Create(string? user, string host, ushort? port = null, bool secure = false) =>
        new() { Scheme = secure ? "sips" : "sip", User = user is null ? null : EscapeUser(user), Host = host, Port = port };

    /// <summary>A dialled telephone number at a domain: visual separators go, <c>;user=phone</c> comes (§19.1.6, M21).</summary>
    public static SipUri FromNumber(string number, string domain) =>
        Create(WithoutSeparators(number), domain) with { Parameters = Parameters.Empty.With("user", "phone") };

    /// <summary>A tel URI as a SIP URI at a domain: number and tel parameters become the user (§19.1.6). A SIP URI stays.</summary>
    public SipUri ToSip(string domain) => IsTel
        ? new SipUri
        {
            User = WithoutSeparators(User ?? "") + Parameters.ToString().ToLowerInvariant(),
            Host = domain,
            Parameters = Parameters.Empty.With("user", "phone"),
        }
        : this;

    /// <summary>With one parameter set.</summary>
    public SipUri WithParameter(string name, string? value = null) => this with { Parameters = Parameters.With(name, value) };

    /// <summary>As it may stand in a Request-URI: without headers and without a method parameter (§19.1.1 table 1).</summary>
    public SipUri AsRequestUri() => Headers.Length == 0 && !Parameters.Has("method")
        ? this
        : this with { Headers = "", Parameters = Parameters.Without("method") };

    /// <summary>The value of one URI header (<c>?name=value</c>), unescaped; null when absent. Compact and long names are the same.</summary>
    public string? Header(string name)
    {
        foreach (var item in Headers.Split('&'))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && HeaderName.AreSame(Unescape(item[..equals]), name)) return Unescape(item[(equals + 1)..]);
        }

        return null;
    }

    /// <summary>With one URI header added, its value escaped (Refer-To with Replaces, RFC 3891 §3).</summary>
    public SipUri WithHeader(string name, string value)
    {
        var item = Uri.EscapeDataString(name) + "=" + Uri.EscapeDataString(value);
        return this with { Headers = Headers.Length == 0 ? item : Headers + "&" + item };
    }

    /// <summary>The URI as it goes on the wire, without angle brackets. What could break out of it is escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Scheme.Length > 0) text.Append(Scheme).Append(':');
        if (Opaque is not null) text.Append(Opaque);
        if (User is not null) text.Append(User);
        if (IsSip)
        {
            if (Password is not null) text.Append(':').Append(Password);
            if (User is not null) text.Append('@');
            if (Host.Contains(':')) text.Append('[').Append(Host).Append(']');
            else text.Append(Host);
            if (Port is { } port) text.Append(':').Append(port);
        }

        text.Append(Parameters.ToString());
        if (Headers.Length > 0) text.Append('?').Append(Headers);
        return MakeSafe(text);
    }

    private static string MakeSafe(StringBuilder text)
    {
        var plain = text.ToString();
        if (!plain.AsSpan().ContainsAny(Unsafe)) return plain;
        text.Clear();
        foreach (var c in plain)
        {
            if (Unsafe.Contains(c)) text.Append('%').Append(((int)c).ToString("X2"));
            else text.Append(c);
        }

        return text.ToString();
    }

    private static string WithoutSeparators(string number) =>
        string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')')));
}
