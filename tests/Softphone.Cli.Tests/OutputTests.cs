using System.Globalization;
using Softphone.Cli;

namespace Softphone.Cli.Tests;

/// <summary>The bytes of the contract. A change here breaks scripts: add, never alter.</summary>
public sealed class OutputTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 4, 5, 6, 78, TimeSpan.FromHours(1));

    private static readonly OutputEvent.Flow Flow = new() { Packets = 500, Bytes = 40_000, Lost = 5, LossPct = 1, JitterMs = 2.5, LevelDbfs = -21.4 };

    private static readonly OutputEvent[] Events =
    [
        new OutputEvent.Registration { T = At, State = "registered", Aor = "sip:201@pbx.example.net", Server = "192.0.2.1:5060", ExpiresS = 300, Status = 200, Reason = "OK" },
        new OutputEvent.Registration { T = At, State = "registering", Aor = "sip:201@pbx.example.net" },
        new OutputEvent.CallState { T = At, Call = "c1", State = "ringing", Direction = "outgoing", Peer = "\"Bö b\" <sip:202@pbx.example.net>", Status = 180, Reason = "Ringing" },
        new OutputEvent.IceCandidate
        {
            T = At, Call = "c1", Side = "local", Component = 1, Type = "srflx", Addr = "203.0.113.9:50000", Transport = "udp", Priority = 1694498815, Foundation = "a1", Server = "stun.example.net:3478",
        },
        new OutputEvent.IcePair { T = At, Call = "c1", Component = 1, Local = "10.0.0.5:40000", Remote = "[2001:db8::9]:50000", State = "in-progress", Nominated = false },
        new OutputEvent.IcePair { T = At, Call = "c1", Component = 2, Local = "10.0.0.5:40001", Remote = "192.0.2.9:50001", State = "succeeded", RttMs = 40.2, Nominated = true },
        new OutputEvent.IceState { T = At, Call = "c1", State = "completed", Role = "controlling" },
        new OutputEvent.IceSelected
        {
            T = At, Call = "c1", Component = 1, Local = new("host", "10.0.0.5:40000"), Remote = new("srflx", "203.0.113.7:50000"), Path = "srflx", RttMs = 40, IceMs = 121.5,
        },
        new OutputEvent.Media { T = At, Call = "c1", Codec = "opus", Tx = Flow, Rx = Flow with { JitterMs = null, LevelDbfs = null }, RttMs = 41, PlayoutMs = 60, ConcealedPct = 0.4, Mos = 4.3 },
        new OutputEvent.Dtmf { T = At, Call = "c1", Digit = "#", DurationMs = 160, Via = "rfc4733" },
        new OutputEvent.Refer { T = At, Call = "c1", Target = "sip:203@pbx.example.net", By = "sip:202@pbx.example.net" },
        new OutputEvent.Refer { T = At, Call = "c1", Target = "sip:203@pbx.example.net", NewCall = "c2" },
        new OutputEvent.CallReplaced { T = At, Call = "c1", By = "c2" },
        new OutputEvent.CallSecurityChange { T = At, Call = "c1", Srtp = "AES_CM_128_HMAC_SHA1_80", SrtpBy = "sdes", Weakened = false },
        new OutputEvent.CallSecurityChange { T = At, Call = "c1", Weakened = true },
        new OutputEvent.MediaSilent { T = At, Call = "c1", SilentS = 30, EndsInS = 30 },
        new OutputEvent.MediaContested { T = At, Call = "c1", First = "203.0.113.7:4000", Second = "203.0.113.8:4000" },
        new OutputEvent.Messages { T = At, New = 2, Old = 1 },
        new OutputEvent.Registration { T = At, State = "registered", Aor = "sip:201@pbx.example.net", Contact = "sip:201-9f3c07d1b2a48e65@192.0.2.7:40123" },
        new OutputEvent.ServerSilent { T = At, Server = "[2001:db8::5]:5060", Transport = "udp", Instead = "192.0.2.5:5060", Reason = "[2001:db8::5]:5060 did not answer on UDP within 3 s" },
        new OutputEvent.ServerWay { T = At, Server = "192.0.2.5:5060", Transport = "tcp", Found = "stream-chosen", Reason = "SIP over TCP with 192.0.2.5:5060: large messages are not cut", Remedy = "write transport=udp in the URI of the server to stay on UDP" },
        new OutputEvent.ServerWay { T = At, Server = "192.0.2.5:5060", Transport = "udp", Found = "datagrams-cut", Reason = "fragments do not pass", Remedy = "write transport=tcp" },
        new OutputEvent.WayChanged { T = At, From = "wlan0", To = "wwan0", Reason = "wlan0 is up, but nothing comes back by it", Remedy = "restart the router behind wlan0, or see what it blocks" },
        new OutputEvent.Rewritten { T = At, Server = "203.0.113.5:5060", Reason = "something on the way rewrites SIP messages", Remedy = "register over TLS" },
        new OutputEvent.CallRefused { T = At, Why = "stranger", Status = 404, Count = 1, Peer = "sip:100@1.1.1.1", Target = "sip:100@192.0.2.7", Addr = "203.0.113.66:5060" },
        new OutputEvent.CallRefused { T = At, Why = "unknown-user", Status = 404, Count = 2, Peer = "sip:a@b", Target = "sip:c@d", Addr = "[2001:db8::6]:5060" },
        new OutputEvent.CallRefused { T = At, Why = "busy", Status = 486, Count = 7, Peer = "sip:a@b", Target = "sip:c@d", Addr = "192.0.2.1:5060" },
        new OutputEvent.CallEnd
        {
            T = At, Call = "c1", Status = 200, Reason = "OK", Cause = "remote", SetupMs = 1200, IceMs = 121.5, MediaMs = 60, Path = "srflx", Codec = "opus", Srtp = "AES_CM_128_HMAC_SHA1_80",
            Tx = Flow, Rx = Flow, Mos = 4.3, Audio = "two-way", Expect = new(["mos>=4.4 does not hold: MOS was 4.3"]),
        },
        new OutputEvent.CallEnd { T = At, Call = "c2", Status = 486, Reason = "Busy Here", Cause = "remote", NotAgreed = [new(96, 3), new(13, 1)], Audio = "none" },
        new OutputEvent.Explain { T = At, Call = "c1", Text = "Direct.\nNo \"relay\" needed." },
        new OutputEvent.MatrixCell
        {
            T = At, A = "symmetric", B = "port-restricted", SameNat = false, Turn = true, Components = 2, Path = "relay", Expected = "relay", MediaRtt = 2.5, CompletedRtt = 4, Ok = true,
        },
        new OutputEvent.Nat
        {
            T = At, Mapping = "endpoint-independent", Filtering = "address-and-port-dependent", Hairpin = false, Classic = "port-restricted cone", Mapped = "203.0.113.9:50000", LifetimeS = 60,
            Evidence = ["192.0.2.1:3478 saw 203.0.113.9:50000"],
        },
        new OutputEvent.Registration
        {
            T = At, State = "failed", Aor = "sip:201@pbx.example.net", Status = 408, Reason = "no answer", IsUnanswered = true, Dropped = [new("sip", "192.0.2.1:5060", "no blank line", 10)],
        },
        new OutputEvent.CallRefused { T = At, Why = "lacking", Status = 420, Count = 1, Peer = "sip:a@b", Target = "sip:c@d", Addr = "192.0.2.1:5060", Demands = "100rel" },
        new OutputEvent.CallEnd { T = At, Call = "c3", Status = 408, Reason = "no answer", Cause = "error", Audio = "none", Dropped = [new("media", null, "DTLS", 3)] },
        new OutputEvent.Media { T = At, Call = "c3", Codec = "opus", Tx = Flow, Rx = Flow, ConcealedPct = 0.4, Mos = 4.3, Recent = new(2.2, 20, 18.5) },
        new OutputEvent.Listening { T = At, Addr = "[::1]:5060", Transport = "tcp" },
        new OutputEvent.OptionsAnswer { T = At, Target = "sip:pbx.example.net", Status = 200, Reason = "OK", Ms = 12.3, Allow = ["INVITE", "ACK"], Server = "PBX 1" },
        new OutputEvent.OptionsAnswer { T = At, Target = "sip:pbx.example.net", Reason = "192.0.2.9:5060 refused UDP", Ms = 60 },
    ];

    private const string Golden =
        """
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"registration","state":"registered","aor":"sip:201@pbx.example.net","server":"192.0.2.1:5060","expires_s":300,"status":200,"reason":"OK"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"registration","state":"registering","aor":"sip:201@pbx.example.net"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.state","call":"c1","state":"ringing","direction":"outgoing","peer":"\"Bö b\" <sip:202@pbx.example.net>","status":180,"reason":"Ringing"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"ice.candidate","call":"c1","side":"local","component":1,"type":"srflx","addr":"203.0.113.9:50000","transport":"udp","priority":1694498815,"foundation":"a1","server":"stun.example.net:3478"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"ice.pair","call":"c1","component":1,"local":"10.0.0.5:40000","remote":"[2001:db8::9]:50000","state":"in-progress","nominated":false}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"ice.pair","call":"c1","component":2,"local":"10.0.0.5:40001","remote":"192.0.2.9:50001","state":"succeeded","rtt_ms":40.2,"nominated":true}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"ice.state","call":"c1","state":"completed","role":"controlling"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"ice.selected","call":"c1","component":1,"local":{"type":"host","addr":"10.0.0.5:40000"},"remote":{"type":"srflx","addr":"203.0.113.7:50000"},"path":"srflx","rtt_ms":40,"ice_ms":121.5}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"media","call":"c1","codec":"opus","tx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1,"jitter_ms":2.5,"level_dbfs":-21.4},"rx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1},"rtt_ms":41,"playout_ms":60,"concealed_pct":0.4,"mos":4.3}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"dtmf","call":"c1","digit":"#","duration_ms":160,"via":"rfc4733"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"refer","call":"c1","target":"sip:203@pbx.example.net","by":"sip:202@pbx.example.net"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"refer","call":"c1","target":"sip:203@pbx.example.net","new_call":"c2"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.replaced","call":"c1","by":"c2"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.security","call":"c1","srtp":"AES_CM_128_HMAC_SHA1_80","srtp_by":"sdes","weakened":false}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.security","call":"c1","weakened":true}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"media.silent","call":"c1","silent_s":30,"ends_in_s":30}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"media.contested","call":"c1","first":"203.0.113.7:4000","second":"203.0.113.8:4000"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"messages","new":2,"old":1}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"registration","state":"registered","aor":"sip:201@pbx.example.net","contact":"sip:201-9f3c07d1b2a48e65@192.0.2.7:40123"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"server.silent","server":"[2001:db8::5]:5060","transport":"udp","instead":"192.0.2.5:5060","reason":"[2001:db8::5]:5060 did not answer on UDP within 3 s"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"server.way","server":"192.0.2.5:5060","transport":"tcp","found":"stream-chosen","reason":"SIP over TCP with 192.0.2.5:5060: large messages are not cut","remedy":"write transport=udp in the URI of the server to stay on UDP"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"server.way","server":"192.0.2.5:5060","transport":"udp","found":"datagrams-cut","reason":"fragments do not pass","remedy":"write transport=tcp"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"network.way","from":"wlan0","to":"wwan0","reason":"wlan0 is up, but nothing comes back by it","remedy":"restart the router behind wlan0, or see what it blocks"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"sip.rewritten","server":"203.0.113.5:5060","reason":"something on the way rewrites SIP messages","remedy":"register over TLS"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.refused","why":"stranger","status":404,"count":1,"peer":"sip:100@1.1.1.1","target":"sip:100@192.0.2.7","addr":"203.0.113.66:5060"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.refused","why":"unknown-user","status":404,"count":2,"peer":"sip:a@b","target":"sip:c@d","addr":"[2001:db8::6]:5060"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.refused","why":"busy","status":486,"count":7,"peer":"sip:a@b","target":"sip:c@d","addr":"192.0.2.1:5060"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.end","call":"c1","status":200,"reason":"OK","cause":"remote","setup_ms":1200,"ice_ms":121.5,"media_ms":60,"path":"srflx","codec":"opus","srtp":"AES_CM_128_HMAC_SHA1_80","tx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1,"jitter_ms":2.5,"level_dbfs":-21.4},"rx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1,"jitter_ms":2.5,"level_dbfs":-21.4},"mos":4.3,"audio":"two-way","expect":{"failed":["mos>=4.4 does not hold: MOS was 4.3"]}}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.end","call":"c2","status":486,"reason":"Busy Here","cause":"remote","not_agreed":[{"pt":96,"packets":3},{"pt":13,"packets":1}],"audio":"none","expect":{"failed":[]}}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"explain","call":"c1","text":"Direct.\nNo \"relay\" needed."}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"matrix.cell","a":"symmetric","b":"port-restricted","same_nat":false,"turn":true,"components":2,"path":"relay","expected":"relay","media_rtt":2.5,"completed_rtt":4,"ok":true}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"nat","mapping":"endpoint-independent","filtering":"address-and-port-dependent","hairpin":false,"classic":"port-restricted cone","mapped":"203.0.113.9:50000","lifetime_s":60,"evidence":["192.0.2.1:3478 saw 203.0.113.9:50000"]}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"registration","state":"failed","aor":"sip:201@pbx.example.net","status":408,"reason":"no answer","dropped":[{"layer":"sip","from":"192.0.2.1:5060","why":"no blank line","count":10}]}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.refused","why":"lacking","status":420,"count":1,"peer":"sip:a@b","target":"sip:c@d","addr":"192.0.2.1:5060","demands":"100rel"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"call.end","call":"c3","status":408,"reason":"no answer","cause":"error","audio":"none","dropped":[{"layer":"media","why":"DTLS","count":3}],"expect":{"failed":[]}}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"media","call":"c3","codec":"opus","tx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1,"jitter_ms":2.5,"level_dbfs":-21.4},"rx":{"packets":500,"bytes":40000,"lost":5,"loss_pct":1,"jitter_ms":2.5,"level_dbfs":-21.4},"concealed_pct":0.4,"mos":4.3,"recent":{"mos":2.2,"loss_pct":20,"concealed_pct":18.5}}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"listening","addr":"[::1]:5060","transport":"tcp"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"options","target":"sip:pbx.example.net","status":200,"reason":"OK","ms":12.3,"allow":["INVITE","ACK"],"server":"PBX 1"}
        {"v":1,"t":"2026-11-21T03:05:06.078Z","ev":"options","target":"sip:pbx.example.net","reason":"192.0.2.9:5060 refused UDP","ms":60}

        """;

    private const string Human =
        """
        account   sip:201@pbx.example.net registered at 192.0.2.1:5060 for 300 s
        account   sip:201@pbx.example.net registering
        call      ringing to "Bö b" <sip:202@pbx.example.net>: 180 Ringing
        candidate local srflx 203.0.113.9:50000 by stun.example.net:3478
        ice       completed, controlling
        path      rtp srflx: host 10.0.0.5:40000 to srflx 203.0.113.7:50000, rtt 40 ms, found in 121.5 ms
        media     opus sent 500 packets, 1% lost, jitter 2.5 ms; heard 500 packets, 1% lost, rtt 41 ms, playout 60 ms, MOS 4.3
        key       # (160 ms, rfc4733)
        transfer  the peer wants us to call sip:203@pbx.example.net: declined
        transfer  the peer wants us to call sip:203@pbx.example.net
        call      goes on as c2
        secure    media is encrypted: SRTP AES_CM_128_HMAC_SHA1_80, keys by sdes
        secure    NOT any more: the other side ended the encryption of this call, and others may hear it
        media     nothing heard for 30 s: the call ends in 30 s if that goes on (call.silence-limit)
        media     203.0.113.7:4000 and 203.0.113.8:4000 both send audio for this call, and the other side named neither: neither is heard
        messages  2 new, 1 old
        account   sip:201@pbx.example.net registered as sip:201-9f3c07d1b2a48e65@192.0.2.7:40123
        server    [2001:db8::5]:5060 did not answer on UDP within 3 s; 192.0.2.5:5060 answered, and is used
        server    SIP over TCP with 192.0.2.5:5060: large messages are not cut
        server    fragments do not pass (write transport=tcp)
        network   wlan0 is up, but nothing comes back by it; wwan0 is used (restart the router behind wlan0, or see what it blocks)
        sip       something on the way rewrites SIP messages (register over TLS)
        refused   404 to sip:100@1.1.1.1 at 203.0.113.66:5060, who calls sip:100@192.0.2.7: it came past the account's servers (account.calls-from: anyone would let it ring)
        refused   404 to sip:a@b at [2001:db8::6]:5060, who calls sip:c@d: nobody of that name is here (2 such calls so far)
        refused   486 to sip:a@b at 192.0.2.1:5060, who calls sip:c@d: as many calls as may be are going on (call.limit) (7 such calls so far)
        ended     200 OK (remote), audio two-way, path srflx, opus, SRTP AES_CM_128_HMAC_SHA1_80, answered in 1200 ms, ICE 121.5 ms, audio after 60 ms, MOS 4.3
        expect    mos>=4.4 does not hold: MOS was 4.3
        ended     486 Busy Here (remote), audio none, 3 packets of payload type 96, which nobody agreed on, 1 packet of payload type 13, which nobody agreed on
        Direct. No "relay" needed.
        ok   symmetric and port-restricted, TURN: relay, expected relay, media after 2.5 round trips
        nat       port-restricted cone, seen as 203.0.113.9:50000
        mapping   endpoint-independent
        filtering address-and-port-dependent
        hairpin   no
        lifetime  60 s
          192.0.2.1:3478 saw 203.0.113.9:50000
        account   sip:201@pbx.example.net not registered: no answer
        refused   420 to sip:a@b at 192.0.2.1:5060, who calls sip:c@d: it demands 100rel, which this version does not have
        ended     408 no answer (error), audio none
        dropped   3 from others: DTLS
        media     opus sent 500 packets, 1% lost, jitter 2.5 ms; heard 500 packets, 1% lost, jitter 2.5 ms, MOS 2.2
        listening at [::1]:5060 by tcp
        sip:pbx.example.net answered 200 OK after 12.3 ms; it allows INVITE,ACK; it is PBX 1
        sip:pbx.example.net did not answer: 192.0.2.9:5060 refused UDP

        """;

    [Fact]
    public void Json_OfEveryEvent_IsThisToTheByte() => Assert.Equal(Golden.ReplaceLineEndings("\n"), Write(output => new JsonEventWriter(output)));

    [Fact]
    public void Text_OfEveryEvent_IsPlainLinesForAPerson() => Assert.Equal(Human.ReplaceLineEndings("\n"), Write(output => new HumanEventWriter(output, colour: false)));

    [Fact]
    public void Colour_WrapsLinesAndChangesNoText()
    {
        var coloured = Write(output => new HumanEventWriter(output, colour: true));
        Assert.Contains("\e[31m", coloured);
        Assert.Equal(Human.ReplaceLineEndings("\n"), System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]*m", ""));
    }

    [Theory]
    [InlineData("sip:200@pbx.example.net", "no-answer", ", sent here by sip:200@pbx.example.net (no answer)", ",\"forwarded_by\":\"sip:200@pbx.example.net\",\"forwarded_why\":\"no-answer\"}")]
    [InlineData("tel:+49301", null, ", sent here by tel:+49301", ",\"forwarded_by\":\"tel:\\u002B49301\"}")]
    [InlineData(null, null, "sip:a@b", "\"peer\":\"sip:a@b\"}")]
    public void Call_ThatWasSentHere_SaysByWhom(string? by, string? why, string words, string json)
    {
        var ringing = new OutputEvent.CallState { T = At, Call = "c1", State = "ringing", Direction = "incoming", Peer = "sip:a@b", ForwardedBy = by, ForwardedWhy = why };
        var (text, lines) = (new StringWriter(), new StringWriter());
        new HumanEventWriter(text, colour: false).Write(ringing);
        new JsonEventWriter(lines).Write(ringing);
        Assert.EndsWith(words, text.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith(json.Replace("\\u002B", "+", StringComparison.Ordinal), lines.ToString().TrimEnd().Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "", "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, "", "dumb", false)]
    [InlineData(false, "", "xterm", false)]
    public void Colour_IsForTerminalsWithoutNoColor(bool terminal, string noColor, string term, bool expected)
    {
        var context = new VerbContext
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string> { ["NO_COLOR"] = noColor, ["TERM"] = term },
            IsTerminal = terminal,
        };
        Assert.Equal(expected, context.UsesColour);
    }

    private static string Write(Func<TextWriter, IEventWriter> make)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var writer = make(output);
        foreach (var happened in Events) writer.Write(happened);
        return output.ToString();
    }
}
