using System.Text;

namespace Softphone.Captures.Tests;

/// <summary>A call between two phones without a server: its messages, one method for each.</summary>
internal sealed class CallScript(WireScript wire)
{
    public string A { get; init; } = "198.51.100.1";

    public string B { get; init; } = "203.0.113.2";

    /// <summary>Addresses of audio, as the descriptions name them.</summary>
    public string MediaA { get; init; } = "198.51.100.1";

    public string MediaB { get; init; } = "203.0.113.2";

    public string CallId { get; init; } = "call-1";

    public string FormatsA { get; set; } = "0 8 101";

    public string FormatsB { get; set; } = "0 101";

    public string ExtraA { get; set; } = "a=sendrecv\n";

    public string ExtraB { get; set; } = "a=sendrecv\n";

    public string Headers { get; set; } = "";

    public uint Number { get; set; } = 1;

    public string RtpA => $"{MediaA}:4000";

    public string RtpB => $"{MediaB}:5000";

    public static string Sdp(string host, int port, string formats, string extra, int version = 1, string protocol = "RTP/AVP") =>
        $"v=0\no=- 77{port} {version} IN IP4 {host}\ns=-\nc=IN IP4 {host}\nt=0 0\nm=audio {port} {protocol} {formats}\na=rtpmap:101 telephone-event/8000\n{extra}";

    public CallScript Invite(bool isAgain = false, string? sdp = null, string? branch = null) =>
        Send(A, B, "INVITE sip:bob@203.0.113.2 SIP/2.0", Number, "INVITE", isToTagged: isAgain, sdp ?? Sdp(MediaA, 4000, FormatsA, ExtraA), branch ?? $"i{Number}");

    public CallScript Answer(int status, string reason, bool hasSdp = false, string? sdp = null) =>
        Send(B, A, $"SIP/2.0 {status} {reason}", Number, "INVITE", isToTagged: status > 100, hasSdp ? sdp ?? Sdp(MediaB, 5000, FormatsB, ExtraB) : null, $"i{Number}");

    public CallScript Ack() => Send(A, B, "ACK sip:bob@203.0.113.2 SIP/2.0", Number, "ACK", isToTagged: true, null, $"a{Number}");

    public CallScript Bye()
    {
        Number++;
        Send(A, B, "BYE sip:bob@203.0.113.2 SIP/2.0", Number, "BYE", isToTagged: true, null, $"b{Number}");
        wire.Now += 0.02;
        return Send(B, A, "SIP/2.0 200 OK", Number, "BYE", isToTagged: true, null, $"b{Number}");
    }

    /// <summary>From INVITE to ACK, a second and a half.</summary>
    public CallScript Connect()
    {
        Invite();
        wire.Now += 0.03;
        Answer(100, "Trying");
        wire.Now += 0.1;
        Answer(180, "Ringing");
        wire.Now += 1;
        Answer(200, "OK", hasSdp: true);
        wire.Now += 0.03;
        return Ack();
    }

    public CallScript Send(string from, string to, string startLine, uint number, string method, bool isToTagged, string? sdp, string branch, string headers = "", string? via = null, bool isBobs = false, string? toTag = null)
    {
        var body = (sdp ?? "").ReplaceLineEndings("\r\n");
        var text = $"""
            {startLine}
            Via: SIP/2.0/UDP {via ?? $"{A}:5060"};branch=z9hG4bK{CallId}{branch};rport
            From: {(isBobs ? "<sip:bob@lab.test>;tag=b1" : "<sip:alice@lab.test>;tag=a1")}
            To: {(isBobs ? "<sip:alice@lab.test>;tag=a1" : $"<sip:bob@lab.test>{(toTag is not null ? $";tag={toTag}" : isToTagged ? ";tag=b1" : "")}")}
            Call-ID: {CallId}
            CSeq: {number} {method}
            Contact: <sip:x@{from}:5060>
            {headers}{Headers}{(sdp is null ? "" : "Content-Type: application/sdp\n")}Content-Length: {Encoding.UTF8.GetByteCount(body)}


            """;
        wire.Udp($"{from}:5060", $"{to}:5060", Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + body));
        return this;
    }
}
