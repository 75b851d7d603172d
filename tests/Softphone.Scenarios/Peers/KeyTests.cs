using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Keys to and from peers that know no telephone events.</summary>
public sealed class KeyTests
{
    private static readonly IpAddress _sip = IpAddress.Parse("203.0.113.88");

    [Theory]
    [InlineData(DtmfMode.Auto, "0")]
    [InlineData(DtmfMode.Info, "0 101")]
    public void Keys_ByInfo_OneAfterTheOther(DtmfMode mode, string formats)
    {
        using var bench = new PeerBench(adjust: o => o with { Keys = mode });
        bench.Dial(_ => bench.Peer.Describe(formats: formats));
        bench.Run(0.5);
        bench.That(Press(bench, "1w*#d"), "refused");
        bench.That(!Press(bench, "1x") && !Press(bench, new string('1', 200)), "taken");
        bench.Run(3);
        var infos = bench.Peer.Events.OfType<SipEvent.InfoReceived>().ToArray();
        Assert.Equal(["Signal=1", "Signal=*", "Signal=#", "Signal=D"], infos.Select(i => Encoding.ASCII.GetString(i.Body.Span).Split("\r\n")[0]));
        Assert.All(infos, i => Assert.Equal(("application/dtmf-relay", ""), (i.ContentType, i.Package)));
        bench.Talk();
        bench.That(bench.End().Fault is null, "a fault");
    }

