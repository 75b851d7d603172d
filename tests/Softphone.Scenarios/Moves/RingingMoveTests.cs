using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The caller moves to another network while it rings: the way of the answer is gone, and nobody is left ringing.</summary>
public sealed class RingingMoveTests
{
    [Theory]
    [InlineData(SipTransports.Tcp, 0)]
    [InlineData(SipTransports.Tcp, 3)]
    [InlineData(SipTransports.Udp, 0)]
    [InlineData(SipTransports.Udp, 3)]
    [Rfc("3261", "9.1", Line = "sip T10")]
    public void Caller_MovesWhileItRings_EndsForBothWithAReason(SipTransports transports, int secondsWithout)
    {
        using var move = Ringing(transports, standby: false);
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Run(secondsWithout);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        EndsForBoth(move);
    }

    [Theory]
    [InlineData(SipTransports.Tcp)]
    [InlineData(SipTransports.Udp)]
    [Rfc("3261", "9.1", Line = "sip T10")]
    public void Caller_LosesOneOfTwoNetworks_EndsForBothAndShutsDown(SipTransports transports)
    {
        using var move = Ringing(transports, standby: true);
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        EndsForBoth(move);
        foreach (var phone in new[] { move.Bench.Alice, move.Bench.Bob }) phone.Do((m, now) => m.Shutdown(now));
        move.Bench.Until(() => CallBench.IsDown(move.Bench.Alice) && CallBench.IsDown(move.Bench.Bob), 3, "both shut down");
        move.Bench.Run(1);
        move.Bench.That(move.Bench.Demo.Sip.Bindings == 0, $"{move.Bench.Demo.Sip.Bindings} registrations left");
        move.Bench.That(move.Bench.Demo.HostA.OpenSockets + move.Bench.Demo.HostB.OpenSockets == 0, "sockets left");
    }

    [Theory]
    [InlineData(SipTransports.Tcp)]
    [InlineData(SipTransports.Udp)]
    [Rfc("3261", "15", Line = "sip T10")]
    public void Caller_MovesAsItIsAnswered_EndsForBoth(SipTransports transports)
    {
        using var move = Ringing(transports, standby: false);
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Bob.Do((m, now) => m.Answer(now, move.BobsCall));
        move.Bench.Run(2);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        EndsForBoth(move);
    }

    [Fact]
    [Rfc("3261", "18.2.2", Line = "sip T10")]
    public void Caller_GetsABetterNetworkWhileItRingsLong_IsAnswered()
    {
        using var move = Ringing(SipTransports.Tcp, standby: false, seconds: 50, kind: InterfaceKind.Cellular);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Wired);
        move.Bench.Until(() => CallBench.States(move.Bench.Alice).Contains(CallState.Connected), 60, "answered by the old way");
        move.Bench.Run(3);
        move.Both(2);
        move.End();
    }

    private static MoveBench Ringing(SipTransports transports, bool standby, double seconds = 20, InterfaceKind? kind = null)
    {
        var move = new MoveBench(how: new BenchOptions
        {
            Ringing = TimeSpan.FromSeconds(seconds),
            Adjust = (name, o) => name == "alice" ? o with { SipTransports = transports } : o,
        });
        var host = move.Bench.Demo.HostA;
        if (kind is { } other)
        {
            var lan = host.SegmentOf(MoveBench.AliceHome)!;
            host.Detach(MoveBench.AliceHome);
            host.Attach(lan, MoveBench.AliceHome, kind: other);
        }

        if (standby) host.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Wireless);
        move.Bench.Register().Dial();
        move.Bench.Until(() => CallBench.States(move.Bench.Alice).Contains(CallState.Ringing), 5, "it rings");
        move.Bench.Run(2);
        return move;
    }

    private static void EndsForBoth(MoveBench move)
    {
        var (alice, bob) = move.Bench.UntilEnded(4);
        move.Bench.That(alice is { Status: 503, Cause: CallEndCause.Error, Fault: { Layer: Layer.Transport, Remedy: "call again" } }, alice.ToString());
        move.Bench.That(alice.Fault!.What.Contains("while it rang", StringComparison.Ordinal), alice.Fault.What);
        move.Bench.That(bob.Cause == CallEndCause.Remote, bob.ToString());
        move.Bench.Run(1);
    }
}
