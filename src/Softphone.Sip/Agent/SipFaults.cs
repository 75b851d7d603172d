using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What a person is told: each failure with its layer, the value at fault and the way out.</summary>
internal static class SipFaults
{
    private const int MostContacts = 5;

    /// <summary>Words of those who want SRTP, in a Warning (RFC 3261 §20.43) or a reason phrase.</summary>
    private static readonly string[] Encryption = ["SRTP", "SAVP", "crypto", "encrypt", "DTLS"];

    /// <summary>A message of ours came back with another address in a header than it left with.</summary>
    public static Fault Rewritten(string header, string left, string came) => new(
        Layer.Sip, $"something on the way rewrites SIP messages: {header} left as {left} and came back as {came} (a SIP ALG in the router, as a rule)",
        "register over TLS, which it cannot read, or switch the SIP ALG off in the router");

    public static Fault Broken() =>
        new(Layer.Internal, "an error of this program ended the call", "please report it; other calls and accounts go on");

    public static Fault NoPath() =>
        new(Layer.Transport, "no network path that could reach the server", "check the network connection and the account's transport");

    /// <param name="hop">Whose address was looked for.</param>
    /// <param name="last">What DNS said last: its silence says nothing of the name.</param>
    public static Fault Unresolved(SipUri hop, NameAnswer? last) => last switch
    {
        { Failed: true, Fault: NameFault.Silent } =>
            new(Layer.Dns, $"no name server answered{In(last.Servers)} when asked for \"{hop.Host}\"", "check the network connection and the name servers of this computer"),
        { Failed: true, Fault: NameFault.Refused } =>
            new(Layer.Dns, $"the name servers{In(last.Servers)} cannot tell where \"{hop.Host}\" is", "check the name servers of this computer, or try later"),
        _ => new(Layer.Dns, $"\"{hop.Host}\" has no address that can be reached", "check the spelling of the server and the DNS"),
    };

    public static Fault Unanswered(SipUri hop, TimeSpan limit) => new(
        Layer.Dns,
        $"the name servers did not tell within {limit.TotalSeconds:0} s where \"{hop.Host}\" is",
        "check the network connection and the name servers of this computer");

    private static string In(IReadOnlyList<Address> servers) =>
        servers.Count == 0 ? "" : $" ({string.Join(", ", servers.Select(server => server.Ip))})";

    public static Fault Timeout(SipRequest request) =>
        new(Layer.Sip, $"no answer to {request.Method} {request.RequestUri}", "check that the server is up and that no firewall drops the answers");

    /// <param name="request">What was to be answered.</param>
    /// <param name="dropped">What came instead, the most frequent first.</param>
    public static Fault Unreadable(SipRequest request, IReadOnlyList<Dropped> dropped) => new(
        Layer.Sip,
        $"no answer to {request.Method} could be taken; {dropped.Sum(d => d.Count)} messages came from {dropped[0].From} that cannot be used: {dropped[0].Why}",
        "have the server, or what changes its messages on the way, mended");

    public static Fault Transport(in Flow flow, FlowFailure failure) => failure.Fault switch
    {
        StreamFault.None => Transport(flow, failure.Error),
        StreamFault.NoContentLength => Unframed(flow, $"{flow.Remote} sends no Content-Length over {Name(flow)}, so that the end of its messages cannot be known"),
        StreamFault.BadContentLength => Unframed(flow, $"{flow.Remote} sends a Content-Length over {Name(flow)} that is not one number"),
        StreamFault.TooLong => Unframed(flow, $"{flow.Remote} announces a message of more than {SipStreamParser.MaxMessage >> 10} KiB"),
        StreamFault.HeadTooLong => Unframed(flow, $"{flow.Remote} sends headers of more than {SipStreamParser.MaxHead >> 10} KiB"),
        StreamFault.BareLineFeeds => Unframed(flow, $"{flow.Remote} ends its lines with LF in place of CRLF"),
        StreamFault.Unreadable => Unframed(flow, $"{flow.Remote} sends over {Name(flow)} what is not SIP"),
        StreamFault.Unfinished => new(Layer.Transport, $"{flow.Remote} began a message over {Name(flow)} and did not finish it in time", "check the network connection"),
        StreamFault.Slept => new(Layer.Transport, $"the connection to {flow.Remote} was given up after a sleep", "try again"),
        StreamFault.Narrowed => SegmentsCut(flow),
        StreamFault.Silent => new(Layer.Transport, $"{flow.Remote} no longer answers on the {Name(flow)} connection, which was given up", "check the network connection if it happens again: a new one is opened"),
        _ => new(Layer.Transport, $"the connection to {flow.Remote} was given up for others: too many were open"),
    };

