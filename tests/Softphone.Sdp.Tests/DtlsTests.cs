namespace Softphone.Sdp.Tests;

/// <summary>Keys by DTLS in descriptions (RFC 5763, 8122, 8842).</summary>
public sealed class DtlsTests
{
    private const string Ours = "sha-256 11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11";
    private const string Theirs = "sha-256 22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22";
    private const string Others = "sha-256 33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33:33";
    private const string Id = "ourIdOurIdOurIdOurId1234", NextId = "nextNextNextNextNext1234", TheirId = "theirIdTheirIdTheirId123";

    private static readonly SdpSession Fresh = SdpSession.Start("1");

    [Fact]
    [Rfc("5763", "5", Line = "sip O9")]
    [Rfc("5764", "8")]
    [Rfc("8842", "5.2")]
    public void Offer_OfKeysByDtls_LeavesTheRoleToThePeer()
    {
        var audio = OfferAnswer.CreateOffer(Demanding(), Fresh).Media[0];
        Assert.Equal("UDP/TLS/RTP/SAVP", audio.Protocol);
        Assert.Equal(("actpass", Ours, Id), (audio.Value("setup"), audio.Value("fingerprint"), audio.Value("tls-id")));
        Assert.False(audio.Has("crypto"));
    }

    /// <summary>We begin where we may, so that the first flight leaves with the answer.</summary>
    [Theory]
    [InlineData("UDP/TLS/RTP/SAVP", "a=setup:actpass", true, "active")]
    [InlineData("UDP/TLS/RTP/SAVPF", "a=setup:passive", true, "active")]
    [InlineData("UDP/TLS/RTP/SAVP", "a=setup:active", true, "passive")]
    [InlineData("UDP/TLS/RTP/SAVP", "a=setup:ACTPASS", true, "active")]
    [InlineData("UDP/TLS/RTP/SAVP", "a=x", true, "passive")]
    [InlineData("RTP/SAVPF", "a=setup:actpass", true, "active")]
    [InlineData("RTP/AVP", "a=setup:actpass", true, "active")]
    [InlineData("UDP/TLS/RTP/SAVP", "a=setup:holdconn", false, null)]
    [Rfc("5763", "5", Line = "media S11")]
    [Rfc("4145", "4.1")]
    public void Answer_ToEachRole_IsTheOther(string protocol, string setup, bool isTaken, string? role)
    {
        foreach (var local in new[] { Demanding(), Trying() })
        {
            var offer = Sdp.Parse($"m=audio 5004 {protocol} 0\r\na=fingerprint:{Theirs}\r\n{setup}\r\na=tls-id:{TheirId}\r\n");
            Assert.Equal(isTaken, OfferAnswer.TryAnswer(offer, local, Fresh, out var answer, out var agreed, out _));
            if (!isTaken) continue;
            var audio = answer!.Media[0];
            Assert.Equal((protocol, role, Ours, NextId), (audio.Protocol, audio.Value("setup"), audio.Value("fingerprint"), audio.Value("tls-id")));
            Assert.Equal((role == "active", TheirId, NextId), (agreed!.Dtls!.IsActive, agreed.Dtls.RemoteTlsId, agreed.Dtls.LocalTlsId));
            Assert.Equal([Theirs], agreed.Dtls.Fingerprints.Select(f => f.ToString()));
        }
    }

    [Fact]
    [Rfc("8842", "5.3")]
    public void Answer_ToAnOfferThatNamesNoAssociation_NamesNone()
    {
        Assert.True(OfferAnswer.TryAnswer(Offer($"a=fingerprint:{Theirs}\r\na=setup:actpass\r\n"), Trying(), Fresh, out var answer, out _, out _));
        Assert.False(answer.Media[0].Has("tls-id"));
    }

