using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A desk and a peer that is none of ours, which does what phones in the wild do.</summary>
public sealed class DeskPeerTests
{
    private const double Ringback = 425;

    [Fact]
    [Rfc("3960", "3.2")]
    public void EarlyMedia_IsHeard_AndNoRingbackOverIt()
    {
        using var bench = Bench(out var peer);
        peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            peer.Agent.Progress(now, incoming.Session, 183, Bytes(peer.Describe()));
            peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
        };
        bench.Do("alice", new PhoneCommand.Dial(peer.Uri.ToString()));
        bench.Until(() => bench["alice"].Call!.State == CallState.Early, 3, "early media");
        bench.Run(5);
        Assert.False(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(4.5)).Hears(Ringback));
        Assert.InRange(bench["alice"].Shell.Heard.Written / 48_000.0, 4.5, 5.1);
        Assert.False(bench.Heard("alice").All(s => s == 0), "what the peer sends is heard");
    }

    [Fact]
    [Rfc("3960", "3.2")]
    public void Ringback_EndsWhenSomethingIsHeardOfTheCallee()
    {
        using var bench = Bench(out var peer);
        peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            peer.Agent.Progress(now, incoming.Session, 180, Bytes(peer.Describe()));
            bench.World.At(bench.Now + TimeSpan.FromSeconds(2), () => peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer)));
        };
        bench.Do("alice", new PhoneCommand.Dial(peer.Uri.ToString()));
        bench.Run(1.6);
        Assert.True(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(1.4)).Hears(Ringback));
        bench.Run(7);
        Assert.False(bench["alice"].Shell.Heard.Last(TimeSpan.FromSeconds(5)).Hears(Ringback));
    }

    [Fact]
    public void Dtmf_ToAPeerWithoutTelephoneEvent_WhereNothingElseIsAllowed_IsAProblem()
    {
        using var bench = Bench(out var peer, o => o with { Keys = DtmfMode.Rfc4733 });
        Answer(peer, () => peer.Describe(formats: "0").Replace("a=rtpmap:101 telephone-event/8000\r\n", "", StringComparison.Ordinal));
        bench.Do("alice", new PhoneCommand.Dial(peer.Uri.ToString()));
        bench.Until(() => bench["alice"].Call!.State == CallState.Connected, 3, "talk");
        bench.Do("alice", new PhoneCommand.Dtmf(bench["alice"].Call!.Id, "1"));
        bench.Complains("alice", "takes no keys");
        Assert.Equal("", bench["alice"].Call!.DigitsSent);
        bench.Do("alice", new PhoneCommand.RestartIce(bench["alice"].Call!.Id));
        bench.Complains("alice", "without ICE");
    }

    [Fact]
    public void DisplayName_OfAStranger_IsMadeHarmless()
    {
        using var bench = Bench(out var peer);
        var evil = peer.Agent.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:peer@203.0.113.77"), DisplayName = $"Bank \u202Etxt\u202C\u009B31m {new string('x', 300)}" });
        peer.Do((agent, now) => agent.Invite(now, evil, Alice, Bytes(peer.Describe())));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        var name = bench.Ringing("alice")!.Name;
        Assert.StartsWith("Bank txt", name, StringComparison.Ordinal);
        Assert.InRange(name.Length, 20, 100);
        Assert.DoesNotContain(name, c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
        Assert.Equal("sip:peer@203.0.113.77", bench.Ringing("alice")!.Peer);
    }

    [Fact]
    [Rfc("3326", "2")]
    public void AnsweredElsewhere_IsNotMissed()
    {
        using var bench = Bench(out var peer);
        peer.Do((agent, now) => agent.Invite(now, peer.Account, Alice, Bytes(peer.Describe())));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(0.5);
        var session = peer.Events.OfType<SipEvent.Progress>().First().Session;
        peer.Do((agent, now) => agent.Hangup(now, session, "SIP;cause=200;text=\"Call completed elsewhere\""));
        bench.Run(1);
        var entry = Assert.Single(bench["alice"].View.History);
        Assert.Equal((false, "answered elsewhere"), (entry.IsMissed, entry.Reason));
        Assert.NotNull(bench.Line("alice", "was answered elsewhere"));
    }

    [Fact]
    public void CallerHangsUp_AsSoonAsAnswered_TheHeldCallIsOffered()
    {
        using var bench = Bench(out var peer);
        bench.Add("bob");
        bench.Run(1);
        var (first, _) = bench.Connect("alice", "bob");
        peer.Do((agent, now) => agent.Invite(now, peer.Account, Alice, Bytes(peer.Describe())));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Do("alice", new PhoneCommand.Answer(bench.Ringing("alice")!.Id));
        Assert.True(bench.View("alice", first)!.IsHeldHere);
        bench.Until(() => bench["alice"].Call!.State == CallState.Connected, 3, "answered");
        bench.Run(0.1);
        var session = peer.Events.OfType<SipEvent.Answered>().First().Session;
        peer.Do((agent, now) => agent.Hangup(now, session));
        bench.Until(() => bench.Line("alice", "still on hold") is not null, 3, "the held call is offered");
    }

    [Fact]
    public void Incoming_WithoutACodecOfOurs_IsToldWithTheReason()
    {
        using var bench = Bench(out var peer);
        var offer = peer.Describe(formats: "18").Replace("a=rtpmap:101 telephone-event/8000\r\n", "a=rtpmap:18 G729/8000\r\n", StringComparison.Ordinal);
        peer.Do((agent, now) => agent.Invite(now, peer.Account, Alice, Bytes(offer)));
        bench.Until(() => bench.Line("alice", "missed call of") is not null, 3, "the call is over");
        var line = bench.Line("alice", "missed call of")!;
        Assert.True(line.IsProblem && line.Text.Contains("codec", StringComparison.Ordinal), line.Text);
        Assert.True(Assert.Single(bench["alice"].View.History).IsMissed);
    }

    [Fact]
    public void PeerGone_EndsAsAProblemWithARemedy()
    {
        using var bench = Bench(out var peer, o => o with { SilenceLimit = TimeSpan.FromSeconds(30) });
        Answer(peer, () => peer.Describe());
        bench.Do("alice", new PhoneCommand.Dial(peer.Uri.ToString()));
        bench.Until(() => bench["alice"].Call!.State == CallState.Connected, 3, "talk");
        bench.Run(3);
        peer.StartSending(default);
        bench.Until(() => bench["alice"].Call!.State == CallState.Ended, 45, "given up");
        Assert.True(bench.Line("alice", "broke off after 0:")!.IsProblem);
        Assert.Contains("call again", bench.Line("alice", "broke off")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongPassword_IsAProblemWithoutTheSecret()
    {
        using var bench = new DeskBench(1, "bob");
        var desk = bench.AddDesk("alice");
        desk.Add(new PhoneOptions { Name = "work" }, new SipAccount { Aor = SipUri.Parse("sip:alice@lab.test"), Registrar = SipUri.Parse("sip:lab.test"), Password = "not-my-secret" });
        desk.Do(new PhoneCommand.Register("work"));
        bench.Until(() => desk.View.Accounts[0].State == RegistrationState.Failed, 10, "refused");
        var account = desk.View.Accounts[0];
        Assert.True(account.Problem is { Layer: Layer.Authentication, Remedy.Length: > 5 });
        Assert.Null(account.RetryIn);
        Assert.True(desk.View.Events[0] is { IsProblem: true } line && line.Text.StartsWith("work: ", StringComparison.Ordinal));
        Assert.DoesNotContain(desk.View.Events, e => e.Text.Contains("not-my-secret", StringComparison.Ordinal));
    }

    private static readonly SipUri Alice = SipUri.Parse("sip:alice@198.51.100.100");

    private static DeskBench Bench(out ScriptedPeer peer, Func<PhoneOptions, PhoneOptions>? adjust = null)
    {
        var bench = new DeskBench();
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", o => (adjust?.Invoke(o) ?? o) with { SipPort = 5060 }, CallsFrom.Anyone);
        bench.Until(() => bench["alice"].View.Accounts[0].State == RegistrationState.Registered, 5, "registered");
        var address = IpAddress.Parse("203.0.113.77");
        peer = new ScriptedPeer(bench.World.AddHost("peer", bench.World.Public, address, Link.OfMilliseconds(10)), address);
        return bench;
    }

    private static void Answer(ScriptedPeer peer, Func<string> answer) => peer.Happened = (now, e) =>
    {
        if (e is not SipEvent.Incoming incoming) return;
        peer.Agent.Accept(now, incoming.Session, Bytes(answer()));
        peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
    };

    private static byte[] Bytes(string sdp) => Encoding.ASCII.GetBytes(sdp);
}
