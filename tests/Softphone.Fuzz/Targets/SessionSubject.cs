using System.Text;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Fuzz;

/// <summary>
/// A SIP agent that calls and is called, with provisional responses that are acknowledged both ways: what is damaged names its dialogs. It comes from the
/// account's server, so that all that is believed of one is read.
/// </summary>
internal sealed class SessionSubject : IFuzzSubject
{
    private const int Life = 64;

    private static readonly Address Server = Address.Parse("198.51.100.1:5060");
    private static readonly Address Here = Address.Parse("198.51.100.2:5060");
    private static readonly PathId Path = new(1);

    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private SipAgent _agent = null!;
    private Instant _now;
    private int _fed;

    public SessionSubject() => Begin(null);

    /// <summary>What passes where nothing is damaged; every agent draws the same, so that it names the dialogs of each.</summary>
    public static IReadOnlyList<byte[]> Overheard { get; } = Listen();

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        if (++_fed % Life == 0) Begin(null);
        _agent.Receive(new Datagram(_now, Path, Server, input));
        Drain(chance, null);
        _now += TimeSpan.FromMilliseconds(chance.NextInt(900));
        _agent.Advance(_now);
        Drain(chance, null);
    }

    public void Dispose()
    {
    }

    private static List<byte[]> Listen()
    {
        var seeds = new List<byte[]>();
        using var subject = new SessionSubject();
        subject.Begin(seeds);
        return seeds;
    }

    private void Begin(List<byte[]>? seeds)
    {
        _now = Instant.Zero + TimeSpan.FromSeconds(1);
        _agent = new SipAgent(new SipAgentOptions { UdpKeepalive = TimeSpan.Zero, UnsolicitedPerTenSeconds = 0 }, new SeededEntropy(7), new Trace());
        _agent.AddPath(Path, Transport.Udp, Here);
        var account = _agent.AddAccount(new SipAccount { Aor = SipUri.Parse($"sip:bob@{Server.Ip}"), Registrar = SipUri.Parse($"sip:{Server.Ip}"), WantsMessages = false });
        _agent.Register(_now, account);
        Say(Answer("REGISTER", 200, seeds, "Contact: <sip:bob@198.51.100.2>;expires=60", "Service-Route: <sip:198.51.100.1;lr>", "Path: <sip:198.51.100.1;lr;ob>"));
        _agent.Invite(_now, account, SipUri.Parse($"sip:carol@{Server.Ip}"), "v=0"u8.ToArray());
        var invite = Last("INVITE");
        foreach (var (status, number) in ((int, int)[])[(183, 5), (180, 6), (199, 7)])
            Say(Respond(invite, status, seeds, "Require: 100rel", $"RSeq: {number}", "Allow: INVITE, PRACK, UPDATE", "Contact: <sip:carol@198.51.100.1>", "Reason: Q.850;cause=17;text=\"busy\""));
        Say(Request("INVITE", 1, "", seeds, "Require: 100rel", "Supported: 100rel", "Allow: UPDATE", "P-Asserted-Identity: \"A\" <sip:a@b>, <tel:+1>", "Remote-Party-ID: <sip:a@b>;party=calling;privacy=off",
            "Diversion: <sip:200@b>;reason=no-answer", "History-Info: <sip:1@b?Reason=SIP%3Bcause%3D302>;index=1, <sip:2@b;cause=486>;index=1.1;mp=1", "Answer-Mode: Auto;require", "Alert-Info: <http://x>;info=alert-autoanswer"));
        while (_agent.TryEvent(out var happened))
            if (happened is SipEvent.Incoming incoming) _agent.Progress(_now, incoming.Session, 183, "v=0"u8.ToArray());
        var ringing = Last("SIP/2.0 183");
        var number183 = ringing.Headers.RSeq ?? 0;
        var tag = ringing.Headers.TryTo(out var to) ? $";tag={to.Tag}" : "";
        foreach (var (method, cseq, extra) in ((string, int, string)[])[("PRACK", 2, $"RAck: {number183} 1 INVITE"), ("UPDATE", 3, "Supported: timer"), ("CANCEL", 1, "Reason: SIP;cause=200;text=\"elsewhere\""), ("BYE", 4, "Reason: Q.850;cause=16")])
            _ = Request(method, cseq, tag, seeds, extra);
    }

    private void Say(byte[] octets)
    {
        _agent.Receive(new Datagram(_now, Path, Server, octets));
        _agent.Advance(_now);
    }

    private SipMessage Last(string start)
    {
        SipMessage? found = null;
        while (_agent.TryTransmit(_buffer, out var transmit))
            if (SipParser.TryParse(_buffer.AsSpan(0, transmit.Length), out var message, out _) && message.StartLine.StartsWith(start, StringComparison.Ordinal)) found = message;
        return found ?? throw new FuzzFailure($"the agent sends no {start}");
    }

    private byte[] Answer(string method, int status, List<byte[]>? seeds, params string[] headers) => Respond(Last(method), status, seeds, headers);

    private static byte[] Respond(SipMessage request, int status, List<byte[]>? seeds, params string[] headers)
    {
        var response = SipResponse.For((SipRequest)request, status, null, "carol");
        foreach (var header in headers) response.Headers.Add(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        if (status is 183) response.SetBody("application/sdp", "v=0"u8.ToArray());
        var octets = response.ToArray();
        seeds?.Add(octets);
        return octets;
    }

    private static byte[] Request(string method, int cseq, string tag, List<byte[]>? seeds, params string[] headers)
    {
        var body = method is "INVITE" or "UPDATE" or "PRACK" ? "v=0" : "";
        var branch = method == "CANCEL" ? "INVITE" : method;
        var text = $"{method} sip:bob@198.51.100.2 SIP/2.0\r\nVia: SIP/2.0/UDP {Server};branch=z9hG4bK{branch};rport\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:bob@b>{(method == "CANCEL" ? "" : tag)}\r\n"
            + $"Call-ID: theirs\r\nCSeq: {cseq} {method}\r\nContact: <sip:a@{Server}>\r\n{string.Join("", headers.Select(h => $"{h}\r\n"))}{(body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}";
        var octets = Encoding.UTF8.GetBytes(text);
        seeds?.Add(octets);
        return octets;
    }

    private void Drain(SeededEntropy chance, List<byte[]>? sent)
    {
        while (_agent.TryTransmit(_buffer, out var transmit)) sent?.Add(_buffer[..transmit.Length]);
        while (_agent.TryQuery(out var query)) _agent.Answer(_now, new NameAnswer(query.Id, [], [], [], true));
        while (_agent.TryEvent(out var happened))
        {
            switch (happened)
            {
                case SipEvent.Broke broke:
                    throw new FuzzFailure($"{broke.Where}: {broke.Error}");
                case SipEvent.Incoming incoming:
                    _agent.Progress(_now, incoming.Session, 180 + chance.NextInt(4), chance.NextInt(2) == 0 ? "v=0"u8.ToArray() : default);
                    if (chance.NextInt(4) == 0) _agent.Accept(_now, incoming.Session, "v=0"u8.ToArray());
                    break;
                case SipEvent.OfferReceived offer when chance.NextInt(3) > 0:
                    _agent.AnswerOffer(_now, offer.Session, "v=0"u8.ToArray());
                    break;
                case SipEvent.Progress { IsOffer: true } offer:
                    _agent.AnswerOffer(_now, offer.Session, "v=0"u8.ToArray(), offer.Dialog);
                    break;
                case SipEvent.Progress progress when chance.NextInt(4) == 0:
                    _agent.Offer(_now, progress.Session, "v=0"u8.ToArray(), byUpdate: true);
                    break;
            }
        }
    }
}