    /// <summary>The session level holds for a stream that has no fingerprint of its own; of several those by functions that can be relied on are kept.</summary>
    [Theory]
    [InlineData($"a=fingerprint:{Theirs}\r\na=setup:actpass\r\nm=audio 5004 UDP/TLS/RTP/SAVP 0\r\n", Theirs)]
    [InlineData($"a=fingerprint:{Others}\r\na=setup:actpass\r\nm=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=fingerprint:{Theirs}\r\n", Theirs)]
    [InlineData($"m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\na=fingerprint:sha-1 22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22\r\na=fingerprint:{Theirs}\r\na=fingerprint:{Others}\r\n", $"{Theirs}|{Others}")]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\na=fingerprint:sha-1 22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22\r\n", null)]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\na=fingerprint:SHA-256 22:22\r\n", null)]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\n", null)]
    [Rfc("8122", "5", Line = "media S11")]
    public void Fingerprints_OfAnOffer_AreThoseOfTheNearerLevelThatCanBeReliedOn(string rest, string? expected)
    {
        Assert.Equal(expected is not null, OfferAnswer.TryAnswer(Sdp.Parse(rest), Trying(), Fresh, out _, out var agreed, out var rejection));
        if (expected is null) Assert.Equal((488, 302), (rejection!.Status, rejection.WarningCode));
        else Assert.Equal(expected.Split('|'), agreed!.Dtls!.Fingerprints.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("a=setup:active", false)]
    [InlineData("a=setup:passive", true)]
    [InlineData("a=setup:actpass", false)]
    [Rfc("5763", "5")]
    public void Completion_OfEachRole_IsTheOther(string setup, bool isActive)
    {
        var offer = OfferAnswer.CreateOffer(Demanding(), Fresh);
        Assert.True(OfferAnswer.TryComplete(offer, Offer($"a=fingerprint:{Theirs}\r\n{setup}\r\na=tls-id:{TheirId}\r\n"), out var agreed, out _));
        Assert.Equal((isActive, Id, TheirId), (agreed.Dtls!.IsActive, agreed.Dtls.LocalTlsId, agreed.Dtls.RemoteTlsId));
    }

    [Theory]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:active\r\n")]
    [InlineData("m=audio 5004 RTP/AVP 0\r\n")]
    [InlineData("m=audio 5004 UDP/TLS/RTP/SAVP 0\r\na=setup:active\r\na=fingerprint:md5 22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22\r\n")]
    [InlineData("m=audio 5004 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw\r\n")]
    public void Completion_WithoutAFingerprint_IsAFaultAndNotPlain(string answer)
    {
        var offer = OfferAnswer.CreateOffer(Demanding(), Fresh);
        Assert.False(OfferAnswer.TryComplete(offer, Sdp.Parse(answer), out _, out var fault));
        Assert.Contains("no fingerprint", fault.What, StringComparison.Ordinal);
    }

    /// <summary>About the same association a later description keeps the roles and the name, whoever offers; another certificate or name begins another.</summary>
    [Theory]
    [InlineData(Theirs, TheirId, true)]
    [InlineData(Others, TheirId, false)]
    [InlineData(Theirs, "anotherIdAnotherIdAnothe", false)]
    [Rfc("8842", "5.1", Line = "sip O12")]
    public void Reoffer_OfThePeer_KeepsTheAssociationOrBeginsAnother(string fingerprint, string id, bool isSame)
    {
        var first = OfferAnswer.CreateOffer(Demanding(), Fresh);
        Assert.True(OfferAnswer.TryComplete(first, Offer($"a=fingerprint:{Theirs}\r\na=setup:active\r\na=tls-id:{TheirId}\r\n"), out var before, out _));
        var local = Demanding() with { Dtls = Dtls() with { Current = before.Dtls } };
        Assert.True(OfferAnswer.TryAnswer(Offer($"a=fingerprint:{fingerprint}\r\na=setup:actpass\r\na=tls-id:{id}\r\n"), local, Fresh.Sent(first), out var answer, out var agreed, out _));
        Assert.Equal((isSame ? "passive" : "active", isSame ? Id : NextId), (answer.Media[0].Value("setup"), answer.Media[0].Value("tls-id")));
        Assert.Equal(isSame, agreed.Dtls!.IsSameAs(before.Dtls!));
    }

    [Fact]
    [Rfc("8842", "5.2")]
    public void Reoffer_OfOurs_StaysInTheProfileAndLeavesTheRoleToThePeerAgain()
    {
        var offer = Sdp.Parse($"m=audio 5004 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:{Theirs}\r\na=setup:actpass\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Trying(), Fresh, out var answer, out _, out _));
        var again = OfferAnswer.CreateOffer(Trying() with { OffersDtls = true }, Fresh.Received(offer).Sent(answer)).Media[0];
        Assert.Equal(("UDP/TLS/RTP/SAVPF", "actpass"), (again.Protocol, again.Value("setup")));
        Assert.False(again.Has("crypto"));
    }

    /// <summary>Who demands keys by DTLS takes no others, and who demands others takes none by DTLS.</summary>
    [Fact]
    public void Offer_OfOtherKeys_IsRefusedByWhoDemandsDtls()
    {
        foreach (var media in new[] { "RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 " + Local.PeerKey, "RTP/AVP 0" })
        {
            Assert.False(OfferAnswer.TryAnswer(Sdp.Parse($"m=audio 5004 {media}\r\n"), Demanding(), Fresh, out _, out _, out var rejection));
            Assert.Contains("no keys by DTLS", rejection.Fault.What, StringComparison.Ordinal);
        }

        var byDtls = Offer($"a=fingerprint:{Theirs}\r\na=setup:actpass\r\n");
        Assert.False(OfferAnswer.TryAnswer(byDtls, Local.WithKeys(SrtpPolicy.Required), Fresh, out _, out _, out var refused));
        Assert.Contains("keyed by DTLS", refused.Fault.What, StringComparison.Ordinal);
        Assert.False(OfferAnswer.TryAnswer(byDtls, Local.Basic(), Fresh, out _, out _, out refused));
        Assert.Contains("which is off here", refused.Fault.What, StringComparison.Ordinal);
    }

    /// <summary>Of an offer with both the keys by DTLS are taken, and no other is shown.</summary>
    [Fact]
    [Rfc("8643", "3.1")]
    public void Answer_ToAnOfferWithBoth_IsByDtls()
    {
        var offer = Sdp.Parse($"m=audio 5004 RTP/AVP 0\r\na=fingerprint:{Theirs}\r\na=setup:actpass\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 {Local.PeerKey}\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Trying(), Fresh, out var answer, out var agreed, out _));
        Assert.Equal((false, true), (answer.Media[0].Has("crypto"), agreed.Dtls is not null && agreed.LocalCrypto is null));
    }

    private static SdpDtls Dtls()
    {
        Assert.True(SdpFingerprint.TryParse(Ours, out var fingerprint));
        return new SdpDtls([fingerprint], Id, NextId, null);
    }

    private static MediaCapabilities Demanding() => Local.Basic() with { Srtp = SrtpPolicy.Required, Dtls = Dtls(), OffersDtls = true };

    private static MediaCapabilities Trying() => Local.WithKeys(SrtpPolicy.Opportunistic) with { Dtls = Dtls() };

    private static SessionDescription Offer(string lines) => Sdp.Parse($"m=audio 5004 UDP/TLS/RTP/SAVP 0\r\n{lines}");
}
