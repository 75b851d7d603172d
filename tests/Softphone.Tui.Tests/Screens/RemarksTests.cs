using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

public sealed class RemarksTests
{
    private static readonly Candidate Ours = Candidate.Host(1, new PathId(1), Address.Parse("192.0.2.1:4000"), 65535, "1");
    private static readonly Candidate Theirs = Candidate.Remote(CandidateType.Host, 1, Address.Parse("198.51.100.1:5000"), 1, "1");
    private static readonly Candidate Relay = Candidate.Relayed(1, new PathId(-1), Address.Parse("203.0.113.9:6000"), Ours.Address, Address.Parse("203.0.113.9:3478"), 1, "2");

    [Fact]
    public void Remarks_OfAnUneventfulCall_AreNone() => Assert.Empty(Of(new IceTrace.Selected(At(1), "a/1/ice", 1, 1, Ours, Theirs)));

    [Fact]
    public void Remarks_PathMoved_SaysFromWhereToWhereAndWhy()
    {
        var remark = Assert.Single(Of(
            new IceTrace.Selected(At(1), "a/1/ice", 1, 1, Ours, Theirs),
            new GatherTrace.SocketGone(At(30), "a/1", 1, Ours.Address),
            new IceTrace.Selected(At(30.5), "a/1/ice", 2, 1, Relay, Theirs)));
        Assert.Equal("media moved from host–host to relay–host: an interface went away", remark.Text);
        Assert.Equal(At(30.5), remark.At);
    }

    [Fact]
    public void Remarks_PathMovedBetweenAddressesOfOneKind_NamesThem()
    {
        var rebound = Ours with { Address = Address.Parse("192.0.2.1:4002"), Base = Address.Parse("192.0.2.1:4002") };
        var remark = Assert.Single(Of(new IceTrace.Selected(At(1), "a/1/ice", 1, 1, Ours, Theirs), new IceTrace.Selected(At(9), "a/1/ice", 2, 1, rebound, Theirs)));
        Assert.Equal("media moved from our 192.0.2.1:4000 to 192.0.2.1:4002", remark.Text);
    }

    [Fact]
    public void Remarks_NatThatForgotUs_NamesThePorts()
    {
        var seen = Candidate.Reflexive(Ours, Address.Parse("203.0.113.1:4000"), Address.Parse("203.0.113.9:3478"), 1, "3");
        var remark = Assert.Single(Of(
            new IceTrace.Selected(At(1), "a/1/ice", 1, 1, seen, Theirs), new IceTrace.Selected(At(9), "a/1/ice", 2, 1, seen with { Address = Address.Parse("203.0.113.1:4077") }, Theirs)));
        Assert.Equal("our NAT moved us from port 4000 to 4077", remark.Text);
    }

    [Fact]
    public void Remarks_Gap_IsToldWithWhatHappenedMeanwhile()
    {
        var remarks = Of(
            new IceTrace.Selected(At(1), "a/1/ice", 1, 1, Ours, Theirs),
            new IceTrace.PathDoubted(At(20.5), "a/1/ice", 1, 1),
            new MediaTrace.Resumed(At(22), "a/1", TimeSpan.FromSeconds(1.8)),
            new IceTrace.PathDoubted(At(60), "a/1/ice", 1, 1),
            new IceTrace.Restarted(At(61), "a/1/ice", "restart"),
            new MediaTrace.Resumed(At(62), "a/1", TimeSpan.FromSeconds(2)));
        Assert.Equal(["packets again after 1.8 s, while the path did not answer", "packets again after 2.0 s, while ICE restarted"], remarks.Select(r => r.Text));
    }

    [Fact]
    public void Remarks_SecondsOfLoss_AreOneRemarkWithTheRiseOfTheRoundTrip()
    {
        double[] loss = [0, 0, 20, 4, 12, 0, 0, 0];
        double[] rtt = [30, 31, 210, 200, 180, 60, 31, 31];
        var call = Call([new IceTrace.Selected(At(1), "a/1/ice", 1, 1, Ours, Theirs)]) with { Quality = new QualityHistory([], loss, [], rtt) };
        var remark = Assert.Single(Remarks.Of(call, At(100)));
        Assert.Equal("up to 20 % lost in 3 s while the round trip rose from 31 to 210 ms", remark.Text);
        Assert.Equal(At(94), remark.At);
    }

    [Fact]
    public void Remarks_RefusalOfTheTurnServer_IsTold_ButNotItsChallenge()
    {
        var remark = Assert.Single(Of(new TurnTrace.Refused(At(1), "a/1/turn", StunMethod.Allocate, 401), new TurnTrace.Refused(At(2), "a/1/turn", StunMethod.Allocate, 486)));
        Assert.Contains("486", remark.Text, StringComparison.Ordinal);
    }

    private static List<Remark> Of(params TraceEntry[] trace) => Remarks.Of(Call(trace), At(100));

    private static CallView Call(TraceEntry[] trace) => new(new CallId(1), CallState.Connected, CallDirection.Outgoing, "sip:b@c") { Trace = trace };

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
