using System.Text;
using Softphone.Core;

namespace Softphone.Sdp.Tests;

/// <summary>Candidates told by INFO (RFC 8840 §9), and candidates that are names.</summary>
public sealed class FragmentTests
{
    private const string Credentials = "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n";

    [Fact]
    [Rfc("8840", "9.2", Line = "I31")]
    public void Fragment_Written_IsReadBack()
    {
        var fragment = new SdpFragment
        {
            Ufrag = "8hhY",
            Password = "asd88fgpdd777uzjYhagZg",
            Mid = "0",
            Candidates = [Candidate("1 1 UDP 1658497328 192.0.2.3 5000 typ host"), Candidate("2 1 UDP 9 203.0.113.9 5001 typ relay raddr 192.0.2.3 rport 5000")],
            EndOfCandidates = true,
        };
        Assert.Equal(
            Credentials + "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 1658497328 192.0.2.3 5000 typ host\r\n"
            + "a=candidate:2 1 UDP 9 203.0.113.9 5001 typ relay raddr 192.0.2.3 rport 5000\r\na=end-of-candidates\r\n",
            fragment.ToString());
        Assert.True(SdpFragment.TryParse(fragment.ToBytes(), out var read, out _));
        Assert.Equal((fragment.Ufrag, fragment.Password, fragment.Mid, true), (read.Ufrag, read.Password, read.Mid, read.EndOfCandidates));
        Assert.Equal(fragment.Candidates, read.Candidates);
    }

    [Theory]
    [InlineData(Credentials + "m=audio 9 RTP/AVP 0\r\na=mid:1\r\na=end-of-candidates\r\n", true)]
    [InlineData(Credentials + "a=end-of-candidates\r\nm=audio 9 RTP/AVP 0\r\na=mid:1\r\n", true)]
    [InlineData(Credentials + "m=audio 9 RTP/AVP 0\r\na=mid:1\r\n", false)]
    [InlineData(Credentials + "m=video 9 RTP/AVP 0\na=mid:2\na=end-of-candidates\nm=audio 9 RTP/AVP 0\na=mid:1\n", false)]
    [Rfc("8840", "9.2", Line = "I31")]
    public void Fragment_OfTheStreamOrTheSession_TellsTheEnd(string text, bool end)
    {
        Assert.True(SdpFragment.TryParse(Encoding.ASCII.GetBytes(text), out var read, out _));
        Assert.Equal((end, "1", 0), (read.EndOfCandidates, read.Mid, read.Candidates.Count));
    }

    [Fact]
    [Rfc("8839", "5.4", Line = "I14")]
    public void Fragment_CredentialsOfTheStream_WinOverTheSessions()
    {
        var text = Credentials + "m=audio 9 RTP/AVP 0\r\na=ice-ufrag:mine\r\na=ice-pwd:0123456789abcdefghijkl\r\n";
        Assert.True(SdpFragment.TryParse(Encoding.ASCII.GetBytes(text), out var read, out _));
        Assert.Equal(("mine", "0123456789abcdefghijkl"), (read.Ufrag, read.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=ice-ufrag:8hhY\r\n")]
    [InlineData("a=ice-ufrag:8\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n")]
    [InlineData("a=ice-ufrag:8hhY\r\na=ice-pwd:short\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n")]
    public void Fragment_WithoutCredentials_IsNotRead(string text)
    {
        Assert.False(SdpFragment.TryParse(Encoding.ASCII.GetBytes(text), out _, out var error));
        Assert.NotEmpty(error.What);
    }

    [Fact]
    [Rfc("8445", "19.5.1", Line = "I84")]
    public void Fragment_WithThousandsOfLines_StaysSmall()
    {
        var text = new StringBuilder(Credentials).Append("m=audio 9 RTP/AVP 0\r\n");
        for (var i = 0; i < 900; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a=candidate:{i} 1 UDP 9 192.0.2.3 {1000 + i} typ host\r\n");
        Assert.True(SdpFragment.TryParse(Encoding.ASCII.GetBytes(text.ToString()), out var read, out _));
        Assert.Equal(128, read.Candidates.Count);
        Assert.False(SdpFragment.TryParse(new byte[70_000], out _, out _));
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I35")]
    public void Candidate_WithALocalName_IsKeptApart()
    {
        const string Line = "a=candidate:1 1 UDP 2113937151 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 10004 typ host";
        var text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n" + Credentials
            + Line + "\r\na=candidate:2 1 UDP 9 192.0.2.1 5000 typ srflx\r\na=candidate:3 1 UDP 9 host.example.com 5000 typ host\r\n";
        Assert.True(SessionDescription.TryParse(text, out var description, out _));
        var ice = description.IceOf(description.Audio!)!;
        Assert.Equal("192.0.2.1", Assert.Single(ice.Candidates).Address.Ip.ToString());
        var named = Assert.Single(ice.NamedCandidates);
        Assert.Equal(("9b36eaac-bb2e-49bb-bb78-21c41c499900.local", 10004), (named.HostName, (int)named.Address.Port));
        Assert.Equal(Line[12..], named.ToString());
    }

    private static SdpCandidate Candidate(string text) => SdpCandidate.TryParse(text, out var candidate, out var error) ? candidate : throw new FormatException(error.ToString());
}
