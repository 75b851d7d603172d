using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

/// <summary>Lines that break the grammar, as others send them: each spoils itself or its stream, and never the description.</summary>
public sealed class OddLineTests
{
    private const string Head = "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
    private const string Audio = "m=audio 4000 RTP/AVP 0\r\n";
    private static readonly SdpSession Fresh = SdpSession.Start("77");

    [Theory]
    [InlineData(Head + "y=0100000001\r\nf=v/////a/1/8/1\r\n" + Audio)]
    [InlineData(Head + Audio + "y=0100000001\r\n")]
    [InlineData(Head + Audio + "f=\r\nX=1\r\n")]
    [InlineData(Head + "junk\r\n" + Audio + "=\r\nm\r\n")]
    [InlineData(Head + "c=IN IP4\r\n" + Audio)]
    [InlineData(Head + Audio + "c=IN\r\nc=somewhere\r\n")]
    [InlineData(Head + Audio + "o=- 9 9 IN IP4 192.0.2.9\r\ns=again\r\nt=1 1\r\nv=0\r\n")]
    [InlineData(Head + "b=\r\nb=AS\r\ni=\r\nz=x\r\n" + Audio)]
    [InlineData("\r\n \r\n" + Head + "\r\n  \r\n" + Audio)]
    [InlineData("v=0\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n" + Audio)]
    [InlineData("v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1 more\r\n" + Audio)]
    [InlineData("v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\nc=in ip4 192.0.2.1\r\nm=AUDIO 4000 rtp/avp 0\r\n")]
    [InlineData("v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\nc=IN\tIP4\t192.0.2.1\r\nm=audio\t4000\tRTP/AVP\t0\r\n")]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Description_WithOneOddLine_LosesThatLineAlone(string text)
    {
        var offer = Sdp.Parse(text);
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out _, out var answered, out _));
        Assert.True(OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.Basic(), Fresh), offer, out var completed, out _));
        Assert.Equal(("192.0.2.1:4000", "192.0.2.1:4000"), (answered.RemoteRtp.ToString(), completed.RemoteRtp.ToString()));
        Assert.Equal("PCMU", completed.Send.Name);
    }

    [Theory]
    [InlineData(" 1467 1467 IN IP4 192.0.2.1", "-", "1467")]
    [InlineData("- 7 1 IN IP4 192.0.2.1", "-", "1")]
    [InlineData("John Q Public 7 3 IN IP4 192.0.2.1", "John Q Public", "3")]
    [InlineData("- 7 v2.0 in IP4 phone.example", "-", "v2.0")]
    [InlineData("- 7 1 192.0.2.1", "-", "0")]
    [InlineData("", "-", "0")]
    [Rfc("8866", "5.2", Line = "sip O1")]
    public void Origin_OfAnyForm_SpoilsNoDescription(string value, string user, string version)
    {
        var description = Sdp.Parse($"v=0\r\no={value}\r\nc=IN IP4 192.0.2.1\r\n{Audio}");
        Assert.Equal((user, version), (description.Origin.Username, description.Origin.Version));
        Assert.Equal(description.ToString(), Sdp.Parse(description.ToString()).ToString());
        Assert.True(OfferAnswer.TryAnswer(description, Local.Basic(), Fresh, out _, out _, out _));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP")]
    [InlineData("m=video 0")]
    [InlineData("m=video x RTP/AVP 31")]
    [InlineData("m=audio 70000 RTP/AVP 0")]
    [InlineData("m=audio -1 RTP/AVP 0")]
    [InlineData("m=audio")]
    [InlineData("m=")]
    [InlineData("m=application 9 UDP/BFCP")]
    [InlineData("m=audio 4002 RTP/AVP")]
    [Rfc("3264", "6", Line = "sip O3")]
    public void Stream_ThatCannotBeRead_IsRefusedInItsPlace_AndTheNextTaken(string line)
    {
        var offer = Sdp.Parse($"{line}\r\na=x\r\n{Audio}");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal((2, 1, true), (answer.Media.Count, negotiated.MediaIndex, answer.Media[0].IsRejected));
        Assert.NotEmpty(answer.Media[0].Formats);
        Assert.True(OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.Basic(), Fresh), Sdp.Parse($"{Audio}{line}\r\n"), out _, out var fault), fault?.What);
    }

    [Theory]
    [InlineData("m=audio 4000/0 RTP/AVP 0\r\n")]
    [InlineData("m=audio 4000/x RTP/AVP 0\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0 x 200 35 0\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0 99 98\r\na=rtpmap:98 X-VENDOR/16000\r\na=fmtp:97 x=1\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\na=RTPMAP:0 pcmu/8000\r\na=SENDRECV\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\na=rtpmap: 0 PCMU/8000\r\na= sendrecv\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000/\r\n")]
    [Rfc("3551", "6", Line = "sip O6")]
    public void Formats_AmongWhichSomeAreOdd_LeaveThoseThatAreNot(string stream)
    {
        Assert.True(OfferAnswer.TryAnswer(Sdp.Parse(stream), Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Equal(("PCMU", MediaDirection.SendRecv), (answer.Media[0].Formats.Count == 1 ? negotiated.Send.Name.ToUpperInvariant() : "more", negotiated.LocalDirection));
    }

    [Theory]
    [InlineData("a=INACTIVE\r\n", MediaDirection.Inactive)]
    [InlineData("a= sendonly\r\n", MediaDirection.RecvOnly)]
    public void Direction_InAnyCase_Counts(string line, MediaDirection expected)
    {
        Assert.True(OfferAnswer.TryAnswer(Sdp.Parse(Audio + line), Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(expected, negotiated.LocalDirection);
    }

    [Theory]
    [InlineData("102", "opus/48000", 102)]
    [InlineData("111", "OPUS/48000/1", 111)]
    [InlineData("96", "opus/48000/", 96)]
    [InlineData("120", "opus/48000/2", 120)]
    [Rfc("7587", "7", Line = "sip O10")]
    public void Opus_WithWhateverChannels_IsOpus(string format, string map, int number)
    {
        var offer = Sdp.Parse($"m=audio 4000 RTP/AVP {format}\r\na=rtpmap:{format} {map}\r\na=fmtp:{format} useinbandfec=1\r\n");
        Assert.True(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out var answer, out var negotiated, out _));
        Assert.Contains(answer.Media[0].Attributes, a => a.ToString() == $"rtpmap:{number} opus/48000/2");
        Assert.Equal((number, true), ((int)negotiated.Send.PayloadType, negotiated.SendOpus.UseInbandFec));
        Assert.Contains((byte)number, negotiated.Receive.Keys);
    }

    [Theory]
    [InlineData("opus/48000")]
    [InlineData("Opus/48000/1")]
    [InlineData("opus/48000/2")]
    [Rfc("7587", "7", Line = "sip O10")]
    public void Opus_InAnAnswerWithWhateverChannels_IsOpus(string map)
    {
        var offer = OfferAnswer.CreateOffer(Local.Basic(), Fresh);
        var number = SdpCodecs.Of(offer.Media[0])[0].PayloadType;
        Assert.True(OfferAnswer.TryComplete(offer, Sdp.Parse($"m=audio 4000 RTP/AVP {number}\r\na=rtpmap:{number} {map}\r\n"), out var negotiated, out _));
        Assert.Equal((number, "opus"), (negotiated.Send.PayloadType, negotiated.Send.Name.ToLowerInvariant()));
    }

    [Theory]
    [InlineData("IP4", "localhost", "", 4001)]
    [InlineData("IP6", "media-1.pbx.example.", "a=rtcp:4009\r\n", 4009)]
    [InlineData("IP4", "_a.example", "a=rtcp-mux\r\n", 4001)]
    [Rfc("8866", "5.7", Line = "sip O7")]
    public void Name_InPlaceOfAnAddress_IsAskedForAndThenSentTo(string family, string host, string lines, int rtcp)
    {
        var description = Sdp.Parse($"m=audio 4000 RTP/AVP 0\r\nc=IN {family} {host}\r\n{lines}");
        Assert.True(OfferAnswer.TryAnswer(description, Local.Basic(), Fresh, out _, out var negotiated, out _));
        Assert.Equal(new SdpNamedHost(host, family == "IP6", 4000, (ushort)rtcp), negotiated.RemoteName);
        Assert.False(negotiated.RemoteRtp.IsValid || negotiated.IsHeldByRemote);
        var there = negotiated.At(IpAddress.Parse("198.51.100.4"));
        Assert.Equal(("198.51.100.4:4000", $"198.51.100.4:{(negotiated.Mux ? 4000 : rtcp)}"), (there.RemoteRtp.ToString(), there.RemoteRtcp.ToString()));
        Assert.Null(there.RemoteName);
        Assert.True(OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.Basic(), Fresh), description, out var completed, out _));
        Assert.Equal(host, completed.RemoteName?.Name);
    }

    [Theory]
    [InlineData("nowhere.invalid")]
    [InlineData("300.1.1")]
    [InlineData("a/b")]
    [InlineData("$(x).example")]
    public void Host_ThatIsNeitherAddressNorName_IsNoReasonToAsk(string host)
    {
        var offer = Sdp.Parse($"m=audio 4000 RTP/AVP 0\r\nc=IN IP4 {host}\r\n");
        if (host == "a/b")
        {
            // A suffix as of multicast is cut off: what is left is a name.
            Assert.Equal("a", offer.NamedOf(offer.Media[0])?.Name);
            return;
        }

        Assert.False(OfferAnswer.TryAnswer(offer, Local.Basic(), Fresh, out _, out _, out var rejection));
        Assert.Equal(301, rejection.WarningCode);
    }

    [Theory]
    [InlineData("abcd", "MTIzNDU2Nzg5MDEyMzQ1Ng==")]
    [InlineData("abcd", "0123456789abcdefghijk")]
    [InlineData("a-b_", "0123456789-_abcdefghijkl")]
    [InlineData("abcd ", "0123456789abcdefghijkl ")]
    [InlineData("ab=cd", "{0123456789abcdef}")]
    [Rfc("8839", "5.4", Line = "I12")]
    public void Credentials_ThatBreakARuleWhichHarmsNothing_AreUsed(string ufrag, string password)
    {
        var description = Sdp.Parse($"{Audio}a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\na=candidate:1 1 udp 1 192.0.2.1 4000 typ host\r\n");
        Assert.True(OfferAnswer.TryAnswer(description, Local.WithIce(), Fresh, out _, out var negotiated, out _));
        Assert.Equal((ufrag.Trim(), password.Trim()), (negotiated.RemoteIce?.Ufrag, negotiated.RemoteIce?.Password));
        Assert.Null(negotiated.IceFlaw);
    }

    [Theory]
    [InlineData("a=ice-ufrag:7ia\r\na=ice-pwd:skgrbt8d6881dsdi6k498oocq\r\n", "the peer's ice-ufrag has 3 characters, at least 4 are needed")]
    [InlineData("a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n", "the peer's ice-pwd has 6 characters, at least 22 are needed")]
    [InlineData("a=ice-ufrag:ab:cd\r\na=ice-pwd:0123456789abcdefghijkl\r\n", "the peer's ice-ufrag has a character in it that no name or key of ICE may have (number 3)")]
    [InlineData("a=ice-ufrag:abcd\r\na=ice-pwd:0123456789 abcdefghijkl\r\n", "the peer's ice-pwd has a character in it that no name or key of ICE may have (number 11)")]
    [InlineData("a=ice-ufrag:abcd\r\n", "the peer wrote an ice-ufrag without an ice-pwd")]
    [InlineData("a=ice-pwd:0123456789abcdefghijkl\r\n", "the peer wrote an ice-pwd without an ice-ufrag")]
    [InlineData("", "the peer wrote candidates without ice-ufrag and ice-pwd")]
    [InlineData("a=ice-mismatch\r\n", "the peer found its view of our addresses changed on the way (a=ice-mismatch) and does without ICE")]
    [Rfc("8839", "5.4", Line = "I12")]
    public void Credentials_ThatCannotBeUsed_AreToldForWhatTheyAre(string lines, string flaw)
    {
        var description = Sdp.Parse($"{Audio}{lines}a=candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host\r\n");
        Assert.True(OfferAnswer.TryAnswer(description, Local.WithIce(), Fresh, out _, out var negotiated, out _));
        Assert.Null(negotiated.RemoteIce);
        Assert.Equal(flaw, negotiated.IceFlaw);
        Assert.True(OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.WithIce(), Fresh), description, out var completed, out _));
        Assert.Equal(flaw, completed.IceFlaw);
    }

    [Theory]
    [InlineData("ice2,trickle", true, true)]
    [InlineData("trickle, renomination", true, false)]
    [InlineData("ICE2;Trickle", true, true)]
    [InlineData("ice2", false, true)]
    [Rfc("8839", "5.6", Line = "I12")]
    public void IceOptions_ByWhateverParted_AreRead(string options, bool trickles, bool ice2)
    {
        var description = Sdp.Parse($"{Audio}a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-options:{options}\r\n");
        var ice = description.IceOf(description.Media[0])!;
        Assert.Equal((trickles, ice2), (ice.Trickles, ice.IsIce2));
    }

    [Fact]
    [Rfc("8840", "4.1.1", Line = "I17")]
    public void NoCandidateAndPortNine_Trickle_WhateverTheOptionsSay()
    {
        var description = Sdp.Parse("m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n");
        Assert.True(description.IceOf(description.Media[0])!.Trickles);
    }
}
