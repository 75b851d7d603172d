using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A peer that sends us here and there, as no phone of a person would, and a person who always says yes: we follow so far and no further.</summary>
public sealed class ReferralBoundsTests
{
    [Fact]
    [Rfc("3515", "4", Line = "sip F4")]
    public void Peer_SendsUsOnForEver_WeFollowEightTimes()
    {
        using var bench = new PeerBench();
        Follow(bench, call => bench.Peer.Agent.Refer(bench.Now, call, bench.Peer.Uri));
        bench.Until(() => bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Any(r => r.Fault is not null), 60, "we follow no more");
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Last().Status == 482, "a circle");
        bench.That(bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Count() == 8, "eight times");
        bench.Run(5);
        bench.That(bench.Alice.Machine.ActiveCalls == 1, $"{bench.Alice.Machine.ActiveCalls} calls");
    }

    [Theory]
    [InlineData("tel:+4930123456", 416)]
    [InlineData("http://203.0.113.77/", 416)]
    [InlineData("sip:alice@203.0.113.77", 482)]
    [InlineData("sip:x@203.0.113.77;method=BYE", 403)]
    [InlineData("sip:x@203.0.113.77?Replaces=nonsense", 400)]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void Target_ThatIsNoCallOfAPerson_IsRefused(string target, int status)
    {
        using var bench = new PeerBench();
        Follow(bench, call => bench.Peer.Agent.Refer(bench.Now, call, SipUri.Parse(target)));
        bench.Until(() => bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Any(), 5, "an answer");
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Single().Status == status, $"{bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Single().Status}");
        bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferRequested>().Single().NewCall is null, "no call");
        bench.That(bench.Alice.Machine.ActiveCalls == 1, "the call goes on");
    }

    [Fact]
    [Rfc("3515", "4", Line = "sip F4")]
    public void Headers_OfTheTarget_AreNotSentButReplaces()
    {
        using var bench = new PeerBench();
        Follow(bench, call => bench.Peer.Agent.Refer(bench.Now, call, SipUri.Parse("sip:x@203.0.113.77?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc&Route=%3Csip%3A192.0.2.1%3E&Subject=hello&From=%3Csip%3Aeve%40x%3E")));
        SipRequest? sent = null;
        bench.Until(() => (sent = Invites(bench).Skip(1).FirstOrDefault()) is not null, 5, "the INVITE");
        bench.That(sent!.Headers.Get(HeaderName.Replaces) == "a;to-tag=b;from-tag=c" && sent.Headers.Require.Contains("replaces"), "Replaces");
        bench.That(!sent.Headers.Has(HeaderName.Subject) && !sent.Headers.Has(HeaderName.Route) && sent.Headers.Get(HeaderName.From)!.Contains("alice"), sent.ToString()!);
        bench.That(sent.Headers.Get(HeaderName.ReferredBy) == "<sip:peer@203.0.113.77>", "Referred-By");
    }

    [Fact]
    [Rfc("4028", "7.2", Line = "sip I14")]
    public void Call_WithASessionTimer_SaysWhoRefreshes()
    {
        using var bench = new TransferBench();
        var (alices, bobs) = bench.Connect("alice", "bob");
        var timer = bench["alice"].Phone.Machine.Snapshot(bench.Now, alices)!.Timer;
        bench.That(timer == "we refresh, next in 15 min", timer);
        timer = bench["bob"].Phone.Machine.Snapshot(bench.Now, bobs)!.Timer;
        bench.That(timer is "the peer refreshes, within 29 min" or "the peer refreshes, within 30 min", timer);
    }

    private static IEnumerable<SipRequest> Invites(PeerBench bench) => bench.Alice.Machine.Trace.Entries.OfType<SipTrace.Message>()
        .Where(m => m.Text.StartsWith("INVITE ", StringComparison.Ordinal)).Select(m => SipParser.TryParse(System.Text.Encoding.UTF8.GetBytes(m.Text), out var parsed, out _) ? (SipRequest)parsed : throw new InvalidOperationException("an INVITE that cannot be read"));

    /// <summary>Alice calls the peer, which takes every call and does this in each.</summary>
    private static void Follow(PeerBench bench, Action<SessionId> inEach)
    {
        bench.Alice.Happened = e =>
        {
            if (e is PhoneEvent.TransferAsked asked) bench.Alice.Machine.DecideTransfer(e.At, asked.Call, follows: true);
        };
        bench.Dial(_ => bench.Peer.Describe());
        var happened = bench.Peer.Happened;
        bench.Peer.Happened = (now, e) =>
        {
            happened?.Invoke(now, e);
            if (e is SipEvent.Confirmed confirmed) inEach(confirmed.Session);
        };
        bench.Run(0.1);
        if (!bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Any()) bench.Peer.Do((_, _) => inEach(bench.Peer.Session));
    }
}
