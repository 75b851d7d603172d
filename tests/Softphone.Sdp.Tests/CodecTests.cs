using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

public sealed class CodecTests
{
    [Theory]
    [InlineData("0", "", "PCMU/8000")]
    [InlineData("8", "", "PCMA/8000")]
    [InlineData("9", "", "G722/8000")]
    [InlineData("18", "", "G729/8000")]
    [InlineData("96", "", "")]
    [InlineData("128", "a=rtpmap:128 opus/48000/2\r\n", "")]
    [InlineData("x", "", "")]
    [InlineData("0", "a=rtpmap:0 L16/16000/2\r\n", "L16/16000/2")]
    [InlineData("111", "a=rtpmap:111 OPUS/48000/2\r\n", "OPUS/48000/2")]
    [InlineData("111", "a=rtpmap:111 opus\r\n", "")]
    [InlineData("111", "a=rtpmap:111 opus/0/2\r\n", "")]
    [InlineData("111", "a=rtpmap:111 opus/48000/2/1\r\n", "")]
    [InlineData("97 97", "a=rtpmap:97 opus/48000/2\r\n", "opus/48000/2")]
    [Rfc("3551", "6", Line = "sip O6")]
    public void Formats_AreCodecs_ByRtpmapElseByStaticNumber(string formats, string attributes, string expected)
    {
        var codecs = SdpCodecs.Of(Sdp.Parse($"m=audio 4000 RTP/AVP {formats}\r\n{attributes}").Media[0]);
        Assert.Equal(expected, string.Join(",", codecs.Select(c => c.RtpMap)));
    }

    [Theory]
    [InlineData("opus", "opus/48000/2", 107)]
    [InlineData("G722", "G722/8000", 9)]
    [InlineData("pcma", "PCMA/8000", 8)]
    [InlineData("ulaw", "PCMU/8000", 0)]
    [Rfc("3551", "4.5.2", Line = "media R17")]
    public void Codec_ByItsName_HasClockAndNumber(string name, string map, int number)
    {
        Assert.True(SdpCodec.TryFind(name, out var codec));
        Assert.Equal((map, number), (codec.RtpMap, (int)codec.PayloadType));
        Assert.False(SdpCodec.TryFind("speex", out _));
    }

    public static TheoryData<string, OpusParameters> OpusTable => new()
    {
        { "", new OpusParameters() },
        { "useinbandfec=1;usedtx=1;stereo=1;cbr=1", new OpusParameters(true, true, true, true) },
        { " UseInbandFec = 1 ; minptime=10", new OpusParameters(UseInbandFec: true, MinPtime: 10) },
        { "maxaveragebitrate=20000; maxplaybackrate=16000", new OpusParameters(MaxAverageBitrate: 20_000, MaxPlaybackRate: 16_000) },
        { "maxaveragebitrate=5999;maxplaybackrate=7999;minptime=2", new OpusParameters() },
        { "maxaveragebitrate=510001;maxplaybackrate=48001;minptime=121", new OpusParameters() },
        { "sprop-stereo=1;x;=;stereo=;useinbandfec=yes;usedtx=0", new OpusParameters() },
        { "useinbandfec=99999999999999999999", new OpusParameters() },
    };

    [Theory]
    [MemberData(nameof(OpusTable))]
    [Rfc("7587", "6.1", Line = "media R16")]
    [Rfc("7587", "6.1", Line = "sip O10")]
    public void OpusParameters_AreReadWithDefaults_AndUnknownOnesPassedOver(string text, OpusParameters expected)
    {
        Assert.Equal(expected, OpusParameters.Parse(text));
        Assert.Equal(expected, OpusParameters.Parse(expected.ToString()));
    }