    /// <summary>What is said of a place where another was asked in its stead.</summary>
    public static Fault Silent(in Flow flow) => new(
        Softphone.Core.Layer.Transport,
        $"{flow.Remote} did not answer on {Name(flow)} within {TargetPace.Patience.TotalSeconds:0} s",
        flow.Remote.Ip.IsV6 ? "have the server mended, or IPv6 on the way to it" : "have the server mended, or the way to it");

    public static Fault StreamChosen(in Flow flow) => new(
        Softphone.Core.Layer.Transport, $"SIP over {Name(flow)} with {flow.Remote}: large messages are not cut", "write transport=udp in the URI of the server to stay on UDP");

    public static Fault StreamGivenUp(in Flow flow) => new(
        Softphone.Core.Layer.Transport,
        $"{Name(flow)} with {flow.Remote} answered and did not last: UDP is used for the next ten minutes",
        "write transport=udp or transport=tcp in the URI of the server to have one of them only");

    /// <param name="flow">The way.</param>
    /// <param name="hasTried">A stream was tried too.</param>
    public static Fault DatagramsCut(in Flow flow, bool hasTried) => new(
        Softphone.Core.Layer.Transport,
        $"fragments do not pass: {flow.Remote} answers short requests over UDP and none of {LongTest.Octets} octets, so calls may neither come nor go",
        CutRemedy(hasTried));

    /// <summary>A request of that size had no answer where fragments are known not to pass.</summary>
    public static Fault Cut(SipRequest request, in Flow flow, int octets, bool hasTried) => new(
        Softphone.Core.Layer.Transport,
        $"no answer to {request.Method} {request.RequestUri}: it has {octets} octets, and fragments do not pass over UDP to {flow.Remote}",
        CutRemedy(hasTried));

    /// <summary>A text that only a datagram could carry, and none may (RFC 3428 §8).</summary>
    public static Fault TextTooLong(in Flow flow, int octets) => new(
        Layer.Sip,
        $"the message makes {octets} octets, more than may go by UDP ({AgentCore.DatagramLimit}), and {flow.Remote} was not reached by TCP",
        "write a shorter one, or have the server reached by TCP or TLS (transport=tcp in account.registrar)");

    public static Fault SegmentsCut(in Flow flow) => new(
        Softphone.Core.Layer.Transport,
        $"what was sent to {flow.Remote} over {Name(flow)} was not acknowledged, and came through on a new connection with smaller segments: packets of full size may not pass",
        "if it happens again, have a router on the way mended that drops large packets without telling (path MTU, ICMP)");

    private static string CutRemedy(bool hasTried) => hasTried
        ? "TCP was tried there and does not answer: have it opened at the server or on the way, or use transport=tls where the server has it"
        : "write transport=tcp or transport=tls in the URI of the server";

    private static Fault Unframed(in Flow flow, string what) =>
        new(Layer.Sip, what, flow.Transport == Softphone.Core.Transport.Tcp ? "use UDP for this account, or have the server mended (RFC 3261 §18.3)" : "have the server mended (RFC 3261 §18.3)");

