using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

public sealed class OfferAnswerTests
{
    private static readonly SdpSession Fresh = SdpSession.Start("77");

    [Fact]
    [Rfc("3264", "5", Line = "sip O1")]
    public void Offer_WithoutIce_IsExactlyThis()
    {
        Assert.Equal(
            "v=0\r\no=- 77 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 107 9 8 0 97 101\r\n" +
            "a=rtpmap:107 opus/48000/2\r\na=rtpmap:97 telephone-event/48000\r\na=rtpmap:101 telephone-event/8000\r\n" +
            "a=fmtp:107 useinbandfec=1\r\na=rtcp-mux\r\n",
            OfferAnswer.CreateOffer(Local.Basic(), Fresh).ToString());
    }

    [Fact]
    [Rfc("8839", "4.2.1", Line = "sip C1")]
    public void Offer_WithIce_HasItsDefaultsAmongTheCandidates()
    {
        var offer = OfferAnswer.CreateOffer(Local.WithIce(), Fresh);
        var audio = offer.Media[0];
        Assert.True(offer.DefaultIsCandidate(audio));
        Assert.True(offer.DefaultIsCandidate(audio with { Attributes = [.. audio.Attributes.Where(a => a.Name != "rtcp-mux")] }));
        Assert.Null(audio.Value("rtcp"));
        Assert.Equal("ice2", audio.Value("ice-options"));
        Assert.Equal("20", audio.Value("ice-pacing"));
        Assert.Equal(4, audio.Values("candidate").Count());
        Assert.DoesNotContain("candidate", string.Join("", offer.Attributes));
    }

