using System.Text;
using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

public sealed class SessionDescriptionTests
{
    private const string Full =
        "v=0\r\no=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\ns=Call\r\ni=A seminar\r\nu=http://example.com/s.pdf\r\n" +
        "e=jane@example.com (Jane)\r\np=+1 617 555 6011\r\nc=IN IP4 198.51.100.1\r\nb=AS:64\r\nt=0 0\r\nr=7d 1h 0 25h\r\nz=2882844526 -1h\r\n" +
        "k=clear:x\r\na=x-session:1\r\na=recvonly\r\nm=audio 49170 RTP/AVP 0\r\ni=voice\r\nc=IN IP4 224.2.1.1/127\r\nb=TIAS:64000\r\na=x-media\r\n" +
        "m=video 51372/2 RTP/AVP 99\r\na=rtpmap:99 h263-1998/90000\r\n";

    [Fact]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Description_WithEveryLineType_IsWrittenBackToTheOctet()
    {
        Assert.True(SessionDescription.TryParse(Full, out var description, out var error), error.ToString());
        Assert.Equal(Full, description.ToString());
        Assert.Equal("3724394405", description.Origin.Version);
        Assert.Equal(2, description.Media[1].PortCount);
        Assert.Equal("224.2.1.1", description.ConnectionOf(description.Media[0])!.Host);
        Assert.Equal("198.51.100.1", description.ConnectionOf(description.Media[1])!.Host);
    }

    [Fact]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Description_WithLineFeedsOnlyAndWithoutTheLast_IsRead()
    {
        Assert.True(SessionDescription.TryParse(Full.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n'), out var description, out _));
        Assert.Equal(Full, description.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("v=1\r\no=- 1 1 IN IP4 1.2.3.4\r\n")]
    [InlineData("o=- 1 1 IN IP4 1.2.3.4\r\nv=0\r\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\n")]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Description_ThatCannotBeFramed_IsRefusedWithAReason(string text)
    {
        Assert.False(SessionDescription.TryParse(text, out var description, out var error));
        Assert.Null(description);
        Assert.NotEmpty(error.What);
    }

    [Fact]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Description_OutOfOrderOrWithoutNameAndTime_IsReadAllTheSame()
    {
        Assert.True(SessionDescription.TryParse("v=0\nt=0 0\nc=IN IP4 192.0.2.1\no=- 1 2 IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\n", out var description, out var error), error.ToString());
        Assert.Equal(("-", "2", "192.0.2.1:4000"), (description.Name, description.Origin.Version, description.RtpOf(description.Media[0]).ToString()));
    }

    [Fact]
    public void Description_LongerThanTheBound_IsRefused()
    {
        var text = Full + "a=x:" + new string('y', SessionDescription.MaxLength);
        Assert.False(SessionDescription.TryParse(text, out _, out _));
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text).AsSpan(), out _, out _));
    }

    [Theory]
    [InlineData("", "", MediaDirection.SendRecv)]
    [InlineData("a=sendonly\r\n", "", MediaDirection.SendOnly)]
    [InlineData("a=sendonly\r\n", "a=recvonly\r\n", MediaDirection.RecvOnly)]
    [InlineData("a=inactive\r\n", "a=sendrecv\r\n", MediaDirection.SendRecv)]
    [InlineData("a=recvonly\r\n", "a=sendonly:x\r\n", MediaDirection.RecvOnly)]
    [Rfc("8866", "6.7", Line = "sip O5")]
    public void Direction_OfTheMediaLevel_WinsOverTheSession(string session, string media, MediaDirection expected)
    {
        var description = Sdp.Parse($"{session}m=audio 4000 RTP/AVP 0\r\n{media}");
        Assert.Equal(expected, description.DirectionOf(description.Media[0]));
    }

    [Theory]
    [InlineData("", "192.0.2.1:4001")]
    [InlineData("a=rtcp:5005\r\n", "192.0.2.1:5005")]
    [InlineData("a=rtcp:5005 IN IP4 198.51.100.7\r\n", "198.51.100.7:5005")]
    [InlineData("a=rtcp:5005 IN IP6 2001:db8::7\r\n", "[2001:db8::7]:5005")]
    [InlineData("a=rtcp:0\r\n", "192.0.2.1:4001")]
    [InlineData("a=rtcp:many\r\n", "192.0.2.1:4001")]
    [InlineData("a=rtcp:5005 IN IP4 host.example\r\n", "192.0.2.1:4001")]
    [Rfc("3605", "2.1", Line = "sip O7")]
    public void Rtcp_StandsWhereItIsSaid_ElseOnePortUp(string attribute, string expected)
    {
        var description = Sdp.Parse($"m=audio 4000 RTP/AVP 0\r\n{attribute}");
        Assert.Equal(Address.Parse(expected), description.RtcpOf(description.Media[0]));
    }