    private static Fault Transport(in Flow flow, PathError error) => error switch
    {
        PathError.Refused => new(Layer.Transport, $"{flow.Remote} refused {Name(flow)}", "check the port and the transport of the server"),
        PathError.TlsFailed => new(Layer.Tls, $"{flow.Remote} showed no certificate that can be trusted", "check the server name and the trusted certificates"),
        PathError.TooBig => new(Layer.Transport, $"the request is too long for {Name(flow)} to {flow.Remote}", "use TCP, or offer fewer codecs"),
        PathError.Closed => new(Layer.Transport, $"{flow.Remote} closed the connection"),
        PathError.NotPermitted => new(Layer.Transport, $"the system forbids sending to {flow.Remote}", "check the local firewall"),
        PathError.Exhausted => new(Layer.Transport, $"no socket can be opened towards {flow.Remote}: this process has as many files open as it may", "raise the limit (ulimit -n, LimitNOFILE), or end calls"),
        PathError.TimedOut => new(Layer.Transport, $"{flow.Remote} does not answer on {Name(flow)}", "check the network connection"),
        _ => new(Layer.Transport, $"{flow.Remote} cannot be reached by {Name(flow)}", "check the network connection"),
    };

    public static Fault Stranded(in Flow flow, bool isPathGone) => new(
        Layer.Transport,
        isPathGone ? "the network changed while it rang, and an answer has no way to the new address" : $"the connection to {flow.Remote} was lost while it rang, and with it the way of an answer",
        "call again");

    public static Fault Cancelled() => new(Layer.Sip, "cancelled before it was answered");

    public static Fault GaveWay() =>
        new(Layer.Sip, "all places for calls were taken, and this caller had the most calls that nobody acknowledged", "let more calls in at once (call.limit, --limit), or see who floods the phone");

    /// <param name="dropped">What the caller sent meanwhile that could not be taken.</param>
    public static Fault NoAcknowledgement(IReadOnlyList<Dropped> dropped) => dropped is [var most, ..]
        ? new(Layer.Sip, $"our answer was not acknowledged; {dropped.Sum(d => d.Count)} messages came from {most.From} that cannot be taken: {most.Why}", "have the caller, or what changes its messages on the way, mended")
        : new(Layer.Sip, "the caller never acknowledged our answer", "our Contact may not be reachable from the caller: check NAT settings");

    /// <param name="dropped">What the caller sent meanwhile that could not be taken.</param>
    public static Fault NoPrack(IReadOnlyList<Dropped> dropped) => dropped is [var most, ..]
        ? new(Layer.Sip, $"the caller demanded reliable provisional answers (100rel) and acknowledged none; {dropped.Sum(d => d.Count)} messages came from {most.From} that cannot be taken: {most.Why}", "have the caller, or what changes its messages on the way, mended")
        : new(Layer.Sip, "the caller demanded reliable provisional answers (100rel) and never acknowledged ours (PRACK)", "our Contact may not be reachable from the caller: check NAT settings, or have 100rel optional at the caller");

    public static Fault NoAnswerInPrack() => new(Layer.Sdp, "the caller acknowledged our offer (PRACK) without answering it", "the caller breaks RFC 3262 §5; report it there");

    public static Fault SessionExpired(bool weRefresh) => weRefresh
        ? new(Layer.Sip, "the session could not be refreshed in time, and servers on the way have forgotten it", "call again")
        : new(Layer.Sip, "the peer did not refresh the session in time: it, or a server on the way, is gone", "call again");

    public static Fault NoWayToPeer(Fault why) => why with { What = $"the call was answered, but nothing can be sent to where the answer says: {why.What}" };

    public static Fault NoAnswerInAck() => new(Layer.Sdp, "the caller acknowledged without answering our offer");

    public static Fault NoOfferInAnswer() => new(Layer.Sdp, "the callee answered without an offer, and we had made none");

    public static Fault NoRinging(TimeSpan limit, IReadOnlyList<Dropped> dropped) => dropped is [var most, ..]
        ? new(Layer.Sip, $"within {limit.TotalSeconds:0} s {dropped.Sum(d => d.Count)} messages came from {most.From} that cannot be used: {most.Why}", "have the server, or what changes its messages on the way, mended")
        : new(Layer.Sip, $"nobody answered within {limit.TotalSeconds:0} s");

