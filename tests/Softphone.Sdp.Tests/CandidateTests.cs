using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

public sealed class CandidateTests
{
    [Theory]
    [InlineData("1 1 UDP 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("Hc0a 2 UDP 1694498815 203.0.113.9 5001 typ srflx raddr 192.168.0.1 rport 4000")]
    [InlineData("r/+9 1 UDP 16777215 2001:db8::9 5002 typ relay raddr 203.0.113.9 rport 0")]
    [InlineData("p 256 UDP 1 192.0.2.1 1 typ prflx raddr 0.0.0.0 rport 9")]
    [InlineData("1 1 UDP 2122260223 192.0.2.1 5000 typ host generation 0 network-id 1 x-vendor yes")]
    [InlineData("1 1 TCP 2122260223 192.0.2.1 9 typ host tcptype active")]
    [InlineData("1 1 UDP 2147483647 192.0.2.1 5000 typ novel")]
    [Rfc("8839", "5.1", Line = "I13")]
    public void Candidate_Read_IsWrittenBackTheSame(string value)
    {
        Assert.True(SdpCandidate.TryParse(value, out var candidate, out var error), error.ToString());
        Assert.Equal(value, candidate.ToString());
        Assert.True(SdpCandidate.TryParse("candidate:" + candidate, out var again, out _));
        Assert.Equal(candidate, again);
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I13")]
    public void Candidate_WithEveryField_HasItsValues()
    {
        Assert.True(SdpCandidate.TryParse("f 2 udp 77 203.0.113.9 5001 TYP SRFLX RADDR 192.168.0.1 rport 4000 generation 3", out var c, out _));
        Assert.Equal(("f", 2, "udp", 77u), (c.Foundation, c.Component, c.Transport, c.Priority));
        Assert.Equal((Address.Parse("203.0.113.9:5001"), SdpCandidateType.Srflx), (c.Address, c.Type));
        Assert.Equal(Address.Parse("192.168.0.1:4000"), c.Related);
        Assert.Equal("3", Assert.Single(c.Extensions).Value);
        Assert.True(c.IsUdp);
    }

    [Theory]
    [InlineData("1 1 TCP 77 192.0.2.1 9 typ host tcptype active", "active")]
    [InlineData("1 1 tcp 77 192.0.2.1 5000 typ host generation 0 TCPTYPE Passive", "passive")]
    [InlineData("1 1 TCP 77 203.0.113.9 5000 typ srflx raddr 192.0.2.1 rport 5000 tcptype so", "so")]
    [InlineData("1 1 TCP 77 192.0.2.1 5000 typ host", null)]
    [InlineData("1 1 TCP 77 192.0.2.1 5000 typ host tcptype novel", null)]
    [InlineData("1 1 UDP 77 192.0.2.1 5000 typ host tcptype active", null)]
    [Rfc("6544", "4.5", Line = "I78")]
    public void TcpType_IsReadOfTcpCandidatesAlone(string value, string? type)
    {
        Assert.True(SdpCandidate.TryParse(value, out var candidate, out _));
        Assert.Equal(type, candidate.TcpType);
    }

    [Fact]
    [Rfc("6544", "4.5", Line = "I78")]
    public void Fragment_WithTcpCandidates_HasThoseThatSayTheirType_AndAsManyOfUdpAsWithout()
    {
        var streams = string.Concat(Enumerable.Range(1, 200).Select(i => $"a=candidate:{i} 1 TCP 77 192.0.2.1 {i} typ host tcptype passive\r\n"));
        var body = $"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\nm=audio 9 RTP/AVP 0\r\n{streams}a=candidate:x 1 TCP 77 192.0.2.1 9 typ host\r\na=candidate:1 1 UDP 78 192.0.2.1 5000 typ host\r\n";
        Assert.True(SdpFragment.TryParse(System.Text.Encoding.UTF8.GetBytes(body), out var fragment, out _));
        Assert.Single(fragment.Candidates, c => c.IsUdp);
        Assert.Equal(128, fragment.Candidates.Count(c => c.TcpType == "passive"));
        Assert.Equal(129, fragment.Candidates.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 1 UDP 1 192.0.2.1 5000 typ")]
    [InlineData("1 1 UDP 0 192.0.2.1 5000 typ host")]
    [InlineData("1 1 UDP 2147483648 192.0.2.1 5000 typ host")]
    [InlineData("1 1 UDP -1 192.0.2.1 5000 typ host")]
    [InlineData("1 0 UDP 1 192.0.2.1 5000 typ host")]
    [InlineData("1 257 UDP 1 192.0.2.1 5000 typ host")]
    [InlineData("1 1 UDP 1 8a3b.local 5000 typ host")]
    [InlineData("1 1 UDP 1 192.0.2.1 0 typ host")]
    [InlineData("1 1 UDP 1 192.0.2.1 65536 typ host")]
    [InlineData("1 1 UDP 1 192.0.2.1 5000 type host")]
    [InlineData("123456789012345678901234567890123 1 UDP 1 192.0.2.1 5000 typ host")]
    [Rfc("8839", "5.1", Line = "I13")]
    public void Candidate_OutOfTheGrammar_IsNotRead(string value)
    {
        Assert.False(SdpCandidate.TryParse(value, out _, out var error));
        Assert.NotEmpty(error.What);
    }

    [Theory]
    [InlineData("1 1 UDP 9 192.0.2.1 5000 typ srflx raddr 2001:db8:1234:5678:9ab rport 4000")]
    [InlineData("1 1 UDP 9 192.0.2.1 5000 typ srflx raddr 192.0.2.9")]
    [InlineData("1 1 UDP 9 192.0.2.1 5000 typ srflx rport 4000")]
    public void Candidate_WithACutRelatedAddress_IsKeptWithoutIt(string value)
    {
        Assert.True(SdpCandidate.TryParse(value, out var candidate, out _));
        Assert.Null(candidate.Related);
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I02")]
    public void Candidate_LinkLocal_IsNeverWrittenWithAZone()
    {
        var scoped = IpAddress.FromBytes(IpAddress.Parse("fe80::1").ToIPAddress().GetAddressBytes(), 3);
        var candidate = new SdpCandidate("1", 1, "UDP", 9, new Address(scoped, 4000), SdpCandidateType.Host);
        Assert.Contains(" fe80::1 4000 ", candidate.ToString());
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I13")]
    public void IceView_PassesOverUnknownTransportNamesAndPriorityZero()
    {
        var description = Sdp.Parse(
            "m=audio 5000 RTP/AVP 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n" +
            "a=candidate:1 1 SCTP 9 192.0.2.1 5000 typ host\r\na=candidate:1 1 UDP 9 x.local 5000 typ host\r\n" +
            "a=candidate:1 1 UDP 0 192.0.2.1 5000 typ host\r\na=candidate:1 1 UDP 9 192.0.2.1 5000 typ odd\r\n" +
            "a=candidate:1 1 udp 9 192.0.2.1 5000 typ host\r\n");
        Assert.Single(description.IceOf(description.Media[0])!.Candidates);
        Assert.Equal(5, description.Media[0].Values("candidate").Count());
    }

    [Theory]
    [InlineData("abc", "0123456789abcdefghijkl", false)]
    [InlineData("abcd", "0123456789abcdefghijkl", true)]
    [InlineData("abcd", "0123456789abcde", false)]
    [InlineData("ab d", "0123456789abcdefghijkl", false)]
    [InlineData("ab+/", "0123456789abcdefghij+/", true)]
    [InlineData("256", "0123456789abcdefghijkl", true)]
    [InlineData("257", "0123456789abcdefghijkl", false)]
    [Rfc("8839", "5.4", Line = "I12")]
    public void Credentials_OfUsableLengthAndCharacters_MakeIce(string ufrag, string password, bool ice)
    {
        if (int.TryParse(ufrag, out var length)) ufrag = new string('u', length);
        var description = Sdp.Parse($"m=audio 5000 RTP/AVP 0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n");
        Assert.Equal(ice, description.IceOf(description.Media[0]) is not null);
    }

    [Fact]
    [Rfc("8839", "5.4", Line = "I14")]
    public void Credentials_OfTheMediaLevel_WinOverTheSession()
    {
        var description = Sdp.Parse(
            "a=ice-ufrag:sess\r\na=ice-pwd:sssssssssssssssssssssssss\r\na=ice-options:ice2 trickle\r\na=ice-lite\r\na=ice-pacing:30\r\n" +
            "m=audio 5000 RTP/AVP 0\r\na=ice-ufrag:medi\r\na=ice-pwd:mmmmmmmmmmmmmmmmmmmmmmmmm\r\n" +
            "m=audio 6000 RTP/AVP 0\r\na=end-of-candidates\r\na=remote-candidates:1 192.0.2.3 45664 2 192.0.2.3 45665\r\n");
        var first = description.IceOf(description.Media[0])!;
        var second = description.IceOf(description.Media[1])!;
        Assert.Equal(("medi", "sess"), (first.Ufrag, second.Ufrag));
        Assert.True(first.IsIce2 && first.Trickles && first.Lite);
        Assert.Equal(30, second.Pacing);
        Assert.False(first.EndOfCandidates);
        Assert.True(second.EndOfCandidates);
        Assert.Equal([new(1, Address.Parse("192.0.2.3:45664")), new(2, Address.Parse("192.0.2.3:45665"))], second.RemoteCandidates);
        Assert.DoesNotContain("mmmm", first.ToString());
    }

    [Theory]
    [InlineData("192.0.2.1", 5000, "", true)]
    [InlineData("192.0.2.1", 5002, "", false)]
    [InlineData("192.0.2.8", 5000, "", false)]
    [InlineData("0.0.0.0", 9, "", true)]
    [InlineData("192.0.2.1", 5000, "a=candidate:1 2 UDP 8 192.0.2.1 5001 typ host\r\n", true)]
    [InlineData("192.0.2.1", 5000, "a=candidate:1 2 UDP 8 192.0.2.1 5007 typ host\r\n", false)]
    [InlineData("192.0.2.1", 5000, "a=rtcp:5007\r\na=candidate:1 2 UDP 8 192.0.2.1 5007 typ host\r\n", true)]
    [InlineData("192.0.2.1", 5000, "a=rtcp-mux\r\na=candidate:1 2 UDP 8 192.0.2.1 5007 typ host\r\n", true)]
    [Rfc("8839", "4.2.5", Line = "I17")]
    public void DefaultAddress_AmongTheCandidatesOrTrickling_IsNoMismatch(string host, int port, string more, bool matches)
    {
        var description = Sdp.Parse($"m=audio {port} RTP/AVP 0\r\nc=IN IP4 {host}\r\na=candidate:1 1 UDP 9 192.0.2.1 5000 typ host\r\n{more}");
        Assert.Equal(matches, description.DefaultIsCandidate(description.Media[0]));
    }
}
