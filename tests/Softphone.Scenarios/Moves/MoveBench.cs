using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A call that is up, two more networks that its hosts can join, and the measure of silence.</summary>
internal sealed class MoveBench : IDisposable
{
    public static readonly IpAddress AliceElsewhere = IpAddress.Parse("172.20.0.2");
    public static readonly IpAddress BobElsewhere = IpAddress.Parse("172.21.0.2");
    public static readonly IpAddress AliceHome = IpAddress.Parse("10.0.1.2");
    public static readonly IpAddress BobHome = IpAddress.Parse("192.168.2.2");

    public MoveBench(NatBehavior? nat = null, BenchOptions? how = null, ulong seed = 1, bool hasV6 = false)
    {
        var behavior = nat ?? NatBehavior.PortRestricted;
        Bench = new CallBench(new DemoOptions { NatA = behavior, NatB = behavior, Seed = seed, HasV6 = hasV6 }, how);
        LanC = Add("natC", "172.20.0.0", "203.0.113.103");
        LanD = Add("natD", "172.21.0.0", "203.0.113.104");
        Segment Add(string name, string inner, string outside) =>
            Bench.World.AddLan(name, IpAddress.Parse(inner), 24, behavior, Bench.World.Public, Link.OfMilliseconds(10), IpAddress.Parse(outside));
    }

    public CallBench Bench { get; }

    /// <summary>Networks of their own behind another NAT each.</summary>
    public Segment LanC { get; }

    public Segment LanD { get; }

    public CallId BobsCall => Bench.BobsCall();

    public void Dispose() => Bench.Dispose();

    public long HeardByAlice => Bench.Alice.Machine.Snapshot(Bench.Now, Bench.Call)?.Media?.Rx.Packets ?? 0;

    public long HeardByBob => Bench.Bob.Machine.Snapshot(Bench.Now, BobsCall)?.Media?.Rx.Packets ?? 0;

    /// <summary>The call is up and both hear each other.</summary>
    public MoveBench Talk()
    {
        Bench.Connect();
        Bench.Run(2);
        Both(1);
        return this;
    }

    /// <summary>How long until each has heard five more packets, after what is under way has arrived.</summary>
    public TimeSpan SilenceAfter(Action change, double limit = 20)
    {
        change();
        var from = Bench.Now;
        Bench.Run(0.1);
        var (alice, bob) = (HeardByAlice, HeardByBob);
        Bench.Until(() => HeardByAlice >= alice + 5 && HeardByBob >= bob + 5, limit, "both hear each other again");
        return Bench.Now - from;
    }

    /// <summary>Both hear each other without a gap for so many seconds.</summary>
    public void Both(double seconds)
    {
        var (alice, bob) = (HeardByAlice, HeardByBob);
        Bench.Run(seconds);
        var least = (long)(seconds * 46);
        Bench.That(HeardByAlice - alice >= least && HeardByBob - bob >= least, $"in {seconds} s alice heard {HeardByAlice - alice}, bob {HeardByBob - bob}");
    }

    /// <summary>Requests of this method that left a phone.</summary>
    public static int Sent(VirtualPhone phone, string method) =>
        phone.Machine.Trace.Entries.OfType<SipTrace.Message>().Count(m => m is { IsSent: true, IsRepeat: false } && m.StartLine.StartsWith(method + " ", StringComparison.Ordinal));

    public static int Received(VirtualPhone phone, string start) =>
        phone.Machine.Trace.Entries.OfType<SipTrace.Message>().Count(m => !m.IsSent && m.StartLine.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Hangs up, and nothing is left on the hosts and at the registrar.</summary>
    public void End()
    {
        Bench.HangUp();
        var (alice, bob) = Bench.UntilEnded(40);
        Bench.That(alice is { Fault: null, Audio: AudioOutcome.TwoWay } && bob is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{alice}\n{bob}");
        Bench.Alice.Do((m, now) => m.Shutdown(now));
        Bench.Bob.Do((m, now) => m.Shutdown(now));
        Bench.Until(() => CallBench.IsDown(Bench.Alice) && CallBench.IsDown(Bench.Bob), 3, "both shut down");
        Bench.Run(1);
        // An allocation of an interface that is gone cannot be given back: it runs out.
        Bench.That(Bench.Demo.Sip.Bindings == 0, $"{Bench.Demo.Sip.Bindings} registrations left");
        Bench.That(Bench.Demo.HostA.OpenSockets + Bench.Demo.HostB.OpenSockets == 0, $"{Bench.Demo.HostA.OpenSockets} and {Bench.Demo.HostB.OpenSockets} sockets left");
        Bench.That(Bench.Alice.Machine.NextTimeout is null && Bench.Bob.Machine.NextTimeout is null, "timers left");
    }
}