    /// <summary>What may be assumed is left out, and what may not is said.</summary>
    [Theory]
    [InlineData(40_001, "10.0.0.5", null)]
    [InlineData(40_000, "10.0.0.5", "40000")]
    [InlineData(40_007, "10.0.0.5", "40007")]
    [InlineData(40_001, "10.0.0.6", "40001 IN IP4 10.0.0.6")]
    [Rfc("8839", "4.2.1.2", Line = "sip O7")]
    public void Offer_WhoseRtcpIsNotTheNextPortUp_SaysSo(int port, string ip, string? expected)
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { Rtcp = new Address(IpAddress.Parse(ip), (ushort)port) }, Fresh);
        Assert.Equal(expected, offer.Media[0].Value("rtcp"));
        var read = Sdp.Parse(offer.ToString());
        Assert.Equal(new Address(IpAddress.Parse(ip), (ushort)port), read.RtcpOf(read.Media[0]));
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(30, "30")]
    [InlineData(60, "60")]
    [Rfc("3551", "4.5", Line = "sip O6")]
    public void Offer_OfOtherPacketsThanAssumed_SaysSo(int ptime, string? expected) =>
        Assert.Equal(expected, OfferAnswer.CreateOffer(Local.Basic() with { Ptime = ptime }, Fresh).Media[0].Value("ptime"));

    /// <summary>A static number needs no name; the same codec under a number of the peer's does.</summary>
    [Theory]
    [InlineData("0", null)]
    [InlineData("8", null)]
    [InlineData("9", null)]
    [InlineData("96", "96 PCMA/8000")]
    [InlineData("120", "120 PCMA/8000")]
    [Rfc("3551", "6", Line = "sip O6")]
    public void Answer_NamesWhatItsNumberDoesNot(string number, string? expected)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP {number}\r\n{(expected is null ? "" : $"a=rtpmap:{expected}\r\n")}");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out _, out _));
        Assert.Equal([number], answer.Media[0].Formats);
        Assert.Equal(expected, answer.Media[0].Value("rtpmap"));
    }

    [Theory]
    [InlineData("203.0.113.9:50002", "203.0.113.9:50001")]
    [InlineData("203.0.113.9:50000", "203.0.113.9:50003")]
    [InlineData("192.0.2.77:50000", "203.0.113.9:50001")]
    [Rfc("8839", "4.2.1.2", Line = "I16")]
    public void Offer_WhoseDefaultIsNoCandidate_IsNeverWritten(string rtp, string rtcp) =>
        Assert.Throws<ArgumentException>(() =>
            OfferAnswer.CreateOffer(Local.WithIce() with { Rtp = Address.Parse(rtp), Rtcp = Address.Parse(rtcp) }, Fresh));

    [Fact]
    [Rfc("8839", "4.4.1.2.2", Line = "I23")]
    public void Offer_AfterNomination_CarriesRemoteCandidates()
    {
        var local = Local.WithIce();
        var chosen = local.Ice! with
        {
            Candidates = [.. local.Ice.Candidates.Where(c => c.Type == SdpCandidateType.Srflx)],
            RemoteCandidates = [new(1, Address.Parse("192.0.2.3:45664")), new(2, Address.Parse("192.0.2.3:45665"))],
        };
        var audio = OfferAnswer.CreateOffer(local with { Ice = chosen }, Fresh).Media[0];
        Assert.Equal("1 192.0.2.3 45664 2 192.0.2.3 45665", audio.Value("remote-candidates"));
        Assert.Equal(2, audio.Values("candidate").Count());
    }

    [Fact]
    [Rfc("3264", "8", Line = "sip O1")]
    public void Version_RisesByOneOnlyWhenSomethingChanged()
    {
        var session = Fresh;
        var first = OfferAnswer.CreateOffer(Local.Basic(), session);
        session = session.Sent(first);
        var same = OfferAnswer.CreateOffer(Local.Basic(), session);
        Assert.Equal(first.ToString(), same.ToString());

        var held = OfferAnswer.CreateOffer(Local.Basic() with { Direction = MediaDirection.SendOnly }, session.Sent(same));
        Assert.Equal("2", held.Origin.Version);
        var moved = OfferAnswer.CreateOffer(Local.Basic() with { Rtp = Address.Parse("[2001:db8::5]:40000") }, session.Sent(held));
        Assert.Equal("- 77 3 IN IP4 10.0.0.5", moved.Origin.ToString());
        Assert.Equal("IN IP6 2001:db8::5", moved.Connection!.ToString());
    }

    [Fact]
    [Rfc("3264", "6", Line = "sip O2")]
    public void Answer_KeepsNumberAndOrderOfLines_AndRefusesTheRest()
    {
        var offer = Sdp.Parse(
            "m=video 5000 RTP/AVP 31\r\nm=audio 0 RTP/AVP 0\r\nm=audio 5002 RTP/AVP 18\r\nm=audio 5004 RTP/AVP 0\r\nm=audio 5006 RTP/AVP 8\r\nm=application 9 TCP/BFCP *\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal("video 0,audio 0,audio 0,audio 40000,audio 0,application 0", string.Join(",", answer.Media.Select(m => $"{m.Kind} {m.Port}")));
        Assert.Equal(3, negotiated.MediaIndex);
        Assert.Equal("31", answer.Media[0].Formats[0]);
        Assert.Equal("PCMU", negotiated.Send.Name);
    }

    [Fact]
    [Rfc("3264", "8.2", Line = "sip O3")]
    public void ReOffer_KeepsEveryLineInItsPlace_WithTheNumbersOfBefore()
    {
        var offer = Sdp.Parse("m=video 5000 RTP/AVP 31\r\nm=audio 5004 RTP/AVP 111 0 126\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:126 telephone-event/8000\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out _, out _));
        var again = OfferAnswer.CreateOffer(Local.Basic(), Fresh.Received(offer).Sent(answer));
        Assert.Equal(["video", "audio"], again.Media.Select(m => m.Kind));
        Assert.True(again.Media[0].IsRejected);
        Assert.Equal(["111", "9", "8", "0", "97", "126"], again.Media[1].Formats);
        Assert.Equal("2", again.Origin.Version);
    }

    [Fact]
    [Rfc("3264", "6.1", Line = "sip O4")]
    public void Answer_UsesTheOfferersNumbers_AndItsOwnParameters()
    {
        var offer = Sdp.Parse("m=audio 5004 RTP/AVP 120 8 110\r\na=rtpmap:120 Opus/48000/2\r\na=fmtp:120 stereo=1;usedtx=1\r\na=rtpmap:110 telephone-event/48000\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(["120", "8", "110"], answer.Media[0].Formats);
        Assert.Contains("a=fmtp:120 useinbandfec=1\r\n", answer.ToString());
        Assert.Equal(120, negotiated.Send.PayloadType);
        Assert.Equal(new OpusParameters(UseDtx: true, Stereo: true), negotiated.SendOpus);
        Assert.Equal(48_000, negotiated.ReceiveEvents[110]);
        Assert.Equal("opus", negotiated.Receive[120].Name);
    }

    [Fact]
    [Rfc("3264", "6.1", Line = "sip O4")]
    public void Completion_WithAsymmetricNumbers_SendsTheirsAndReceivesOurs()
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic(), Fresh);
        var answer = Sdp.Parse("m=audio 6000 RTP/AVP 111 105\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:105 telephone-event/48000\r\n");
        Assert.True(OfferAnswer.TryComplete(offer, answer, out var negotiated, out _));
        Assert.Equal(111, negotiated.Send.PayloadType);
        Assert.Equal("opus", negotiated.Receive[107].Name);
        Assert.Equal("opus", negotiated.Receive[111].Name);
        Assert.Equal(105, negotiated.EventFormatFor(48_000)!.Value.PayloadType);
        Assert.Equal(48_000, negotiated.ReceiveEvents[97]);
        Assert.Equal(8_000, negotiated.ReceiveEvents[101]);
    }

    [Fact]
    [Rfc("3264", "6.1", Line = "sip O4")]
    public void Completion_WithANumberThatIsAnotherCodecOfOurs_IsNotTakenForReceiving()
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic(), Fresh);
        var answer = Sdp.Parse("m=audio 6000 RTP/AVP 97\r\na=rtpmap:97 opus/48000/2\r\n");
        Assert.True(OfferAnswer.TryComplete(offer, answer, out var negotiated, out _));
        Assert.Equal(97, negotiated.Send.PayloadType);
        Assert.False(negotiated.Receive.ContainsKey(97));
    }

    public static TheoryData<MediaDirection, MediaDirection, MediaDirection> Directions
    {
        get
        {
            var table = new TheoryData<MediaDirection, MediaDirection, MediaDirection>();
            const MediaDirection n = MediaDirection.Inactive, s = MediaDirection.SendOnly, r = MediaDirection.RecvOnly, b = MediaDirection.SendRecv;
            MediaDirection[] order = [b, s, r, n];
            MediaDirection[,] answers = { { b, s, r, n }, { r, n, r, n }, { s, s, n, n }, { n, n, n, n } };
            for (var offered = 0; offered < 4; offered++)
                for (var wished = 0; wished < 4; wished++) table.Add(order[offered], order[wished], answers[offered, wished]);
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Directions))]
    [Rfc("3264", "6.1", Line = "sip O5")]
    public void Hold_OfEitherOrBoth_GivesTheDirectionThatBothAllow(MediaDirection offered, MediaDirection wished, MediaDirection expected)
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { Direction = offered }, Fresh);
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic() with { Direction = wished }, SdpSession.Start("5"), out var answer, out var theirs, out _));
        Assert.Equal(expected, answer.DirectionOf(answer.Media[0]));
        Assert.Equal((expected, offered), (theirs.LocalDirection, theirs.RemoteDirection));
        Assert.Equal(!offered.Receives(), theirs.IsHeldByRemote);

        Assert.True(OfferAnswer.TryComplete(offer, answer, out var ours, out _));
        Assert.Equal(expected.Reversed(), ours.LocalDirection);
        Assert.Equal(expected, ours.RemoteDirection);
    }

    [Theory]
    [InlineData("sendrecv", MediaDirection.RecvOnly)]
    [InlineData("sendonly", MediaDirection.RecvOnly)]
    [InlineData("recvonly", MediaDirection.Inactive)]
    [InlineData("inactive", MediaDirection.Inactive)]
    [Rfc("3264", "8.4", Line = "sip O5")]
    public void Hold_ByAnAddressOfZeros_IsAnsweredWithoutSending(string offered, MediaDirection expected)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na={offered}\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(expected, negotiated.LocalDirection);
        Assert.True(negotiated.IsHeldByRemote);
        Assert.False(negotiated.RemoteRtp.IsValid || negotiated.RemoteRtcp.IsValid);
    }

    [Theory]
    [InlineData("sendrecv", MediaDirection.SendOnly, MediaDirection.SendOnly)]
    [InlineData("sendonly", MediaDirection.SendOnly, MediaDirection.Inactive)]
    [InlineData("inactive", MediaDirection.SendOnly, MediaDirection.Inactive)]
    [InlineData("sendonly", MediaDirection.SendRecv, MediaDirection.SendRecv)]
    [Rfc("3264", "8.4", Line = "sip O5")]
    public void Offer_ToHold_IsInactiveWhenWeAreHeld(string said, MediaDirection wish, MediaDirection expected)
    {
        var remote = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na={said}\r\n");
        Assert.True(OfferAnswer.TryAnswer(remote, Local.Basic(), Fresh, out var answer, out _, out _));
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { Direction = wish }, Fresh.Received(remote).Sent(answer));
        Assert.Equal(expected, offer.DirectionOf(offer.Media[0]));
    }

    [Theory]
    [InlineData("101 110", "101", 8_000, 48_000, 110)]
    [InlineData("101 110", "101", 8_000, 8_000, 101)]
    [InlineData("101", "101", 8_000, 48_000, 101)]
    [InlineData("110", "110", 48_000, 8_000, null)]
    [InlineData("", "", 0, 8_000, null)]
    [Rfc("4733", "2.1", Line = "media R18")]
    public void Events_AreSentAtTheClockOfTheCodec_Else8000(string offered, string oneOfThem, int itsClock, int clock, int? expected)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 111 0 {offered}\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=rtpmap:110 telephone-event/48000\r\na=fmtp:101 0-16\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(expected, negotiated.EventFormatFor(clock)?.PayloadType);
        if (oneOfThem.Length > 0) Assert.Equal(itsClock, negotiated.ReceiveEvents[byte.Parse(oneOfThem)]);
        if (expected == 101) Assert.True(negotiated.EventFormatFor(clock)!.Value.Takes(16));
    }

    [Fact]
    [Rfc("4733", "2.5", Line = "sip O6")]
    public void Events_TurnedOff_AreNeitherOfferedNorAnswered()
    {
        var local = Local.Basic() with { TelephoneEvents = false };
        Assert.DoesNotContain("telephone-event", OfferAnswer.CreateOffer(local, Fresh).ToString());
        Assert.True(OfferAnswer.TryAnswer(Sdp.Parse(Sdp.Asterisk), local, Fresh, out var answer, out var negotiated, out _));
        Assert.DoesNotContain("telephone-event", answer.ToString());
        Assert.Empty(negotiated.SendEvents);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("a=ptime:40\r\n", 40)]
    [InlineData("a=ptime:40\r\na=maxptime:30\r\n", 30)]
    [InlineData("a=maxptime:10\r\n", 10)]
    [InlineData("a=ptime:24\r\n", 20)]
    [InlineData("a=ptime:5\r\n", 10)]
    [InlineData("a=ptime:1000\r\n", 120)]
    [Rfc("8866", "6.4", Line = "media R17")]
    public void FrameLength_IsWhatThePeerAsked_WithinItsLongest(string attributes, int expected)
    {
        Assert.True(OfferAnswer.TryAnswer(Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{attributes}"), Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(expected, negotiated.SendPtime);
    }

    [Theory]
    [InlineData(30, 20)]
    [InlineData(50, 40)]
    [InlineData(60, 60)]
    [InlineData(110, 100)]
    [InlineData(10, 10)]
    [Rfc("6716", "2.1.4", Line = "media R17")]
    public void FrameLength_OfOpus_IsOneThatOpusHas(int asked, int expected)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\na=ptime:{asked}\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(expected, negotiated.SendPtime);
    }

    [Fact]
    public void Answer_InOwnOrder_PutsOurFirstChoiceFirst()
    {
        var offer = Sdp.Parse("m=audio 5004 RTP/AVP 0 8 9\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic() with { PreferOwnOrder = true }, Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(["9", "8", "0"], answer.Media[0].Formats);
        Assert.Equal("G722", negotiated.Send.Name);
    }

    [Theory]
    [InlineData("m=audio 5004 RTP/AVP 18 3\r\n", 305, "GSM/8000")]
    [InlineData("m=video 5004 RTP/AVP 31\r\n", 304, "video")]
    [InlineData("m=audio 0 RTP/AVP 0\r\n", 304, "audio")]
    [InlineData("", 304, "no media")]
    [InlineData("m=audio 5004 udptl t38\r\n", 302, "udptl")]
    [InlineData("m=audio 5004 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5\r\n", 302, "encrypted media (SRTP, RTP/SAVP), which is off here")]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVPF 0\r\n", 302, "which is off here")]
    [InlineData("m=audio 5004 RTP/SAVPF 18\r\n", 302, "encrypted media (SRTP, RTP/SAVPF)")]
    [InlineData("m=audio 5004 RTP/AVP 0\r\nc=IN IP4 phone.invalid\r\n", 301, "phone.invalid")]
    [Rfc("3264", "6", Line = "sip O2")]
    public void Offer_ThatCannotBeServed_IsOwed488WithTheReason(string media, int warning, string named)
    {
        Assert.False(OfferAnswer.TryAnswer(Sdp.Parse(media), Local.Basic(), Fresh, out _, out _, out var rejection));
        Assert.Equal((488, warning), (rejection.Status, rejection.WarningCode));
        Assert.Equal(Layer.Sdp, rejection.Fault.Layer);
        Assert.Contains(named, rejection.Fault.What);
        Assert.NotEmpty(rejection.Fault.Remedy);
    }

    [Fact]
    public void NoCommonCodec_NamesBothLists()
    {
        Assert.False(OfferAnswer.TryAnswer(Sdp.Parse("m=audio 5004 RTP/AVP 18 3\r\n"), Local.Basic(), Fresh, out _, out _, out var rejection));
        Assert.Equal("no common codec: the peer offers G729/8000, GSM/8000; we have opus/48000/2, G722/8000, PCMA/8000, PCMU/8000", rejection.Fault.What);
        var offer = OfferAnswer.CreateOffer(Local.Basic(), Fresh);
        Assert.False(OfferAnswer.TryComplete(offer, Sdp.Parse("m=audio 5004 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n"), out _, out var fault));
        Assert.Equal("no common codec: we offered opus/48000/2, G722/8000, PCMA/8000, PCMU/8000; the peer answered G729/8000", fault.What);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m=audio 0 RTP/AVP 0\r\n")]
    [InlineData("m=video 5004 RTP/AVP 0\r\n")]
    [InlineData("m=audio 5004 RTP/AVP 0\r\nc=IN IP4 phone.invalid\r\n")]
    [InlineData("m=audio 5004 RTP/SAVP 0\r\n")]
    [Rfc("3264", "7", Line = "sip O2")]
    public void Answer_OfNoUse_IsAFaultOfTheSdpLayer(string media)
    {
        Assert.False(OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.Basic(), Fresh), Sdp.Parse(media), out _, out var fault));
        Assert.Equal(Layer.Sdp, fault.Layer);
    }
}
