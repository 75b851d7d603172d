using System.Net;

namespace Softphone.Interop;

/// <summary>A call that a stranger makes, message by message.</summary>
internal sealed class StrangeCall(Stranger stranger, IPEndPoint phone, string uri, string from, string contact)
{
    private readonly string _id = Stranger.Unique("call");
    private readonly string _tag = Stranger.Unique("tag");
    private string _to = $"<{uri}>";
    private string _target = uri;
    private int _number = 1;

    /// <summary>What the phone answered to the INVITE, once it has.</summary>
    public WireMessage? Answer { get; private set; }

    public int Status => Answer?.Status ?? 0;

    public void Invite(string headers, string description) => Send("INVITE", $"Contact: {contact}\r\n{headers}Content-Type: application/sdp\r\n", description);

    /// <summary>A further INVITE within the call.</summary>
    public void Again(string headers, string description)
    {
        _number++;
        Send("INVITE", headers, description);
    }

    /// <summary>The final answer, acknowledged unless that is not wanted; 0 when none came.</summary>
    public int Wait(TimeSpan limit, bool acknowledge = true)
    {
        Answer = stranger.Wait(limit, m => m.Status >= 200 && m.Method == "INVITE" && m.Header("Call-ID") == _id && m.Header("CSeq") == $"{_number} INVITE");
        if (Answer is null) return 0;
        _to = Answer.Header("To");
        if (Answer.Header("Contact") is { Length: > 2 } line && line.IndexOf('<', StringComparison.Ordinal) is >= 0 and var start) _target = line[(start + 1)..line.IndexOf('>', StringComparison.Ordinal)];
        if (acknowledge) Send("ACK", "");
        return Answer.Status;
    }

    public void Request(string method, string headers = "", string body = "")
    {
        _number++;
        Send(method, headers, body);
    }

    private void Send(string method, string headers, string body = "") => stranger.Send(
        $"{method} {_target} SIP/2.0\r\nVia: SIP/2.0/UDP {stranger.Here};branch=z9hG4bK{Stranger.Unique("b")};rport\r\nMax-Forwards: 70\r\n" +
        $"From: {from};tag={_tag}\r\nTo: {_to}\r\nCall-ID: {_id}\r\nCSeq: {_number} {method}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}",
        phone);
}