    public static Fault ChallengeOfStranger(in Flow flow) => new(
        Layer.Authentication,
        $"{flow.Remote} asks for a password, and by {Name(flow)} it is no server of this account",
        "none was sent; if it is one, name it in the profile as account.registrar or account.outbound-proxy");

    public static Fault ChallengeFromBehind(string realm) => new(
        Layer.Authentication,
        $"the peer asks for a password (realm \"{realm}\"), not the account's own server",
        "none was sent: the account's password is for its own servers alone");

    public static Fault ChallengeOfUnknownRealm(string realm) => new(
        Layer.Authentication,
        $"a password is asked for in the realm \"{realm}\", in which the account's server never asked",
        "none was sent; if the realm is the server's, register the account anew");

    public static Fault RegistrarMoved(SipResponse response) => new(
        Layer.Sip,
        $"the registrar sends us elsewhere, which is not followed: {Elsewhere(response)}",
        "if that is right, name it in the profile as account.registrar");

    public static Fault NotBound() => new(
        Layer.Sip,
        "the registrar said 200 and keeps no binding for this phone: the lifetime it grants is 0",
        "ask its administrator how many phones the account may have, and which addresses it takes");

    public static Fault TooBrief(TimeSpan asked, TimeSpan least) => least > asked
        ? new(Layer.Sip, $"the registrar asks for a longer lifetime each time, now {least.TotalSeconds:0} s", $"set account.expires to {least.TotalSeconds:0} or more")
        : new(Layer.Sip, $"the registrar wants a longer lifetime than {asked.TotalSeconds:0} s and does not say which", "raise account.expires");

    /// <summary>What it means where the request was a REGISTER: nobody was called.</summary>
    public static Fault Registration(SipResponse response, SipUri aor) => response.Status is 401 or 403 or 404 or 405 or 407 or 420 or 501 or 503
        ? Status(response, aor, isAccountTaken: false)
        : new(Layer.Sip, $"the registrar refuses {aor}: {Text(response)}");

    /// <summary>What a final refusal means to the one who sent the request.</summary>
    public static Fault Status(Exchange exchange, SipResponse response)
    {
        var target = exchange.Template.RequestUri;
        if (exchange.AuthenticationFault is { } fault) return fault;
        if (response.Status == 420 && exchange.Account?.Settings.Provisionals == Reliability.Required && response.Headers.Lists(HeaderName.Unsupported, OptionTags.Prack))
            return new(Layer.Sip, $"{target} has no {OptionTags.Describe([OptionTags.Prack])}, which the account demands", "set account.reliable-provisionals to supported");
        if (response.Status == 421 && exchange.Account?.Settings.Provisionals == Reliability.Off && response.Headers.Lists(HeaderName.Require, OptionTags.Prack))
            return new(Layer.Sip, $"{target} demands {OptionTags.Describe([OptionTags.Prack])}, which the account does not offer", "set account.reliable-provisionals to supported");
        if (exchange.Template.Method == SipMethod.Message && OfText(response, target) is { } refusal) return refusal;
        fault = Status(response, target, exchange.HasRung || exchange.Account?.Registration?.IsRegistered == true);
        // What a telephone network behind the server said (RFC 6432).
        return ReasonHeader.Of(response) is { IsTelephony: true, Words: { Length: > 0 } words } ? fault with { What = $"{fault.What} ({words})" } : fault;
    }

    /// <summary>What means something else of a text than of a call; null for what does not.</summary>
    private static Fault? OfText(SipResponse response, SipUri target) => response.Status switch
    {
        403 => new(Layer.Sip, $"{target}, or the server on its behalf, refuses the message: {Text(response)}", "ask who is written to, or whether the account may write there"),
        405 or 501 => new(Layer.Sip, $"{target}, or the server on its behalf, takes no messages: {Text(response)}", "call instead"),
        415 => new(Layer.Sip, $"{target} takes no plain text: {Text(response)}", "call instead"),
        482 or 483 => new(Layer.Sip, "the message runs in a circle between servers", "check the dial plan of the server"),
        413 or 513 => new(Layer.Sip, $"{target}, or the server on its behalf, takes no message of that length: {Text(response)}", "write a shorter one"),
        _ => null,
    };

