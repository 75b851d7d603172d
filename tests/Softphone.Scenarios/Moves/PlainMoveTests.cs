using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Without ICE media leaves by the new socket after the address or the link changed.</summary>
public sealed class PlainMoveTests
{
    [Theory]
    [InlineData("address")]
    [InlineData("link")]
    [InlineData("network")]
    [Rfc("3264", "8.3.1")]
    public void WithoutIce_AddressOrLinkChanges_MediaLeavesByTheNewSocketAndBothHear(string what)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.PortRestricted, NatB = NatBehavior.None },
            new BenchOptions { Adjust = (_, o) => o with { Nat = o.Nat with { Mode = NatMode.None } } });
        bench.Connect();
        bench.Run(3);
        var host = bench.Demo.HostA;
        var lan = host.SegmentOf(MoveBench.AliceHome)!;
        var other = bench.World.AddLan("natC", IpAddress.Parse("172.20.0.0"), 24, NatBehavior.PortRestricted, bench.World.Public, Link.OfMilliseconds(10), IpAddress.Parse("203.0.113.103"));
        host.Detach(MoveBench.AliceHome);
        if (what == "link") bench.Run(1);
        if (what == "network") host.Attach(other, MoveBench.AliceElsewhere);
        else host.Attach(lan, what == "link" ? MoveBench.AliceHome : IpAddress.Parse("10.0.1.77"));
        var (alice, bob) = (Heard(bench, bench.Alice, bench.Call), Heard(bench, bench.Bob, bench.BobsCall()));
        bench.Until(
            () => Heard(bench, bench.Alice, bench.Call) > alice + 100 && Heard(bench, bench.Bob, bench.BobsCall()) > bob + 100, 6, "both hear each other again");
        bench.HangUp();
        bench.UntilEnded(5);
    }

    private static long Heard(CallBench bench, VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)?.Media?.Rx.Packets ?? 0;
}