    /// <summary>A peer that knows neither events nor INFO, or that says INFO and then refuses it, hears the keys.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("INVITE, ACK, BYE, INFO", 415)]
    public void Keys_ThatNothingElseCarries_AreHeard(string allow, int refusal)
    {
        using var bench = new PeerBench();
        var raw = new RawPeer(bench.Demo.World.AddHost("raw", bench.Demo.World.Public, _sip), _sip);
        raw.Received = message =>
        {
            if (message is not SipRequest { } request || request.Method == SipMethod.Ack) return;
            if (request.Method == SipMethod.Invite) raw.Respond(request, 200, "tag", bench.Peer.Describe(formats: "0"), allow);
            else raw.Respond(request, request.Method == SipMethod.Info ? refusal : 200, "tag");
        };
        var call = default(CallId);
        bench.Alice.Do((m, now) => call = m.Call(now, bench.Account, SipUri.Parse($"sip:peer@{_sip}")));
        bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        // Its media is not where its signalling is: it gets ours in full once it is heard.
        bench.Peer.StartSending(ScriptedPeer.MediaOf(raw.Got.OfType<SipRequest>().First(r => r.Method == SipMethod.Invite).Body));
        bench.Run(0.5);
        bench.Peer.Tape = [];
        bench.That(Press(bench, "71", call), "refused");
        bench.Run(2);
        bench.That(raw.Got.OfType<SipRequest>().Count(r => r.Method == SipMethod.Info) == (refusal == 0 ? 0 : 1), "more INFO than one");
        var heard = bench.Peer.Tape.Select(b => (double)G711.DecodeMu(b)).ToArray();
        bench.That(Level(heard, 697) > 100 && Level(heard, 1209) > 100, "1 is not heard");
        bench.That(Level(heard, 852) > 100, "7 is not heard");
        bench.That(Level(heard, 1477) < 20, "3 is heard");
    }

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=250\r\n", '5', 250)]
    [InlineData("application/dtmf-relay", "Signal= 11\nDuration= 100", '#', 100)]
    [InlineData("application/DTMF-Relay", "signal=a", 'A', 160)]
    [InlineData("application/dtmf", "*", '*', 160)]
    [InlineData("application/dtmf", "10\r\n", '*', 160)]
    [InlineData("application/dtmf-relay", "Signal=77\r\nDuration=99999999999", null, 0)]
    [InlineData("application/dtmf-relay", "Signal=\r\n", null, 0)]
    [InlineData("application/dtmf-relay", "\0\0\0", null, 0)]
    public void Key_ByInfoOfThePeer_IsTaken(string contentType, string body, char? key, int ms)
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.2);
        bench.Peer.Do((agent, now) => agent.Info(now, bench.Peer.Session, contentType, Encoding.ASCII.GetBytes(body)));
        bench.Run(0.2);
        var got = bench.Alice.Events.OfType<PhoneEvent.DigitReceived>().SingleOrDefault();
        Assert.Equal((key, key is null ? null : "info", ms), ((char?)got?.Digit, got?.Via, got?.DurationMs ?? 0));
        Assert.Equal(key is { } k ? $"{k}" : "", bench.End().Digits);
    }

    /// <summary>They are listened for only where the peer has no telephone events: else each key would come twice.</summary>
    [Theory]
    [InlineData("0", "5")]
    [InlineData("0 101", "")]
    public void Key_InTheAudioOfThePeer_IsHeard(string formats, string expected)
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe(formats: formats));
        bench.Run(1);
        bench.Peer.Voice = at => G711.EncodeMu((short)(8000 * (Math.Sin(Math.Tau * 770 * at / 8000) + Math.Sin(Math.Tau * 1336 * at / 8000))));
        bench.Run(0.1);
        bench.Peer.Voice = _ => G711.EncodeMu(0);
        bench.Run(1);
        Assert.All(bench.Alice.Events.OfType<PhoneEvent.DigitReceived>(), d => Assert.Equal("inband", d.Via));
        Assert.Equal(expected, bench.End().Digits);
    }

    [Theory]
    [InlineData(DtmfMode.Inband, false)]
    [InlineData(DtmfMode.Auto, true)]
    [InlineData(DtmfMode.Info, true)]
    public void Events_AreOfferedAndTaken_UnlessKeysAreTones(DtmfMode mode, bool expected)
    {
        using var bench = new PeerBench(adjust: o => o with { Keys = mode });
        bench.Dial(_ => bench.Peer.Describe());
        var offer = Encoding.ASCII.GetString(bench.Peer.Events.OfType<SipEvent.Incoming>().Last().Offer.Span);
        Assert.Equal(expected, offer.Contains("telephone-event", StringComparison.OrdinalIgnoreCase));
        var answer = bench.Offer(bench.Peer.Describe(version: 2));
        Assert.Equal(expected, answer!.Contains("telephone-event", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Call_ToAPhoneThatOffersEvents_IsAnsweredWithoutThemWhenKeysAreTones_AndThoseAreHeard()
    {
        using var bench = new PeerBench(adjust: o => o with { Keys = DtmfMode.Inband });
        bench.BeCalled(bench.Peer.Describe(formats: "0 101"));
        bench.Run(1);
        var answer = Encoding.ASCII.GetString(bench.Peer.Events.OfType<SipEvent.Answered>().Last().Sdp.Span);
        Assert.DoesNotContain("telephone-event", answer, StringComparison.OrdinalIgnoreCase);
        bench.Peer.Voice = at => G711.EncodeMu((short)(8000 * (Math.Sin(Math.Tau * 941 * at / 8000) + Math.Sin(Math.Tau * 1477 * at / 8000))));
        bench.Run(0.1);
        bench.Peer.Voice = _ => G711.EncodeMu(0);
        bench.Run(1);
        bench.Alice.Do((m, now) => m.SendDtmf(now, bench.Call, "8"));
        bench.Run(1);
        Assert.All(bench.Peer.Stamps, s => Assert.Equal(0, s.PayloadType));
        Assert.Equal("#", bench.End().Digits);
    }

    private static bool Press(PeerBench bench, string keys, CallId? call = null)
    {
        var isSent = false;
        bench.Alice.Do((m, now) => isSent = m.SendDtmf(now, call ?? bench.Call, keys));
        return isSent;
    }

    /// <summary>Amplitude of one frequency over the whole, which lasts ten times as long as a key.</summary>
    private static double Level(double[] heard, double hertz)
    {
        double real = 0, imaginary = 0;
        for (var i = 0; i < heard.Length; i++)
        {
            real += heard[i] * Math.Cos(Math.Tau * hertz * i / 8000);
            imaginary += heard[i] * Math.Sin(Math.Tau * hertz * i / 8000);
        }

        return 2 * Math.Sqrt(real * real + imaginary * imaginary) / heard.Length;
    }
}
