using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Peers whose descriptions break a rule, in calls of both directions: what can be taken is taken, and what cannot is told for what it is.</summary>
public sealed class OddPeerTests
{
    public static TheoryData<string, string> OddLines => new()
    {
        { "m=audio 40000 RTP/AVP", "m=audio 0 RTP/AVP\r\nm=audio 40000 RTP/AVP" },
        { "o=peer 1 1 IN IP4 203.0.113.77", "o= 1 1 IN IP4 203.0.113.77" },
        { "s=-", "s=Play\r\nu=34020000001320000001:3" },
        { "a=sendrecv", "a=sendrecv\r\ny=0100000001\r\nf=v/////a/1/8/1" },
        { "t=0 0", "t=0 0\r\nx-vendor: yes\r\nb=" },
        { "c=IN IP4 203.0.113.77", "c=in ip4 203.0.113.77 rest" },
        { "RTP/AVP 0 101", "rtp/avp 0 101 77 200" },
    };

    [Theory, MemberData(nameof(OddLines))]
    [Rfc("8866", "5", Line = "sip O1")]
    public void OddLine_InAnOffer_CallStands(string line, string odd)
    {
        using var bench = new PeerBench();
        bench.BeCalled(bench.Peer.Describe().Replace(line, odd, StringComparison.Ordinal));
        bench.Run(0.3);
        bench.Talk();
        bench.End();
    }

    [Theory, MemberData(nameof(OddLines))]
    [Rfc("8866", "5", Line = "sip O1")]
    public void OddLine_InAnAnswer_CallStands(string line, string odd)
    {
        // A stream before ours is no answer of an odd form, but one to another offer.
        if (odd.StartsWith("m=audio 0", StringComparison.Ordinal)) (line, odd) = ("a=sendrecv", "a=sendrecv\r\nm=video 0 RTP/AVP");
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe().Replace(line, odd, StringComparison.Ordinal));
        bench.Run(0.3);
        bench.Talk();
        bench.End();
    }

    [Theory]
    [InlineData("media.peer.example", false, 0)]
    [InlineData("media.peer.example", true, 0)]
    [InlineData("MEDIA.peer.example", false, 800)]
    [InlineData("media.peer.example", true, 800)]
    [Rfc("8866", "5.7", Line = "sip O7")]
    public void NameInPlaceOfAnAddress_IsAskedFor_AndMediaGoesThere(string name, bool isCalled, int slowness)
    {
        using var bench = new PeerBench();
        bench.Demo.World.Names.Add("media.peer.example", IpAddress.Parse("2001:db8::9"), IpAddress.Parse("203.0.113.77"));
        bench.Demo.World.Names.Delay = TimeSpan.FromMilliseconds(slowness);
        if (isCalled) bench.BeCalled(bench.Peer.Describe(c: name));
        else bench.Dial(_ => bench.Peer.Describe(c: name));
        bench.Run(1.5);
        bench.Talk();
        var summary = bench.End();
        bench.That(summary is { Fault: null, Audio: AudioOutcome.TwoWay }, summary.ToString());
    }

    [Theory]
    [InlineData("nobody.example", false)]
    [InlineData("nobody.example", true)]
    [Rfc("8866", "5.7", Line = "sip O7")]
    public void NameThatHasNoAddress_EndsTheCallWithWords(string name, bool isCalled)
    {
        using var bench = new PeerBench();
        if (isCalled) bench.BeCalled(bench.Peer.Describe(c: name));
        else bench.Dial(_ => bench.Peer.Describe(c: name));
        bench.Until(() => bench.Summary is not null, 5, "an end");
        bench.That(bench.Summary!.Fault is { Layer: Layer.Dns } fault && fault.What.Contains(name, StringComparison.Ordinal), bench.Summary.ToString());
    }

    [Theory]
    [InlineData("a=ice-ufrag:7ia\r\na=ice-pwd:skgrbt8d6881dsdi6k498oocq\r\n", "the peer's ice-ufrag has 3 characters, at least 4 are needed")]
    [InlineData("a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n", "the peer's ice-pwd has 5 characters, at least 22 are needed")]
    [InlineData("a=ice-ufrag:abcd\r\n", "the peer wrote an ice-ufrag without an ice-pwd")]
    [InlineData("", "the peer offered no ICE")]
    [Rfc("8839", "5.4", Line = "I12")]
    public void IceThatCannotBeUsed_IsToldForWhatItIs(string lines, string told)
    {
        foreach (var isCalled in new[] { false, true })
        {
            using var bench = new PeerBench();
            if (isCalled) bench.BeCalled(bench.Peer.Describe(extra: lines));
            else bench.Dial(_ => bench.Peer.Describe(extra: lines));
            bench.Run(0.3);
            bench.Talk();
            var summary = bench.End();
            bench.That(summary.Explanation.Contains($"Plain RTP without ICE: {told}", StringComparison.Ordinal), summary.Explanation);
        }
    }

    [Theory]
    [InlineData(18, "0", " packets with payload type 18 came, which was not agreed.")]
    [InlineData(107, "0", " packets with payload type 107 came, which was not agreed.")]
    [InlineData(3, "8", " packets with payload type 3 came, which was not agreed.")]
    [Rfc("3264", "6.1", Line = "media R20")]
    public void PayloadTypeThatNobodyAgreed_IsCountedAndTold(byte type, string formats, string told)
    {
        using var bench = new PeerBench();
        bench.Peer.PayloadType = type;
        bench.Dial(_ => bench.Peer.Describe(formats: formats));
        bench.Run(2);
        var summary = bench.End();
        bench.That(summary.Audio == AudioOutcome.SendOnly && summary.Explanation.Contains(told, StringComparison.Ordinal), summary.ToString());
        bench.That(summary.Media!.StrangeTypes is [{ Packets: > 90 } strange] && strange.PayloadType == type, string.Join(' ', summary.Media.StrangeTypes));
    }

    [Fact]
    [Rfc("8840", "4.3", Line = "I31")]
    public void Offer_HasNoMid_AndAnAnswerRepeatsThatOfTheOffer()
    {
        using var bench = new PeerBench(lite: true);
        var offer = "";
        bench.Dial(incoming =>
        {
            offer = Encoding.ASCII.GetString(incoming.Offer.Span);
            return bench.Peer.Describe(extra: bench.Peer.LiteAttributes());
        });
        bench.That(offer.Contains("a=ice-ufrag", StringComparison.Ordinal) && offer.Contains("a=rtcp-mux", StringComparison.Ordinal) && !offer.Contains("a=mid", StringComparison.Ordinal), offer);
        bench.Run(0.5);
        var answer = bench.Offer(bench.Peer.Describe(version: 2, extra: bench.Peer.LiteAttributes() + "a=mid:sound\r\n"));
        bench.That(answer?.Contains("a=mid:sound\r\n", StringComparison.Ordinal) == true, answer ?? "no answer");
        bench.End();
    }
}
