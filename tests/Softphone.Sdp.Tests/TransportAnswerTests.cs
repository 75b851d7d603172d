using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

/// <summary>The parts of offer/answer that are about paths and keys: mux, ICE, SRTP, bundles.</summary>
public sealed class TransportAnswerTests
{
    private const string Ice = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n";

    private static readonly SdpSession Fresh = SdpSession.Start("77");

    [Theory]
    [InlineData(RtcpMuxPolicy.Offer, true, true)]
    [InlineData(RtcpMuxPolicy.Offer, false, false)]
    [InlineData(RtcpMuxPolicy.Off, true, false)]
    [InlineData(RtcpMuxPolicy.Require, true, true)]
    [Rfc("5761", "5.1.1", Line = "sip O7")]
    public void Mux_IsInForceOnlyWhenBothSayIt(RtcpMuxPolicy ours, bool offered, bool mux)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{(offered ? "a=rtcp-mux\r\n" : "")}");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic() with { Mux = ours, Rtcp = Address.Parse("10.0.0.5:40007") }, Fresh, out var answer, out var negotiated, out _));
        Assert.Equal((mux, mux, !mux), (negotiated.Mux, answer.Media[0].RtcpMux, answer.Media[0].Has("rtcp")));
        Assert.Equal(mux ? 5004 : 5005, negotiated.RemoteRtcp.Port);
    }

    [Theory]
    [InlineData(RtcpMuxPolicy.Off, "a=rtcp-mux\r\na=rtcp-mux-only\r\n")]
    [InlineData(RtcpMuxPolicy.Require, "")]
    [Rfc("8858", "3", Line = "I20")]
    public void Mux_InsistedOnByOneSideOnly_IsRefused(RtcpMuxPolicy ours, string attributes)
    {
        Assert.False(OfferAnswer.TryAnswer(Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{attributes}"), Local.Basic() with { Mux = ours }, Fresh, out _, out _, out var rejection));
        Assert.Equal(306, rejection.WarningCode);
    }

    [Fact]
    [Rfc("8858", "3", Line = "I20")]
    public void Mux_Required_OffersNoSecondComponent_AndTakesNoOtherAnswer()
    {
        var offer = OfferAnswer.CreateOffer(Local.WithIce() with { Mux = RtcpMuxPolicy.Require }, Fresh);
        Assert.True(offer.Media[0].RtcpMuxOnly);
        Assert.Equal(1, offer.IceOf(offer.Media[0])!.Components);
        Assert.False(OfferAnswer.TryComplete(offer, Sdp.Parse("m=audio 5004 RTP/AVP 0\r\n"), out _, out _));
        Assert.True(OfferAnswer.TryComplete(offer, Sdp.Parse("m=audio 5004 RTP/AVP 0\r\na=rtcp-mux\r\n"), out _, out _));
    }

    [Theory]
    [InlineData(2, 2, false, 2)]
    [InlineData(2, 2, true, 1)]
    [InlineData(2, 1, false, 1)]
    [InlineData(1, 2, false, 1)]
    [InlineData(2, 0, false, 1)]
    [Rfc("8445", "6.1.2.2", Line = "I21")]
    public void Components_AreTheFewerOfTheTwo_AndOneWithMux(int ours, int theirs, bool mux, int expected)
    {
        var offer = OfferAnswer.CreateOffer(Local.WithIce(ours), Fresh);
        var candidates = string.Concat(Enumerable.Range(1, theirs).Select(c => $"a=candidate:1 {c} UDP 9 192.0.2.1 {5003 + c} typ host\r\n"));
        var answer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{Ice}{candidates}{(mux ? "a=rtcp-mux\r\n" : "")}");
        Assert.True(OfferAnswer.TryComplete(offer, answer, out var negotiated, out _));
        Assert.Equal(expected, negotiated.IceComponents);
        Assert.Equal("abcd", negotiated.RemoteIce!.Ufrag);
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I20")]
    public void Answer_WithMux_ListsTheFirstComponentOnly()
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na=rtcp-mux\r\n{Ice}a=candidate:1 1 UDP 9 192.0.2.1 5004 typ host\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.WithIce(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(1, answer.IceOf(answer.Media[0])!.Components);
        Assert.Equal(1, negotiated.IceComponents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=ice-ufrag:abcd\r\n")]
    [InlineData("a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-mismatch\r\n")]
    [Rfc("8839", "4.3.3", Line = "I18")]
    public void Answer_WithoutIceOrWithMismatch_MeansPlainRtp(string attributes)
    {
        var offer = OfferAnswer.CreateOffer(Local.WithIce(), Fresh);
        Assert.True(OfferAnswer.TryComplete(offer, Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{attributes}"), out var negotiated, out _));
        Assert.Null(negotiated.RemoteIce);
        Assert.Equal(0, negotiated.IceComponents);
        Assert.Equal(Address.Parse("192.0.2.1:5004"), negotiated.RemoteRtp);
        Assert.Equal(attributes.Contains("mismatch", StringComparison.Ordinal), negotiated.IceMismatch);
    }

    [Fact]
    [Rfc("8839", "4.2.2", Line = "sip C2")]
    public void Answer_ToAnOfferWithoutIce_HasNoneEither()
    {
        Assert.True(OfferAnswer.TryAnswer(Sdp.Parse("m=audio 5004 RTP/AVP 0\r\n"), Local.WithIce(), Fresh, out var answer, out var negotiated, out _));
        Assert.DoesNotContain("ice-", answer.ToString());
        Assert.DoesNotContain("candidate", answer.ToString());
        Assert.Null(negotiated.RemoteIce);
        Assert.False(negotiated.IceMismatch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8839", "4.2.5", Line = "I17")]
    public void Mismatch_InAnOffer_IsAnsweredSoWhenStrict_AndForgivenOtherwise(bool strict)
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\n{Ice}a=candidate:1 1 UDP 9 10.9.9.9 5004 typ host\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.WithIce() with { StrictIce = strict }, Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(strict, answer.Media[0].Has("ice-mismatch"));
        Assert.Equal(strict, negotiated.IceMismatch);
        Assert.Equal(strict, answer.Media[0].Value("ice-ufrag") is null);
        Assert.Equal(strict, negotiated.RemoteIce is null);
        Assert.True(negotiated.DefaultNotAmongCandidates);
    }

    [Fact]
    [Rfc("8839", "4.2.2", Line = "sip C1")]
    public void TwoOfUs_WithIce_ReachTheSameViewOfTheStream()
    {
        var offer = OfferAnswer.CreateOffer(Local.WithIce(), Fresh);
        Assert.True(OfferAnswer.TryAnswer(Again(offer), Local.WithIce(), SdpSession.Start("8"), out var answer, out var callee, out _));
        Assert.True(OfferAnswer.TryComplete(offer, Again(answer), out var caller, out _));
        Assert.Equal(callee.Send, caller.Send);
        Assert.True(caller.Mux && callee.Mux);
        Assert.Equal((1, 1), (caller.IceComponents, callee.IceComponents));
        Assert.Equal(caller.EventFormatFor(48_000), callee.EventFormatFor(48_000));
        Assert.False(caller.DefaultNotAmongCandidates || callee.DefaultNotAmongCandidates);
    }

    [Fact]
    [Rfc("8839", "5.3")]
    public void LiteAgent_SaysSoAtSessionLevel()
    {
        var local = Local.WithIce();
        var offer = OfferAnswer.CreateOffer(local with { Ice = local.Ice! with { Lite = true } }, Fresh);
        Assert.Equal("ice-lite", Assert.Single(offer.Attributes).Name);
        Assert.True(offer.IceOf(offer.Media[0])!.Lite);
    }

    [Theory]
    [InlineData(SrtpPolicy.Off, "RTP/AVP", 0)]
    [InlineData(SrtpPolicy.Opportunistic, "RTP/AVP", 2)]
    [InlineData(SrtpPolicy.Required, "RTP/SAVP", 2)]
    [Rfc("8643", "3", Line = "media S15")]
    public void Offer_OfKeys_FollowsThePolicy(SrtpPolicy policy, string protocol, int lines)
    {
        var audio = OfferAnswer.CreateOffer(Local.WithKeys(policy), Fresh).Media[0];
        Assert.Equal(protocol, audio.Protocol);
        Assert.Equal(lines, audio.Values("crypto").Count());
    }

    [Theory]
    [InlineData("RTP/SAVP", SrtpPolicy.Opportunistic, true, true)]
    [InlineData("RTP/SAVPF", SrtpPolicy.Required, true, true)]
    [InlineData("RTP/AVP", SrtpPolicy.Opportunistic, true, true)]
    [InlineData("RTP/AVP", SrtpPolicy.Opportunistic, false, true)]
    [InlineData("RTP/AVPF", SrtpPolicy.Off, true, true)]
    [InlineData("RTP/AVP", SrtpPolicy.Required, false, false)]
    [InlineData("RTP/SAVP", SrtpPolicy.Off, true, false)]
    [InlineData("RTP/SAVP", SrtpPolicy.Required, false, false)]
    [Rfc("4568", "5.1.2", Line = "sip O8")]
    public void Answer_OfKeys_FollowsProfileAndPolicy(string protocol, SrtpPolicy policy, bool keys, bool accepted)
    {
        var lines = keys ? $"a=crypto:3 F8_128_HMAC_SHA1_80 {Local.PeerKey}\r\na=crypto:7 AES_CM_128_HMAC_SHA1_32 {Local.PeerKey}\r\n" : "";
        var offer = Sdp.Parse($"m=audio 5004 {protocol} 0\r\n{lines}");
        Assert.Equal(accepted, OfferAnswer.TryAnswer(offer, Local.WithKeys(policy), Fresh, out var answer, out var negotiated, out _));
        if (!accepted) return;
        Assert.Equal(protocol, answer!.Media[0].Protocol);
        var expected = keys && policy != SrtpPolicy.Off ? $"7 AES_CM_128_HMAC_SHA1_32 {Local.Key}" : null;
        Assert.Equal(expected, answer.Media[0].Value("crypto"));
        Assert.Equal(expected is null, negotiated!.RemoteCrypto is null);
    }

    [Theory]
    [InlineData(SrtpPolicy.Opportunistic, "RTP/AVP", "", true, false)]
    [InlineData(SrtpPolicy.Opportunistic, "RTP/AVP", "2 AES_CM_128_HMAC_SHA1_32", true, true)]
    [InlineData(SrtpPolicy.Required, "RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80", true, true)]
    [InlineData(SrtpPolicy.Required, "RTP/SAVP", "2 AES_CM_128_HMAC_SHA1_80", false, false)]
    [InlineData(SrtpPolicy.Required, "RTP/SAVP", "", false, false)]
    [InlineData(SrtpPolicy.Required, "RTP/AVP", "", false, false)]
    [Rfc("4568", "5.1.3", Line = "sip O8")]
    public void Completion_OfKeys_GoesByTagAndSuite(SrtpPolicy policy, string protocol, string crypto, bool accepted, bool keyed)
    {
        var offer = OfferAnswer.CreateOffer(Local.WithKeys(policy), Fresh);
        var line = crypto.Length == 0 ? "" : $"a=crypto:{crypto} {Local.PeerKey}\r\n";
        Assert.Equal(accepted, OfferAnswer.TryComplete(offer, Sdp.Parse($"m=audio 5004 {protocol} 0\r\n{line}"), out var negotiated, out _));
        if (accepted) Assert.Equal(keyed, negotiated!.LocalCrypto is not null && negotiated.RemoteCrypto is not null);
    }

    [Fact]
    [Rfc("4568", "7.1.2")]
    public void Key_OfOurOwn_IsTakenFromNobody()
    {
        var offer = OfferAnswer.CreateOffer(Local.WithKeys(SrtpPolicy.Opportunistic), Fresh);
        var mirror = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 {Local.Key}\r\n");
        Assert.False(OfferAnswer.TryComplete(offer, mirror, out _, out var fault));
        Assert.Contains("our own SRTP key", fault.What);
        Assert.DoesNotContain(Local.Key, fault.ToString());
        Assert.True(OfferAnswer.TryAnswer(mirror, Local.WithKeys(SrtpPolicy.Opportunistic), Fresh, out var answer, out var negotiated, out _));
        Assert.Null(negotiated.LocalCrypto);
        Assert.False(answer.Media[0].Has("crypto"));
    }

    /// <summary>An answer with a key that does not fit is no plain answer: the peer would send what nobody can open.</summary>
    [Fact]
    [Rfc("8643", "4")]
    public void Completion_WithKeysOfNoUse_IsAFaultAndNotPlain()
    {
        var offer = OfferAnswer.CreateOffer(Local.WithKeys(SrtpPolicy.Opportunistic), Fresh);
        Assert.False(OfferAnswer.TryComplete(offer, Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na=crypto:9 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey}\r\n"), out _, out var fault));
        Assert.Contains("no SRTP key", fault.What);
    }

    [Fact]
    [Rfc("3264", "8.3")]
    public void Offer_WithinASessionOfSrtpAlone_StaysSo()
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey}\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.WithKeys(SrtpPolicy.Opportunistic), Fresh, out var answer, out _, out _));
        var again = OfferAnswer.CreateOffer(Local.WithKeys(SrtpPolicy.Opportunistic), Fresh.Received(offer).Sent(answer));
        Assert.Equal("RTP/SAVP", again.Media[0].Protocol);
        Assert.Contains($"1 AES_CM_128_HMAC_SHA1_80 {Local.Key}", again.Media[0].Values("crypto"));
    }

    [Fact]
    [Rfc("4568", "5.1.1", Line = "sip O8")]
    public void CryptoLine_WhoseTagCameBefore_IsPassedOver()
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/SAVP 0\r\na=crypto:1 F8_128_HMAC_SHA1_80 {Local.PeerKey}\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey}\r\n");
        Assert.False(OfferAnswer.TryAnswer(offer, Local.WithKeys(SrtpPolicy.Required), Fresh, out _, out _, out var rejection));
        Assert.DoesNotContain("MDEy", rejection.ToString());
    }

    [Fact]
    [Rfc("9143", "7.3", Line = "sip O11")]
    public void Bundle_WithOurOneLine_IsAnsweredWithThatLine()
    {
        var offer = Sdp.Parse("a=group:BUNDLE a0 v1\r\nm=audio 5004 RTP/AVP 0\r\na=mid:a0\r\na=rid:1 send\r\na=simulcast:send 1\r\nm=video 5006 RTP/AVP 31\r\na=mid:v1\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out _, out _));
        Assert.Equal("group:BUNDLE a0", Assert.Single(answer.Attributes).ToString());
        Assert.Equal("a0", answer.Media[0].Value("mid"));
        Assert.DoesNotContain("simulcast", answer.ToString());
    }

    private static SessionDescription Again(SessionDescription description)
    {
        Assert.True(SessionDescription.TryParse(description.ToBytes(), out var read, out var error), error.ToString());
        return read;
    }
}
