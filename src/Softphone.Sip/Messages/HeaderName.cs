using System.Collections.Frozen;

namespace Softphone.Sip;

/// <summary>
/// Header names in their long form, which is the one we write (RFC 3261 §20). Names compare without case; a compact form
/// (§7.3.3) is read as its long one.
/// </summary>
public static class HeaderName
{
    public const string Accept = "Accept";
    public const string AcceptEncoding = "Accept-Encoding";
    public const string AlertInfo = "Alert-Info";
    public const string Allow = "Allow";
    public const string AllowEvents = "Allow-Events";
    public const string AnswerMode = "Answer-Mode";
    public const string AuthenticationInfo = "Authentication-Info";
    public const string Authorization = "Authorization";
    public const string CallId = "Call-ID";
    public const string CallInfo = "Call-Info";
    public const string Contact = "Contact";
    public const string ContentDisposition = "Content-Disposition";
    public const string ContentEncoding = "Content-Encoding";
    public const string ContentLength = "Content-Length";
    public const string ContentType = "Content-Type";
    public const string CSeq = "CSeq";
    public const string Date = "Date";
    public const string Diversion = "Diversion";
    public const string Event = "Event";
    public const string Expires = "Expires";
    public const string FlowTimer = "Flow-Timer";
    public const string From = "From";
    public const string HistoryInfo = "History-Info";
    public const string InfoPackage = "Info-Package";
    public const string MaxForwards = "Max-Forwards";
    public const string MinExpires = "Min-Expires";
    public const string MinSE = "Min-SE";
    public const string PAssertedIdentity = "P-Asserted-Identity";
    public const string Path = "Path";
    public const string PPreferredIdentity = "P-Preferred-Identity";
    public const string PrivAnswerMode = "Priv-Answer-Mode";
    public const string Privacy = "Privacy";
    public const string ProxyAuthenticate = "Proxy-Authenticate";
    public const string ProxyAuthenticationInfo = "Proxy-Authentication-Info";
    public const string ProxyAuthorization = "Proxy-Authorization";
    public const string ProxyRequire = "Proxy-Require";
    public const string RAck = "RAck";
    public const string Reason = "Reason";
    public const string RecordRoute = "Record-Route";
    public const string RecvInfo = "Recv-Info";
    public const string ReferredBy = "Referred-By";
    public const string ReferSub = "Refer-Sub";
    public const string ReferTo = "Refer-To";
    public const string RemotePartyId = "Remote-Party-ID";
    public const string Replaces = "Replaces";
    public const string Require = "Require";
    public const string RetryAfter = "Retry-After";
    public const string Route = "Route";
    public const string RSeq = "RSeq";
    public const string Server = "Server";
    public const string ServiceRoute = "Service-Route";
    public const string SessionExpires = "Session-Expires";
    public const string SipEtag = "SIP-ETag";
    public const string SipIfMatch = "SIP-If-Match";
    public const string Subject = "Subject";
    public const string SubscriptionState = "Subscription-State";
    public const string Supported = "Supported";
    public const string Timestamp = "Timestamp";
    public const string To = "To";
    public const string Unsupported = "Unsupported";
    public const string UserAgent = "User-Agent";
    public const string Via = "Via";
    public const string Warning = "Warning";
    public const string WwwAuthenticate = "WWW-Authenticate";

    private static readonly FrozenDictionary<string, string> LongForms = BuildLongForms();

    private static readonly FrozenDictionary<string, string> CompactForms = BuildCompactForms();

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> LongFormOf =
        LongForms.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The long form as written here for a name in any case or in compact form; null for a name not known.</summary>
    public static string? Canonical(ReadOnlySpan<char> name) => LongFormOf.TryGetValue(name, out var known) ? known : null;

    /// <summary>
    /// The compact form of a name as written here (RFC 3261 §7.3.3), or the name where there is none. Via stays long: proxies put theirs above
    /// ours, and programs that copy all Via headers into an answer by one name would lose ours (SIPp 3.6.1 does), and with it the way back.
    /// </summary>
    internal static string Shortest(string name) => CompactForms.GetValueOrDefault(name, name);

    /// <summary>Whether two names mean the same header.</summary>
    public static bool AreSame(string a, string b) =>
        ReferenceEquals(a, b) || (Canonical(a) ?? a).Equals(Canonical(b) ?? b, StringComparison.OrdinalIgnoreCase);

    /// <summary>The headers of which a message may carry one at most, and that break a message when they come twice.</summary>
    internal static readonly string[] Singletons = [From, To, CallId, CSeq, MaxForwards, ContentLength, ContentType, Expires];

    private static FrozenDictionary<string, string> BuildLongForms()
    {
        string[] all =
        [
            Accept, AcceptEncoding, AlertInfo, Allow, AllowEvents, AnswerMode, AuthenticationInfo, Authorization, CallId, CallInfo, Contact,
            ContentDisposition, ContentEncoding, ContentLength, ContentType, CSeq, Date, Diversion, Event, Expires, FlowTimer, From,
            HistoryInfo, InfoPackage, MaxForwards, MinExpires, MinSE, PAssertedIdentity, Path, PPreferredIdentity, PrivAnswerMode, Privacy,
            ProxyAuthenticate, ProxyAuthenticationInfo, ProxyAuthorization, ProxyRequire, RAck, Reason, RecordRoute, RecvInfo,
            ReferredBy, ReferSub, ReferTo, RemotePartyId, Replaces, Require, RetryAfter, Route, RSeq, Server, ServiceRoute, SessionExpires, SipEtag,
            SipIfMatch, Subject, SubscriptionState, Supported, Timestamp, To, Unsupported, UserAgent, Via, Warning, WwwAuthenticate,
        ];
        var table = all.ToDictionary(name => name, name => name, StringComparer.OrdinalIgnoreCase);
        foreach (var (form, name) in Compact()) table[form] = name;
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenDictionary<string, string> BuildCompactForms() =>
        Compact().Where(pair => pair.Long != Via).ToFrozenDictionary(pair => pair.Long, pair => pair.Form, StringComparer.Ordinal);

    private static (string Form, string Long)[] Compact() =>
    [
        ("i", CallId), ("m", Contact), ("e", ContentEncoding), ("l", ContentLength), ("c", ContentType), ("f", From),
        ("s", Subject), ("k", Supported), ("t", To), ("v", Via), ("o", Event), ("r", ReferTo), ("b", ReferredBy),
        ("u", AllowEvents), ("x", SessionExpires),
    ];
}
