using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>The SIP ladder over real calls of the virtual internet.</summary>
public sealed class SipScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 }, { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sip_HeldTransferredAndOver_IsThis(int width, int height)
    {
        using var call = Talked();
        call.Do(new PhoneCommand.Hold(call.Call.Id, true)).For(1).Do(new PhoneCommand.Hold(call.Call.Id, false)).For(1);
        call.Do(new PhoneCommand.Transfer(call.Call.Id, "sip:nobody@lab.test")).For(2).Do(new PhoneCommand.Hangup(call.Call.Id)).For(1);
        Golden.Check(call.Look(width, height), $"sip-whole-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sip_Enter_ShowsTheMessageWhole(int width, int height)
    {
        var person = Reading(width, height);
        Assert.Equal("SipMessageScreen", person.Screen);
        Golden.Check(TracedCall.Within(person, width, height), $"sip-message-{width}x{height}");
    }

    [Fact]
    public void Sip_MessageScreen_SearchesScrollsAndTurns()
    {
        var person = Reading(80, 24);
        person.Type("/CANDIDATE<Enter>");
        Golden.Check(TracedCall.Within(person, 80, 24), "sip-message-search-80x24");
        person.Type("gn");
        Assert.Contains("a=candidate:", person.Look().ToString(), StringComparison.Ordinal);
        person.Type("/there is no such text<Enter>");
        Assert.Contains("not in this message", person.Look().ToString(), StringComparison.Ordinal);
        person.Type("g");
        Assert.Contains("SIP/2.0 180 Ringing", person.Look().TextOf(2), StringComparison.Ordinal);
        person.Type("G");
        Assert.Contains("100 % seen", person.Look().TextOf(1), StringComparison.Ordinal);
        person.Type("<Left>");
        Assert.Contains("INVITE sip:bob@lab.test", person.Look().TextOf(2), StringComparison.Ordinal);
        person.Type("y");
        Assert.StartsWith("INVITE", Assert.IsType<PhoneCommand.Copy>(person.Asked()).Text, StringComparison.Ordinal);
        person.Type("<Right>");
        Assert.Contains("SIP/2.0 180 Ringing", person.Look().TextOf(2), StringComparison.Ordinal);
        person.Type("<Esc>");
        Assert.Equal("SipScreen", person.Screen);
    }

    /// <summary>While a person types what to look for, letters are text and Esc ends the typing, not the screen.</summary>
    [Fact]
    public void Sip_MessageScreen_SearchTakesLetters()
    {
        var person = Reading(80, 24);
        person.Type("/hq<Esc>");
        Assert.Equal("SipMessageScreen", person.Screen);
        person.AskedNothing();
    }

    /// <summary>What authenticates and what encrypts is masked before it comes into a trace, so it is on no screen and in no clipboard.</summary>
    [Fact]
    public void Sip_Secrets_AreMaskedWhereverTheyShow()
    {
        using var call = Talked();
        var story = SipStory.Of(call.Call.Trace);
        var all = story.Transcript();
        Assert.Contains("Proxy-Authorization: Digest", all, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("response=***", all, StringComparison.Ordinal);
        Assert.DoesNotMatch("response=\"?[0-9a-f]{8}", all);
        Assert.Contains("a=ice-pwd:***", all, StringComparison.Ordinal);
        Assert.DoesNotMatch("a=ice-pwd:[^*]", all);
        Assert.DoesNotMatch("inline:[^*]", all);
        Assert.DoesNotMatch("a=ice-pwd:[^*]", story.Descriptions());
    }

    [Fact]
    public void Sip_Repeats_AreMarkedAndCounted()
    {
        var story = SipStory.Of([Message(0, true, "INVITE sip:b@c SIP/2.0"), Message(500, true, "INVITE sip:b@c SIP/2.0", isRepeat: true), Message(700, false, "SIP/2.0 100 Trying")]);
        Assert.Equal((3, 1), (story.Messages, story.Repeats));
        Assert.True(story.Rows[1].IsRepeat);
        Assert.Equal("INVITE again", story.Rows[1].Brief);
        Assert.Equal(TimeSpan.FromMilliseconds(200), story.Rows[2].Since);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sip_ThroughProxiesAndDirect_IsThis(int width, int height)
    {
        var view = Views.Talking;
        var call = view.Calls[0] with
        {
            Trace =
            [
                Message(0, true, "INVITE sip:b@c SIP/2.0"), Message(500, true, "INVITE sip:b@c SIP/2.0", isRepeat: true), Message(540, false, "SIP/2.0 100 Trying"),
                Message(2600, false, "SIP/2.0 302 Moved Temporarily"), Message(2600, true, "ACK sip:b@c SIP/2.0"),
                Message(2610, true, "INVITE sip:b@d SIP/2.0", remote: "198.51.100.7:5061"), Message(2650, false, "SIP/2.0 180 Ringing", remote: "198.51.100.7:5061"),
                Message(9000, false, "SIP/2.0 200 OK", remote: "198.51.100.7:5061"), Message(9001, true, "ACK sip:b@192.0.2.8 SIP/2.0", remote: "192.0.2.8:5060"),
            ],
        };
        var person = new Person(view with { Calls = [call] }, width, height);
        person.Type("s");
        person.See(view with { Calls = [call] });
        Golden.Check(TracedCall.Within(person, width, height), $"sip-peers-{width}x{height}");
    }

    [Fact]
    public void Sip_ManyPeers_ShareTheLastLine()
    {
        var story = SipStory.Of([.. Enumerable.Range(1, 9).Select(i => Message(i, true, "OPTIONS sip:b SIP/2.0", remote: $"192.0.2.{i}:5060"))]);
        Assert.Equal(4, story.Peers.Count);
        Assert.Equal("others", story.Peers[3].Name);
        Assert.Equal([0, 1, 2, 3, 3, 3, 3, 3, 3], story.Rows.Select(r => r.Peer));
    }

    [Fact]
    public void Sip_Wheel_Selects_AndAClickOnTheSelectedOneOpensIt()
    {
        using var call = Talked();
        call.Look(100, 30);
        var (_, y) = call.Person.Find("407 Proxy");
        call.Person.Click(30, y);
        Assert.StartsWith("▸", call.Look(100, 30).TextOf(y), StringComparison.Ordinal);
        call.Person.Click(30, y, MouseAction.WheelDown);
        Assert.StartsWith("▸", call.Look(100, 30).TextOf(y + 1), StringComparison.Ordinal);
        call.Person.Click(30, y + 1);
        Assert.Equal("SipMessageScreen", call.Person.Screen);
    }

    private static TracedCall Talked() => TracedCall.Between("port-restricted", "port-restricted").Dial("s").Until(c => c.State == CallState.Connected).For(1);

    /// <summary>Somebody who has opened the second of two messages.</summary>
    private static Person Reading(int width, int height)
    {
        var view = Views.Talking;
        var call = view.Calls[0] with { Trace = [Message(0, true, "INVITE sip:bob@lab.test SIP/2.0"), Message(160, false, "SIP/2.0 180 Ringing") with { Text = Ringing }] };
        var person = new Person(view with { Calls = [call] }, width, height);
        person.Type("s");
        person.See(view with { Calls = [call] });
        person.Look();
        person.Type("<Enter>");
        return person;
    }

    private static SipTrace.Message Message(int ms, bool isSent, string startLine, bool isRepeat = false, string remote = "203.0.113.5:5060") => new(
        Instant.Zero + TimeSpan.FromMilliseconds(ms), "alice", isSent, new PathId(1), Transport.Udp, Address.Parse("10.0.0.1:5060"), Address.Parse(remote), startLine, "id",
        $"{startLine}\r\nCall-ID: id\r\nCSeq: 1 {(startLine.StartsWith("OPTIONS", StringComparison.Ordinal) ? "OPTIONS" : "INVITE")}\r\n\r\n", isRepeat);

    private const string Ringing =
        "SIP/2.0 180 Ringing\r\n"
        + "Via: SIP/2.0/TCP 10.0.1.2;branch=z9hG4bK8bqww7L89BCsIbOh;rport=48814;received=203.0.113.101\r\n"
        + "From: <sip:alice@lab.test>;tag=7fbexewqu2\r\nTo: <sip:bob@lab.test>;tag=dEgifJKova\r\nCall-ID: id\r\nCSeq: 8363 INVITE\r\n"
        + "Contact: <sip:bob@203.0.113.102:21437>\r\nRecord-Route: <sip:203.0.113.5:5060;lr>\r\nSupported: ice, trickle-ice\r\n"
        + "Content-Type: application/sdp\r\nContent-Length: 632\r\n\r\n"
        + "v=0\r\no=- 4049485187887694703 1 IN IP4 203.0.113.10\r\ns=-\r\nc=IN IP4 203.0.113.10\r\nt=0 0\r\nm=audio 50136 RTP/AVP 96 8 101\r\n"
        + "a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=rtcp:50137\r\na=ice-ufrag:EdS9Evcz\r\na=ice-pwd:***\r\n"
        + "a=candidate:1 1 UDP 2130706431 192.168.2.2 62108 typ host\r\n"
        + "a=candidate:2 1 UDP 1694498815 203.0.113.102 22148 typ srflx raddr 192.168.2.2 rport 62108\r\n"
        + "a=candidate:3 1 UDP 16777215 203.0.113.10 50136 typ relay raddr 203.0.113.102 rport 22148\r\n"
        + "a=end-of-candidates\r\n";
}