    private static Fault Status(SipResponse response, SipUri target, bool isAccountTaken) => response.Status switch
    {
        401 or 407 => new(Layer.Authentication, "the server asks for a password and the account has none for it", "set user name and password of the account"),
        // Who is registered, or whose call was on its way already, is no stranger to the server: what is refused is this request.
        403 when isAccountTaken => new(Layer.Sip, $"{target}, or the server on its behalf, refuses the call: {Text(response)}", "the account is accepted; ask who is called, or whether the account may call there"),
        403 => new(Layer.Authentication, $"the server forbids it: {Text(response)}", "check the account with the provider"),
        404 => new(Layer.Sip, $"{target} is not known to the server", "check the number or name"),
        405 or 501 => new(Layer.Sip, $"the server does not support the request: {Text(response)}"),
        408 => new(Layer.Sip, $"the server says that {target} did not answer in time"),
        410 => new(Layer.Sip, $"{target} is gone for good"),
        415 or 488 or 606 when SpeaksOfEncryption(response) =>
            new(Layer.Sdp, $"{target} demands encrypted media (SRTP), and was offered none, or none that it takes: {Text(response)}", "set media.srtp to sdes, with SIP over TLS, or let the other side, or its server, take plain RTP (RTP/AVP)"),
        415 or 488 or 606 => new(Layer.Sdp, $"{target} accepts none of the media offered: {Text(response)}", "enable more codecs (media.codecs); where it demands encrypted media (SRTP), set media.srtp to sdes, with SIP over TLS, and where it takes none, to off"),
        420 => new(Layer.Sip, $"the peer lacks an extension: {response.Headers.Get(HeaderName.Unsupported) ?? Text(response)}"),
        421 => new(Layer.Sip, $"{target} demands {Demanded(response)}, which this version does not have: {Text(response)}", "have that optional at the other side"),
        494 => new(Layer.Sip, $"{target} demands {OptionTags.Describe(["sec-agree"])}, which this version does not have: {Text(response)}", "have that optional at the server, or use TLS"),
        580 => new(Layer.Sip, $"{target} demands {OptionTags.Describe(["precondition"])}, which this version does not have: {Text(response)}", "have that optional at the other side"),
        480 => new(Layer.Sip, $"{target} is not available now"),
        482 or 483 => new(Layer.Sip, "the call runs in a circle between servers", "check the dial plan of the server"),
        484 => new(Layer.Sip, $"{target} is not a complete number"),
        486 or 600 => new(Layer.Sip, $"{target} is busy"),
        487 => Cancelled(),
        503 => new(Layer.Sip, $"the server is overloaded or under maintenance: {Text(response)}", "try again later"),
        603 => new(Layer.Sip, $"{target} declined"),
        >= 300 and < 400 => new(Layer.Sip, $"{target} is now elsewhere: {Elsewhere(response)}", "call the new address"),
        _ => new(Layer.Sip, $"the server says {Text(response)}"),
    };

    /// <summary>The first contacts of a redirection, best first (RFC 3261 §8.1.3.4).</summary>
    private static string Elsewhere(SipResponse response) =>
        response.Headers.TryContacts(out var contacts) && contacts.Count > 0
            ? string.Join(", ", contacts.OrderByDescending(c => c.Q).Take(MostContacts).Select(c => c.Uri))
            : Text(response);

    private static string Text(SipResponse response) =>
        response.Headers.Get(HeaderName.Warning) is { } warning ? $"{response.Status} {response.Reason} ({warning})" : $"{response.Status} {response.Reason}";

    private static string Demanded(SipResponse response) => response.Headers.Require is { Count: > 0 } tags ? OptionTags.Describe(tags) : "an extension";

    private static bool SpeaksOfEncryption(SipResponse response) =>
        $"{response.Reason} {response.Headers.Get(HeaderName.Warning)}" is var text && Encryption.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string Name(in Flow flow) => flow.Transport.ToString().ToUpperInvariant();
}