    [Theory]
    [InlineData("0-15", 0, true)]
    [InlineData("0-15", 15, true)]
    [InlineData("0-15", 16, false)]
    [InlineData("0-11,16", 16, true)]
    [InlineData("0-11,16", 12, false)]
    [InlineData("5", 5, true)]
    [InlineData("x-y,3-", 3, false)]
    [Rfc("4733", "2.4.1", Line = "sip O6")]
    public void EventList_TakesWhatItNames(string events, int code, bool takes) =>
        Assert.Equal(takes, new TelephoneEventFormat(101, 8000, events).Takes(code));

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5", true, 30)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5|2^20|1:4 UNENCRYPTED_SRTCP", true, 30)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw==", true, 0)]
    [InlineData("1 AEAD_AES_128_GCM inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw", true, 28)]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5", true, 0)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:@@@@", true, 0)]
    [InlineData("1234567890 AES_CM_128_HMAC_SHA1_80 inline:MDEy", false, 0)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80", false, 0)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 prompt:MDEy", false, 0)]
    [Rfc("4568", "6.2", Line = "sip O8")]
    public void CryptoLine_HasAKey_OfTheLengthOfItsSuite(string value, bool readable, int length)
    {
        Assert.Equal(readable, SdpCrypto.TryParse(value, out var crypto, out _));
        if (!readable) return;
        Assert.Equal(length, crypto!.TryGetKeys(out var keys) ? keys[0].KeyAndSalt.Length : 0);
        Assert.Equal(value, crypto.ToAttributeValue());
        Assert.DoesNotContain("MDEy", crypto.ToString());
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("|2^20", 1UL << 20, "")]
    [InlineData("|1000000", 1_000_000UL, "")]
    [InlineData("|1:4", null, "00000001")]
    [InlineData("|2^48|66051:3", 1UL << 48, "010203")]
    [InlineData("|0:1", null, "00")]
    [InlineData("|2^31|340282366920938463463374607431768211455:16", 1UL << 31, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [Rfc("4568", "6.1")]
    public void InlineKey_TellsItsLifetimeAndMki(string behind, ulong? lifetime, string mki)
    {
        Assert.True(new SdpCrypto(1, "AES_CM_128_HMAC_SHA1_80", Local.Key + behind).TryGetKeys(out var keys));
        var key = Assert.Single(keys);
        Assert.Equal((lifetime, mki), (key.Lifetime, Convert.ToHexString(key.Mki)));
        Assert.Equal("(secret)", key.ToString());
    }

    [Theory]
    [InlineData("|")]
    [InlineData("|0")]
    [InlineData("|2^49")]
    [InlineData("|2^")]
    [InlineData("|-5")]
    [InlineData("|256:1")]
    [InlineData("|1:0")]
    [InlineData("|1:129")]
    [InlineData("|:4")]
    [InlineData("|x:4")]
    [InlineData("|1:4|2^20")]
    [InlineData("|2^20|2^20")]
    [InlineData("|2^20|1:4|1:4")]
    [InlineData(";inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw")]
    [InlineData("|1:4;inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw|1:4")]
    [InlineData("|1:4;inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw|2:5")]
    [InlineData("|1:4;prompt:x")]
    [Rfc("4568", "6.1")]
    public void InlineKey_ThatSaysWhatCannotBe_LeavesTheLineUnused(string behind) =>
        Assert.False(new SdpCrypto(1, "AES_CM_128_HMAC_SHA1_80", Local.Key + behind).TryGetKeys(out _));

    [Fact]
    [Rfc("4568", "6.1")]
    public void InlineKeys_WithMkis_AreAllTaken()
    {
        Assert.True(new SdpCrypto(1, "AES_CM_128_HMAC_SHA1_80", $"{Local.Key}|2^20|1:4;{Local.PeerKey}|2^20|2:4").TryGetKeys(out var keys));
        Assert.Equal([1, 2], keys.Select(k => (int)k.Mki[3]));
    }

    [Fact]
    [Rfc("4568", "6.2")]
    public void CryptoLine_OfOurs_HasAKeyByChanceOfItsSuitesLength()
    {
        var chance = new SeededEntropy(1);
        foreach (var suite in new[] { "AES_CM_128_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM" })
        {
            var line = SdpCrypto.Create(1, suite, chance);
            Assert.True(SdpCrypto.TryParse(line.ToAttributeValue(), out var read, out _));
            Assert.True(read.TryGetKeys(out var keys));
            Assert.Equal(SdpCrypto.KeyLengthOf(suite), Assert.Single(keys).KeyAndSalt.Length);
            Assert.NotEqual(line, SdpCrypto.Create(1, suite, chance));
        }

        Assert.Throws<ArgumentException>(() => SdpCrypto.Create(1, "F8_128_HMAC_SHA1_80", chance));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("KDR=0", false)]
    [InlineData("KDR=3", true)]
    [InlineData("UNENCRYPTED_SRTCP", true)]
    [InlineData("UNAUTHENTICATED_SRTP", true)]
    [InlineData("WSH=128", false)]
    [InlineData("-NEW=1", false)]
    [InlineData("UNENCRYPTED_SRTP", true)]
    [InlineData("WSH=64 FEC_KEY=x", true)]
    [Rfc("4568", "6.3", Line = "media S9")]
    public void CryptoLine_WithAnUnknownDemand_IsNotUsable(string parameters, bool demands) =>
        Assert.Equal(demands, new SdpCrypto(1, "AES_CM_128_HMAC_SHA1_80", Local.Key, parameters).HasUnknownDemand);
}
