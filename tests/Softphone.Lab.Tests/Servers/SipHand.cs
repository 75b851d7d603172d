using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab.Tests;

/// <summary>A phone written out by hand, text by text.</summary>
internal sealed partial class SipHand
{
    private readonly DemoWorld _demo;
    private readonly Bench _bench;
    private readonly string _transport;
    private int _branch;

    public SipHand(DemoWorld demo, VirtualHost host, string user, Transport transport = Transport.Udp, ushort port = 5060)
    {
        _demo = demo;
        User = user;
        _transport = transport.ToString().ToUpperInvariant();
        _bench = Bench.On(host, transport == Transport.Udp ? port : (ushort)0, transport);
        Local = transport == Transport.Udp ? _bench.Bound : new Address(_bench.Bound.Ip, port);
    }

    public string User { get; }

    /// <summary>What it writes into Via and Contact: its private address.</summary>
    public Address Local { get; }

    public Bench Bench => _bench;

    public string Contact => $"sip:{User}@{Local}{(_transport == "TCP" ? ";transport=tcp" : "")}";

    public List<SipMessage> Messages
    {
        get
        {
            var messages = new List<SipMessage>();
            if (_transport == "TCP")
            {
                var stream = new SipStreamParser();
                foreach (var received in _bench.Probe.Received) stream.Push(Encoding.Latin1.GetBytes(received.Text));
                while (stream.TryRead(out var item))
                    if (item is SipStreamItem.Message whole) messages.Add(whole.Value);
                return messages;
            }

            foreach (var received in _bench.Probe.Received)
            {
                Assert.True(SipParser.TryParse(Encoding.Latin1.GetBytes(received.Text), out var message, out var error), error.ToString());
                messages.Add(message);
            }

            return messages;
        }
    }

    public IEnumerable<SipRequest> Requests => Messages.OfType<SipRequest>();

    public IEnumerable<SipResponse> Responses => Messages.OfType<SipResponse>();

    public int Count(string method) => Requests.Count(r => r.Method == method);

    public SipRequest Request(string method) => Requests.Last(r => r.Method == method);

    public SipResponse LastResponse => Responses.Last();

    public string NewBranch() => $"z9hG4bK{User}{++_branch}";

    public void Run(double seconds = 1) => _demo.World.RunUntil(_demo.World.Now + TimeSpan.FromSeconds(seconds));

    /// <summary>All that it sent.</summary>
    public List<string> Sent { get; } = [];

    public void SendRaw(string text)
    {
        Sent.Add(text);
        _bench.Send(DemoWorld.SipAddress, text);
    }

    /// <summary>A request; header lines in <paramref name="more"/> end with CRLF each.</summary>
    public string Send(
        string method, string uri, int cseq, string callId, string to, string? fromTag = "f", string? branch = null, string more = "", int maxForwards = 70)
    {
        branch ??= NewBranch();
        SendRaw(
            $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/{_transport} {Local};branch={branch};rport\r\nMax-Forwards: {maxForwards}\r\n"
            + $"From: <sip:{User}@lab.test>;tag={fromTag}\r\nTo: {to}\r\nCall-ID: {callId}\r\nCSeq: {cseq} {method}\r\n{more}Content-Length: 0\r\n\r\n");
        return branch;
    }

    /// <summary>Registers with the challenge answered; the final response.</summary>
    public SipResponse Register(int expires = 600, string? contact = null, int cseq = 1, string callId = "reg", string? password = null, string more = "")
    {
        var header = $"Contact: {contact ?? $"<{Contact}>"}\r\nExpires: {expires}\r\n{more}";
        var to = $"<sip:{User}@lab.test>";
        Send("REGISTER", "sip:lab.test", cseq, callId + User, to, more: header);
        Run();
        if (LastResponse.Status != 401) return LastResponse;
        Send("REGISTER", "sip:lab.test", cseq + 1, callId + User, to, more: header + Authorization("Authorization", "REGISTER", "sip:lab.test", LastResponse, password));
        Run();
        return LastResponse;
    }

    /// <summary>An INVITE whose challenge is answered; the branch of the second one.</summary>
    public string Invite(string uri, string callId = "call", int cseq = 1, string more = "", double wait = 1)
    {
        var contact = $"Contact: <{Contact}>\r\n{more}";
        var branch = Send("INVITE", uri, cseq, callId, $"<{uri}>", more: contact);
        Run();
        var challenge = Responses.Last(r => r.Status == 407);
        Send("ACK", uri, cseq, callId, challenge.Headers.Get("To")!, branch: branch);
        branch = Send("INVITE", uri, cseq + 1, callId, $"<{uri}>", more: contact + Authorization("Proxy-Authorization", "INVITE", uri, challenge));
        Run(wait);
        return branch;
    }

    public void Respond(SipRequest request, int status, string more = "")
    {
        var response = SipResponse.For(request, status, toTag: "t" + User);
        var text = Encoding.Latin1.GetString(response.ToArray());
        var head = text[..text.IndexOf("Content-Length", StringComparison.Ordinal)];
        SendRaw($"{head}{(status is > 100 and < 300 ? $"Contact: <{Contact}>\r\n" : "")}{more}Content-Length: 0\r\n\r\n");
        Run();
    }

    public string Authorization(string header, string method, string uri, SipResponse challenge, string? password = null)
    {
        var value = challenge.Headers.GetAll(header == "Authorization" ? "WWW-Authenticate" : "Proxy-Authenticate").First(v => v.Contains("MD5"));
        var nonce = Nonce().Match(value).Groups[1].Value;
        var secret = Hash($"{User}:lab.test:{password ?? DemoWorld.PasswordOf(User)}");
        var response = Hash($"{secret}:{nonce}:00000001:c:auth:{Hash($"{method}:{uri}")}");
        return $"{header}: Digest username=\"{User}\", realm=\"lab.test\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"\r\n";
    }

    [GeneratedRegex("nonce=\"([^\"]+)\"")]
    private static partial Regex Nonce();

    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
