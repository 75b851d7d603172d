using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A whole phone that is registered, and callers who come past its server, stay too long, or are too many.</summary>
public sealed class DeskStrangerTests
{
    [Theory]
    [InlineData("sip:alice@198.51.100.100")]
    [InlineData("sip:100@198.51.100.100")]
    [InlineData("sip:198.51.100.100;user=phone")]
    [Rfc("3261", "8.2.2.1")]
    public void Strangers_MakeNoSound_OpenNothing_AndAreToldOfOnce(string target)
    {
        using var bench = Registered();
        bench.Run(5);
        var (sockets, history) = (bench.Sockets("alice"), bench["alice"].View.History.Count);
        var heard = bench["alice"].Shell.Rung.Written;
        for (var i = 0; i < 12; i++)
        {
            var peer = Stranger(bench, i);
            peer.Do((agent, now) => agent.Invite(now, peer.Account, SipUri.Parse(target), Offer(peer)));
            bench.Run(0.5);
            Assert.Equal(404, Assert.Single(peer.Events.OfType<SipEvent.Ended>()).Status);
            Assert.Equal((sockets, 0), (bench.Sockets("alice"), bench.Demo.Turn.Allocations));
        }

        Assert.Empty(bench["alice"].View.Calls);
        Assert.Equal(history, bench["alice"].View.History.Count);
        Assert.Equal(heard, bench["alice"].Shell.Rung.Written);
        var line = Assert.Single(bench["alice"].View.Events, e => e.Text.Contains("past the server", StringComparison.Ordinal));
        Assert.Contains("203.0.113.80:5060", line.Text, StringComparison.Ordinal);
        Assert.Contains("account.calls-from: anyone", line.Text, StringComparison.Ordinal);

        // Who comes by the server is heard as before.
        bench.Connect("bob", "alice");
    }

    [Fact]
    [Rfc("3261", "21.4.18")]
    public void Call_ThatNobodyTakes_EndsAfterItsTime_AndIsMissed()
    {
        using var bench = Registered(o => o with { RingFor = TimeSpan.FromSeconds(20) });
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Run(18);
        Assert.NotNull(bench.Ringing("alice"));
        bench.Until(() => bench["bob"].View.History.Count == 1, 4, "bob is told");
        Assert.Equal(480, bench["bob"].View.History[0].Status);
        Assert.Equal((480, true), (bench["alice"].View.History[0].Status, bench["alice"].View.History[0].IsMissed));
        bench.Run(2);
        Assert.Equal(0, bench.Demo.Turn.Allocations);
    }

    [Fact]
    [Rfc("3261", "13.3.1")]
    public void Call_WhoseOwnTimeIsOver_IsMissed()
    {
        using var bench = Registered(callsFrom: CallsFrom.Anyone);
        var peer = Stranger(bench, 0);
        peer.Do((agent, now) => agent.Invite(now, peer.Account, SipUri.Parse("sip:alice@198.51.100.100"), Offer(peer), new InviteOptions { Headers = [new(HeaderName.Expires, "7")] }));
        bench.Until(() => bench.Ringing("alice") is not null, 3, "alice rings");
        bench.Until(() => peer.Events.OfType<SipEvent.Ended>().Any(e => e.Status == 487), 7.5, "the invitation is over");
        bench.Run(0.1);
        Assert.True(Assert.Single(bench["alice"].View.History).IsMissed);
        Assert.Null(bench.Ringing("alice"));
    }

    [Fact]
    [Rfc("3261", "21.4.24")]
    public void Calls_AboveTheLimit_FindUsBusyBeforeAnythingIsOpened()
    {
        using var bench = Registered(o => o with { CallLimit = 2 }, CallsFrom.Anyone);
        bench.Run(5);
        var idle = bench.Sockets("alice");
        List<int> sockets = [];
        for (var i = 0; i < 5; i++)
        {
            var peer = Stranger(bench, i);
            peer.Do((agent, now) => agent.Invite(now, peer.Account, SipUri.Parse("sip:alice@198.51.100.100"), Offer(peer)));
            bench.Run(1);
            Assert.Equal(i < 2 ? [] : [486], peer.Events.OfType<SipEvent.Ended>().Select(e => e.Status));
            sockets.Add(bench.Sockets("alice") - idle);
        }

        Assert.True(sockets[0] > 0 && sockets[1] > sockets[0], string.Join(' ', sockets));
        Assert.All(sockets.Skip(2), s => Assert.Equal(sockets[1], s));
        Assert.Equal(2, bench["alice"].View.Calls.Count);
        Assert.Single(bench["alice"].View.Events, e => e.Text.Contains("was told that we are busy", StringComparison.Ordinal));
    }

    private static DeskBench Registered(Func<PhoneOptions, PhoneOptions>? adjust = null, CallsFrom? callsFrom = null)
    {
        var bench = new DeskBench();
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", o => (adjust?.Invoke(o) ?? o) with { SipPort = 5060 }, callsFrom);
        bench.Add("bob");
        bench.Until(() => bench["alice"].View.Accounts[0].State == RegistrationState.Registered && bench["bob"].View.Accounts[0].State == RegistrationState.Registered, 5, "registered");
        return bench;
    }

    private static ScriptedPeer Stranger(DeskBench bench, int number)
    {
        var address = IpAddress.Parse($"203.0.113.{80 + number}");
        return new ScriptedPeer(bench.World.AddHost($"stranger{number}", bench.World.Public, address, Link.OfMilliseconds(10)), address);
    }

    private static byte[] Offer(ScriptedPeer peer) => Encoding.ASCII.GetBytes(peer.Describe());
}
