using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

/// <summary>Cases at the edge that ordinary calls never meet, one rule each.</summary>
public sealed class EdgeTests
{
    private static readonly SdpSession Fresh = SdpSession.Start("77");

    [Fact]
    [Rfc("3264", "8.3.2", Line = "sip O4")]
    public void ReOffer_NeverGivesANumberThatMeantSomethingElse()
    {
        var offer = Sdp.Parse("m=audio 5004 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/8000\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out _, out _));
        var again = OfferAnswer.CreateOffer(Local.Basic(), Fresh.Received(offer).Sent(answer));
        var codecs = SdpCodecs.Of(again.Media[0]);
        Assert.Equal(codecs.Count, codecs.Select(c => c.PayloadType).Distinct().Count());
        Assert.Equal(96, codecs.Single(c => c is { IsTelephoneEvent: true, ClockRate: 8_000 }).PayloadType);
        Assert.NotEqual(96, codecs.Single(c => c.Name == "opus").PayloadType);
    }

    [Fact]
    [Rfc("5761", "4", Line = "sip O7")]
    public void Numbers_From64To95_AreNeverGiven()
    {
        var many = Enumerable.Range(0, 50).Select(i => new SdpCodec($"X{i}", 8_000, 1, 70)).ToList();
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { Codecs = many }, Fresh);
        var numbers = SdpCodecs.Of(offer.Media[0]).Select(c => (int)c.PayloadType).ToList();
        Assert.Equal(51, numbers.Distinct().Count());
        Assert.DoesNotContain(numbers, n => n is >= 64 and <= 95);
        Assert.Throws<ArgumentException>(() => OfferAnswer.CreateOffer(
            Local.Basic() with { Codecs = [.. Enumerable.Range(0, 80).Select(i => new SdpCodec($"X{i}", 8_000, 1, 70))] }, Fresh));
    }

    [Fact]
    [Rfc("4568", "6.3", Line = "media S9")]
    public void Keys_WithAnUnknownDemand_AreNotTakenByEitherSide()
    {
        var line = $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey} UNENCRYPTED_SRTP\r\n";
        Assert.False(OfferAnswer.TryAnswer(Sdp.Parse($"m=audio 5004 RTP/SAVP 0\r\n{line}"), Local.WithKeys(SrtpPolicy.Required), Fresh, out _, out _, out _));
        var offer = OfferAnswer.CreateOffer(Local.WithKeys(SrtpPolicy.Required), Fresh);
        Assert.False(OfferAnswer.TryComplete(offer, Sdp.Parse($"m=audio 5004 RTP/SAVP 0\r\n{line}"), out _, out _));
    }

    [Fact]
    [Rfc("4568", "5.1.2", Line = "sip O8")]
    public void Keys_OfTheWrongLength_LeaveTheNextLineToBeTaken()
    {
        var offer = Sdp.Parse(
            $"m=audio 5004 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEy\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey}\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.WithKeys(SrtpPolicy.Required), Fresh, out _, out var negotiated, out _));
        Assert.Equal((2, 2), (negotiated.LocalCrypto!.Tag, negotiated.RemoteCrypto!.Tag));
    }

    [Fact]
    [Rfc("5761", "5.1.1", Line = "sip O7")]
    public void Mux_ThatWeNeverOffered_IsNotInForceWhateverTheAnswerSays()
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { Mux = RtcpMuxPolicy.Off }, Fresh);
        Assert.True(OfferAnswer.TryComplete(offer, Sdp.Parse("m=audio 5004 RTP/AVP 0\r\na=rtcp-mux\r\n"), out var negotiated, out _));
        Assert.False(negotiated.Mux);
        Assert.Equal(5005, negotiated.RemoteRtcp.Port);
    }

    [Fact]
    [Rfc("4733", "2.5", Line = "sip O6")]
    public void Events_ThatWeNeverOffered_AreNotSent()
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic() with { TelephoneEvents = false }, Fresh);
        var answer = Sdp.Parse("m=audio 5004 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n");
        Assert.True(OfferAnswer.TryComplete(offer, answer, out var negotiated, out _));
        Assert.Empty(negotiated.SendEvents);
        Assert.Empty(negotiated.ReceiveEvents);
    }

    [Fact]
    [Rfc("4733", "2.4", Line = "media R18")]
    public void Events_OfOneClockOfferedTwice_AreAnsweredOnce()
    {
        var offer = Sdp.Parse("m=audio 5004 RTP/AVP 0 101 102\r\na=rtpmap:101 telephone-event/8000\r\na=rtpmap:102 telephone-event/8000\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(["0", "101"], answer.Media[0].Formats);
        Assert.Equal(101, negotiated.EventFormatFor(8_000)!.Value.PayloadType);
    }

    [Theory]
    [InlineData("abc", "0123456789abcdefghijkl")]
    [InlineData("abcd", "0123456789abcdefghijk")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", "0123456789abcdefghijkl")]
    [Rfc("8839", "5.4", Line = "I12")]
    public void Credentials_OfOursThatBreakTheRules_AreNeverWritten(string ufrag, string password)
    {
        var local = Local.WithIce();
        Assert.Throws<ArgumentException>(() => OfferAnswer.CreateOffer(local with { Ice = local.Ice! with { Ufrag = ufrag, Password = password } }, Fresh));
    }

    [Fact]
    public void Description_WithVeryManyCandidatesOrStreams_IsBounded()
    {
        var candidates = string.Concat(Enumerable.Range(1, 500).Select(i => $"a=candidate:1 1 UDP {i} 192.0.2.1 {i} typ host\r\n"));
        var description = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n{candidates}");
        Assert.Equal(128, description.IceOf(description.Media[0])!.Candidates.Count);
        var streams = "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\n" + string.Concat(Enumerable.Repeat("m=audio 0 RTP/AVP 0\r\n", 65));
        Assert.False(SessionDescription.TryParse(streams, out _, out _));
    }

    [Fact]
    [Rfc("3605", "2.1", Line = "sip O7")]
    public void Rtcp_OfTheLastPort_HasNone()
    {
        var description = Sdp.Parse("m=audio 65535 RTP/AVP 0\r\n");
        Assert.False(description.RtcpOf(description.Media[0]).IsValid);
    }

    [Fact]
    [Rfc("8839", "4.2.5", Line = "I17")]
    public void HalfTrickle_WithZerosAndPortNine_IsServedByIce()
    {
        var offer = Sdp.Parse("m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-options:trickle ice2\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.WithIce(), Fresh, out _, out var negotiated, out _));
        Assert.NotNull(negotiated.RemoteIce);
        Assert.False(negotiated.IsHeldByRemote || negotiated.DefaultNotAmongCandidates);
        Assert.False(negotiated.RemoteRtp.IsValid);
    }

    [Fact]
    [Rfc("3264", "8", Line = "sip O1")]
    public void SessionId_OfChance_IsDigitsThatFitASignedCounter()
    {
        for (ulong seed = 0; seed < 50; seed++)
            Assert.True(long.TryParse(SdpSession.Start(new SeededEntropy(seed)).Id, out var id) && id >= 0);
    }
}