    [Theory]
    [InlineData("IP4", "0.0.0.0", "")]
    [InlineData("IP4", "224.2.1.1/127", "")]
    [InlineData("IP4", "255.255.255.255", "")]
    [InlineData("IP6", "ff02::1", "")]
    [InlineData("IP6", "::", "")]
    [InlineData("IP4", "phone.example", "")]
    [InlineData("IP4", "192.0.2.1", "a=rtcp:9 IN IP4 0.0.0.0\r\n")]
    [InlineData("IP4", "192.0.2.1", "a=rtcp:5005 IN IP4 224.0.0.1\r\n")]
    public void Address_OfNoOneHost_IsNotSentTo(string family, string host, string attributes)
    {
        var description = Sdp.Parse($"m=audio 4000 RTP/AVP 0\r\nc=IN {family} {host}\r\n{attributes}");
        Assert.Equal(attributes.Length > 0, description.RtpOf(description.Media[0]).IsValid);
        Assert.False(description.RtcpOf(description.Media[0]).IsValid);
    }

    [Theory]
    [InlineData("a=ptime:20\r\n", 20)]
    [InlineData("a=ptime:30.0\r\n", 30)]
    [InlineData("a=ptime: 40 ms\r\n", 40)]
    [InlineData("a=ptime:0\r\n", null)]
    [InlineData("a=ptime:-20\r\n", null)]
    [InlineData("a=ptime:soon\r\n", null)]
    [InlineData("a=ptime\r\n", null)]
    [InlineData("a=ptime:99999999999999999999\r\n", null)]
    public void Ptime_ThatIsNoSensibleNumber_IsAsGoodAsNone(string attribute, int? expected) =>
        Assert.Equal(expected, Sdp.Parse($"m=audio 4000 RTP/AVP 0\r\n{attribute}").Media[0].Ptime);

    [Theory]
    [InlineData("0.0.0.0", 4000, "", true)]
    [InlineData("::", 4000, "", true)]
    [InlineData("192.0.2.1", 4000, "", false)]
    [InlineData("0.0.0.0", 9, "a=ice-ufrag:abcd\r\n", false)]
    [InlineData("0.0.0.0", 9, "", true)]
    [Rfc("3264", "8.4", Line = "sip O5")]
    public void AddressOfZeros_IsAHold_UnlessItTrickles(string host, int port, string attribute, bool held)
    {
        var family = host.Contains(':') ? "IP6" : "IP4";
        var description = Sdp.Parse($"m=audio {port} RTP/AVP 0\r\nc=IN {family} {host}\r\n{attribute}");
        Assert.Equal(held, description.IsZeroAddressHold(description.Media[0]));
    }

    [Fact]
    [Rfc("8122", "5", Line = "sip O9")]
    public void Fingerprint_OfTheMediaLevel_WinsAndIsReadInAnyCase()
    {
        var description = Sdp.Parse("a=fingerprint:sha-1 00:11\r\na=setup:passive\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:SHA-256 aB:cd:EF\r\na=fingerprint:sha-256 xyz\r\n");
        var print = Assert.Single(description.FingerprintsOf(description.Media[0]));
        Assert.Equal("sha-256 AB:CD:EF", print.ToString());
        Assert.Equal("passive", description.SetupOf(description.Media[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Rfc("8866", "5", Line = "sip O1")]
    public void Parser_FedMutatedDescriptions_NeverThrowsAndViewsHold(ulong seed)
    {
        var entropy = new SeededEntropy(seed);
        var bases = new[] { Full, Sdp.Chrome, Sdp.Asterisk };
        for (var round = 0; round < 3_000; round++)
        {
            var octets = Encoding.UTF8.GetBytes(bases[entropy.NextInt(bases.Length)]);
            for (var cuts = entropy.NextInt(12); cuts >= 0; cuts--) octets[entropy.NextInt(octets.Length)] = (byte)entropy.NextInt(256);
            var length = entropy.NextInt(4) == 0 ? entropy.NextInt(octets.Length) : octets.Length;
            if (!SessionDescription.TryParse(octets.AsSpan(0, length), out var description, out _)) continue;

            Assert.True(SessionDescription.TryParse(description.ToString(), out var again, out var error), $"seed {seed} round {round}: {error}");
            Assert.Equal(description.ToString(), again.ToString());
            if (OfferAnswer.TryAnswer(description, Local.Basic(), SdpSession.Start("1"), out var answer, out _, out _))
                Assert.Equal(description.Media.Count, answer.Media.Count);
            OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Local.Basic(), SdpSession.Start("1")), description, out _, out _);
        }
    }
}
