using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>INVITE with Replaces: which call it may take the place of (RFC 3891 §3).</summary>
public sealed class ReplacesTests
{
    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_ThatNamesACallOfOurs_TakesItsPlace()
    {
        var bench = new Bench();
        bench.Answer();
        Assert.Null(bench.Invite(bench.Name()));
        Assert.Equal(bench.Session, bench.Alice.Last<SipEvent.Incoming>().Replaces);
    }

    [Theory]
    [InlineData("tags the other way round", 481)]
    [InlineData("another Call-ID", 481)]
    [InlineData("early-only", 486)]
    [InlineData("twice", 400)]
    [InlineData("without a tag", 400)]
    [InlineData("nonsense", 400)]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_ThatMayNotHaveTheCall_IsRefusedAndTheCallStays(string how, int status)
    {
        var bench = new Bench();
        bench.Answer();
        var name = bench.Name();
        string[] headers = how switch
        {
            "tags the other way round" => [new ReplacesHeader(name.CallId, name.FromTag, name.ToTag).ToString()],
            "another Call-ID" => [(name with { CallId = "other" }).ToString()],
            "early-only" => [(name with { IsEarlyOnly = true }).ToString()],
            "twice" => [name.ToString(), name.ToString()],
            "without a tag" => [$"{name.CallId};to-tag={name.ToTag}"],
            _ => [";;;"],
        };
        Assert.Equal(status, bench.Invite(headers));
        Assert.Equal(0, bench.Alice.Count<SipEvent.Incoming>());
        Assert.Equal(0, bench.Alice.Count<SipEvent.Ended>());
    }

    /// <summary>Who overhears the tags, or was told them, is not where the call's peer is, nor a server of ours.</summary>
    [Theory]
    [InlineData("192.0.2.66:5060")]
    [InlineData("198.51.100.66:7066")]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_FromElsewhere_MayNotHaveTheCall(string from)
    {
        var bench = new Bench();
        bench.Answer();
        Assert.Equal(403, bench.InviteFrom(from, bench.Name()));
        Assert.Equal(0, bench.Alice.Count<SipEvent.Incoming>());
        Assert.Equal(0, bench.Alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_ForACallThatIsOver_IsDeclined()
    {
        var bench = new Bench();
        bench.Answer();
        var name = bench.Name();
        bench.Peer.Send(InDialog(bench.Peer, bench.Sent, SipMethod.Bye, 6, sdp: ""));
        bench.Net.Run(0.1);
        Assert.Equal(603, bench.Invite(name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_ForACallOfOursThatRingsThere_TakesItsPlace(bool isEarlyOnly)
    {
        var bench = new Bench();
        bench.Peer.Answer(bench.Sent, 180);
        bench.Net.Run(0.1);
        Assert.Null(bench.Invite(bench.Name() with { IsEarlyOnly = isEarlyOnly }));
        Assert.Equal(bench.Session, bench.Alice.Last<SipEvent.Incoming>().Replaces);
    }

    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Invite_ForACallThatRingsHere_Is481()
    {
        var bench = new Bench();
        Assert.Null(bench.Invite());
        bench.Alice.Agent.Progress(bench.Net.Now, bench.Alice.Last<SipEvent.Incoming>().Session, 180);
        bench.Net.Run(0.1);
        bench.Peer.Responses.Last(r => r.Status == 180).Headers.TryTo(out var to);
        Assert.Equal(481, bench.Invite(new ReplacesHeader("script1", to!.Tag!, "peer")));
    }

    [Theory]
    [InlineData("a@b;to-tag=1;from-tag=2", true)]
    [InlineData("a;from-tag=2;to-tag=1;early-only", true)]
    [InlineData("a;to-tag=1;from-tag=2;unknown=3", true)]
    [InlineData("a;to-tag=1", false)]
    [InlineData("a;to-tag=;from-tag=2", false)]
    [InlineData(";to-tag=1;from-tag=2", false)]
    [InlineData("a b;to-tag=1;from-tag=2", false)]
    [InlineData("a\r\nX: y;to-tag=1;from-tag=2", false)]
    [InlineData("", false)]
    [Rfc("3891", "6.1", Line = "sip F3")]
    public void Header_IsReadWhereItNamesADialog(string text, bool isGood) => Assert.Equal(isGood, ReplacesHeader.TryParse(text, out _));

    [Fact]
    [Rfc("3891", "6.1", Line = "sip F3")]
    public void Header_OfALengthThatNobodyNeeds_IsNotRead() =>
        Assert.False(ReplacesHeader.TryParse($"{new string('a', 600)};to-tag=1;from-tag=2", out _));

    /// <summary>Alice calls a scripted peer, which then sends an INVITE of its own.</summary>
    private sealed class Bench
    {
        private uint _calls;

        public Bench()
        {
            (Net, Alice, Peer, Session) = Calling();
            Sent = Peer.Last(SipMethod.Invite);
        }

        public SipNet Net { get; }

        public SipNode Alice { get; }

        public Script Peer { get; }

        public SessionId Session { get; }

        public SipRequest Sent { get; }

        public void Answer()
        {
            Peer.Answer(Sent, 200, sdp: "v=0");
            Net.Run(0.1);
        }

        /// <summary>The call as alice knows it.</summary>
        public ReplacesHeader Name()
        {
            Sent.Headers.TryFrom(out var from);
            return new ReplacesHeader(Sent.Headers.CallId!, from!.Tag!, "peer");
        }

        /// <summary>The status it is refused with; null when it is taken.</summary>
        public int? Invite(params ReplacesHeader[] replaces) => Invite([.. replaces.Select(r => r.ToString())]);

        public int? Invite(string[] replaces) => Invite(Peer, replaces);

        /// <summary>Somebody at another address, who knows the tags.</summary>
        public int? InviteFrom(string address, ReplacesHeader replaces) => Invite(new Script(Net, address) { From = Peer.From }, [replaces.ToString()]);

        private int? Invite(Script by, string[] replaces)
        {
            var before = by.Responses.Count;
            var invite = by.Make(SipMethod.Invite, $"sip:alice@{SipBench.Alice}", $"z9hG4bKnew{++_calls}", $"<sip:alice@{SipBench.Alice}>", callId: $"script{_calls}", sdp: "v=0");
            foreach (var value in replaces) invite.Headers.Add(HeaderName.Replaces, value);
            by.Send(invite);
            Net.Run(0.1);
            return by.Responses.Skip(before).LastOrDefault(r => r.Status >= 200)?.Status;
        }
    }
}
