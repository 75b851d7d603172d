using Softphone.Core;

namespace Softphone.Lab;

/// <summary>What must hold of a registered phone after each event, from the plan and from the rules of NATs alone: it knows no phone.</summary>
internal static class StayOracle
{
    /// <summary>A keepalive is due after so long, and no answer to it is noticed after so long again.</summary>
    private static readonly TimeSpan Keepalive = TimeSpan.FromSeconds(15);

    /// <summary>So long is waited before what was sent is taken to be lost, and the other way to take its place.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    /// <summary>The earliest moments after a loss at which a phone has tried again, and how long the next try lets wait for itself then (RFC 5626 §4.5).</summary>
    private static readonly (double Since, double Next)[] Tries = [(0, 2), (1, 4), (3, 30), (18, 60), (48, 120), (108, 240)];

    /// <summary>From the start, with all servers asked for their names.</summary>
    public static TimeSpan Registered(StayPlan plan) => TimeSpan.FromSeconds(
        plan.Has(NetworkTrouble.NamesDeadAtFirst) ? 60 : plan.Has(NetworkTrouble.NamesLate) ? 20 : plan.Has(NetworkTrouble.NameServerSilent) ? 5 : 2.5)
        + (plan.Has(NetworkTrouble.SmallMtuSilent) ? Silence : TimeSpan.Zero);

    /// <summary>
    /// From the registration: then the phone knows what passes on its way and what does not. No packet tells; a long request that is not answered does.
    /// </summary>
    public static TimeSpan Settled(StayPlan plan) =>
        plan.Has(NetworkTrouble.SmallMtuSilent) ? 2 * Silence : plan.Has(NetworkTrouble.FragmentsLost) && plan.MayUseUdp ? Silence : TimeSpan.Zero;

    /// <summary>From the end of an event: then who calls the phone lets it ring.</summary>
    public static TimeSpan Reachable(StayPlan plan, StayEvent happened)
    {
        double seconds = happened.Kind switch
        {
            NetworkTrouble.NatFlushed => 20,
            NetworkTrouble.StreamHalfOpen => 30,
            NetworkTrouble.ServerRestarted => AfterRestart(plan, happened, remembers: false),
            NetworkTrouble.ServerRestartedWithMemory => AfterRestart(plan, happened, remembers: true),
            NetworkTrouble.FamilyDies or NetworkTrouble.FamilyRefuses => 30,
            NetworkTrouble.AddressChanged or NetworkTrouble.CableMoved => 5,
            NetworkTrouble.RelayRestarted => 1,
            _ => plan.MayUseStreams ? 30 : 20,
        };
        // A stream that broke before it stood for two minutes is given the next pause (RFC 5626 §4.5).
        if (plan.MayUseStreams && plan.Events[0] != happened) seconds += 30;
        // A phone that asks for names again waits for them.
        return TimeSpan.FromSeconds(seconds + (plan.Has(NetworkTrouble.NamesLate) ? 12 : plan.Has(NetworkTrouble.NameServerSilent) ? 2 : 0)) + Settled(plan);
    }

    /// <summary>From the end of an event in a call: then both hear each other.</summary>
    public static TimeSpan Heard(StayEvent happened) => TimeSpan.FromSeconds(happened.Kind switch
    {
        NetworkTrouble.LineCut or NetworkTrouble.RouterDead or NetworkTrouble.CableMoved or NetworkTrouble.FamilyDies or NetworkTrouble.FamilyRefuses => 12,
        NetworkTrouble.ServerRestarted or NetworkTrouble.ServerRestartedWithMemory or NetworkTrouble.StreamHalfOpen => 1,
        // 4 s until both are sure, and where both offer at once 4 s until the one that waits longer offers again (RFC 3261 §14.1), then its checks.
        _ => 10,
    });

    /// <summary>REGISTERs that the phone sends in this time at most, repetitions counted: fewer than one in two seconds is no storm.</summary>
    public static int MostRegisters(TimeSpan time) => 12 + (int)(time.TotalSeconds / 2);

    /// <summary>The relays that a new call takes: none where both have IPv6.</summary>
    /// <param name="ours">The NAT of the phone's network now.</param>
    /// <param name="theirs">The NAT of the other.</param>
    /// <param name="byV6">IPv6 works for both.</param>
    /// <returns>Null where nothing is sure.</returns>
    public static int? Legs(NatBehavior ours, NatBehavior theirs, bool byV6)
    {
        if (ours.BlocksUdp) return null;
        if (byV6) return 0;
        var plan = new CallPlan { Seed = 1, A = Side(theirs, 0), B = Side(ours, 1) };
        return PathOracle.Judge(plan, new Topology(plan), CandidateKinds.All, CandidateKinds.All, out _);

        static SidePlan Side(NatBehavior nat, int home) => new() { Nats = [new NatPlan(nat, nat.Translates ? 1 : 0, Link.Perfect)], Home = home };
    }

    private static double AfterRestart(StayPlan plan, StayEvent happened, bool remembers)
    {
        // Where one of the server's addresses is silent and the other refuses, each try is over three seconds later.
        var silent = plan.HasV6 ? 3 : 0;
        // What is noticed by the next keepalive only may be noticed when the server is back; then one that was refused has been followed by tries.
        var stream = (happened.Abrupt ? Keepalive.TotalSeconds : 0) + NextTry(happened.Lasts) + 1 + silent;
        var isNoticed = happened.Lasts > Keepalive;
        // The mapping that a remembered binding leads to ends with the keepalives, when the loss is noticed.
        var datagrams = isNoticed ? NextTry(happened.Lasts) + 1 + silent : remembers ? 1 : DemoWorld.Expires.TotalSeconds * 0.9 + 5;
        return Math.Max(plan.MayUseStreams ? stream : 0, plan.MayUseUdp ? datagrams : 0);
    }

    private static double NextTry(TimeSpan down) => Tries.Last(t => t.Since <= down.TotalSeconds).Next;
}
