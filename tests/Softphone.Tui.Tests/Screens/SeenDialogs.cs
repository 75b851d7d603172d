using System.Globalization;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui.Tests;

/// <summary>What two accounts have seen in the last minutes, made by hand: dialogs of every kind.</summary>
internal sealed class SeenDialogs
{
    private readonly SipDialogTable _table = new();
    private Instant _at = Views.Now - TimeSpan.FromMinutes(12);

    public SeenDialogs()
    {
        Ask("work", "REGISTER", "201", "201", "reg1", "Authorization: Digest username=\"201\", response=***\r\n").Answer(200, "OK").Wait(30);
        Ask("home", "REGISTER", "alice", "alice", "reg2", host: "sip.example").Answer(401, "Unauthorized", 30).Ask("home", "REGISTER", "alice", "alice", "reg2", "Authorization: Digest username=\"alice\", response=***\r\n", "sip.example", 2).Answer(403, "Forbidden", 25).Wait(60);
        Ask("work", "SUBSCRIBE", "201", "201", "mwi", "Event: message-summary\r\n").Answer(200, "OK").Come("work", "NOTIFY", "201", "201", "mwi", "Subscription-State: active\r\nEvent: message-summary\r\n").Reply(200, "OK").Wait(20);
        Ask("work", "INVITE", "201", "300", "call1", "Content-Type: application/sdp\r\n").Answer(100, "Trying", 10).Answer(180, "Ringing", 300).Answer(200, "OK", 4000).Ask("work", "ACK", "201", "300", "call1").Wait(120).Ask("work", "BYE", "201", "300", "call1", sequence: 2).Answer(200, "OK").Wait(20);
        Ask("work", "INVITE", "201", "nobody", "call2", "Content-Type: application/sdp\r\n").Answer(404, "Not Found", 22).Ask("work", "ACK", "201", "nobody", "call2").Wait(40);
        Come("home", "INVITE", "+49301111", "alice", "call3", host: "sip.example").Reply(180, "Ringing", 5).Come("home", "CANCEL", "+49301111", "alice", "call3", host: "sip.example").Reply(487, "Request Terminated", 2, "INVITE").Wait(30);
        Come("work", "MESSAGE", "202", "201", "text", "Content-Type: text/plain\r\n").Reply(202, "Accepted").Wait(30);
        Come("work", "OPTIONS", "pbx", "201", "ping").Reply(200, "OK").Wait(60);
        Ask("lab", "OPTIONS", "t1", "fs", "gone", host: "fs.example");
        _at = Views.Now - TimeSpan.FromSeconds(50);
        Ask("lab", "REGISTER", "t1", "t1", "silent", host: "fs.example").Wait(1);
        Ask("lab", "REGISTER", "t1", "t1", "silent", host: "fs.example", isRepeat: true);
    }

    public static PhoneView View => Views.Idle with { Dialogs = new SeenDialogs()._table.View };

    private string _account = "";
    private string _callId = "";
    private string _method = "";
    private string _more = "";
    private int _sequence;

    private SeenDialogs Wait(double seconds)
    {
        _at += TimeSpan.FromSeconds(seconds);
        return this;
    }

    private SeenDialogs Ask(string account, string method, string from, string to, string callId, string more = "", string host = "pbx.example", int sequence = 1, bool isRepeat = false) =>
        Request(account, true, method, from, to, callId, more, host, sequence, isRepeat);

    private SeenDialogs Come(string account, string method, string from, string to, string callId, string more = "", string host = "pbx.example") => Request(account, false, method, from, to, callId, more, host, 1, false);

    private SeenDialogs Request(string account, bool isSent, string method, string from, string to, string callId, string more, string host, int sequence, bool isRepeat)
    {
        (_account, _callId, _method, _sequence) = (account, callId, method, sequence);
        _more = $"From: <sip:{from}@{host}>;tag=a\r\nTo: <sip:{to}@{host}>\r\n";
        return Add(isSent, $"{method} sip:{to}@{host} SIP/2.0", more, method, isRepeat);
    }

    private SeenDialogs Answer(int status, string reason, double ms = 20) => Response(false, status, reason, ms, _method);

    private SeenDialogs Reply(int status, string reason, double ms = 1, string? method = null) => Response(true, status, reason, ms, method ?? _method);

    private SeenDialogs Response(bool isSent, int status, string reason, double ms, string method)
    {
        Wait(ms / 1000);
        return Add(isSent, $"SIP/2.0 {status} {reason}", "", method, false);
    }

    private SeenDialogs Add(bool isSent, string startLine, string more, string method, bool isRepeat)
    {
        var remote = _account switch { "work" => "203.0.113.5:5061", "home" => "198.51.100.7:5060", _ => "192.0.2.9:5060" };
        var text = string.Create(CultureInfo.InvariantCulture, $"{startLine}\r\nVia: SIP/2.0/UDP 10.0.0.1\r\n{_more}Call-ID: {_callId}\r\nCSeq: {_sequence} {method}\r\n{more}Content-Length: 0\r\n\r\n");
        _table.Add(new SipTrace.Message(_at, _account, isSent, new PathId(1), _account == "work" ? Transport.Tls : Transport.Udp, Address.Parse("10.0.0.1:5060"), Address.Parse(remote), startLine, _callId, text, isRepeat));
        return this;
    }
}
