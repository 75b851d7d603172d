using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Signalling that is not answered, or answered for another, ends no call whose media goes on; half a minute without a network does not either.</summary>
public sealed class OutlivingTests
{
    [Theory]
    [InlineData("caller's link", 30, SipTransports.UdpAndTcp)]
    [InlineData("caller's link", 31, SipTransports.Udp)]
    [InlineData("caller's link", 30, SipTransports.Tcp)]
    [InlineData("callee's link", 30, SipTransports.UdpAndTcp)]
    [InlineData("callee's link", 31, SipTransports.Udp)]
    [InlineData("caller's line", 30, SipTransports.UdpAndTcp)]
    [InlineData("callee's line", 30, SipTransports.Udp)]
    [InlineData("caller elsewhere", 30, SipTransports.UdpAndTcp)]
    [InlineData("callee elsewhere", 31, SipTransports.Tcp)]
    [InlineData("both links", 30, SipTransports.UdpAndTcp)]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Outage_OfHalfAMinute_TheCallIsThereAfterwards(string what, double seconds, SipTransports transports)
    {
        using var move = new MoveBench(how: new BenchOptions { Adjust = (_, o) => o with { SipTransports = transports } });
        move.Talk();
        var (demo, bench) = (move.Bench.Demo, move.Bench);
        var (lanA, lanB) = (demo.HostA.SegmentOf(MoveBench.AliceHome)!, demo.HostB.SegmentOf(MoveBench.BobHome)!);
        var (isAlice, isBob) = (!what.StartsWith("callee", StringComparison.Ordinal), !what.StartsWith("caller", StringComparison.Ordinal));
        var isLine = what.EndsWith("line", StringComparison.Ordinal);
        if (isAlice && isLine) demo.GatewayA.IsUp = false;
        else if (isAlice) demo.HostA.Detach(MoveBench.AliceHome);
        if (isBob && isLine) demo.GatewayB.IsUp = false;
        else if (isBob) demo.HostB.Detach(MoveBench.BobHome);
        bench.Run(seconds);
        bench.That(CallBench.Summary(bench.Alice) is null && CallBench.Summary(bench.Bob) is null, "the call is over before the network is back");
        var (heard, there) = (Heard(bench, bench.Alice), Heard(bench, bench.Bob));
        var isElsewhere = what.EndsWith("elsewhere", StringComparison.Ordinal);
        demo.GatewayA.IsUp = demo.GatewayB.IsUp = true;
        if (isAlice && !isLine) demo.HostA.Attach(isElsewhere ? move.LanC : lanA, isElsewhere ? MoveBench.AliceElsewhere : MoveBench.AliceHome);
        if (isBob && !isLine) demo.HostB.Attach(isElsewhere ? move.LanD : lanB, isElsewhere ? MoveBench.BobElsewhere : MoveBench.BobHome);
        bench.Until(() => Heard(bench, bench.Alice) > heard + 50 && Heard(bench, bench.Bob) > there + 50, 12, "both hear each other again");
        bench.Run(20);
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Bob.Machine.ActiveCalls == 1, "one call each");
    }

    [Theory]
    [InlineData(408, true)]
    [InlineData(481, true)]
    [InlineData(408, false)]
    [InlineData(481, false)]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Offer_RefusedOrUnansweredWhileMediaFlows_TheCallGoesOnAndTheOfferIsTriedAgain(int status, bool ice)
    {
        Tap? tap = null;
        using var bench = Bench(ice, machine => tap = new Tap(machine));
        bench.Connect();
        bench.Run(2);
        // Whoever takes the hold without our knowing is silent, and without ICE nothing else tells of it.
        var left = status == 481 && !ice ? 1 : int.MaxValue;
        tap!.Mangle = octets => left > 0 && Refused(octets, status) is var refused && refused != octets && left-- > 0 ? refused : octets;
        if (ice) bench.Alice.Do((m, now) => m.RestartIce(now, bench.Call));
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Run(40);
        bench.That(CallBench.Summary(bench.Alice) is null && CallBench.Summary(bench.Bob) is null, "the call is over");
        tap.Mangle = null;
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Until(() => CallBench.States(bench.Alice).Last() == CallState.Held, 30, "held once signalling is back");
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, false));
        bench.Until(() => CallBench.States(bench.Alice).Last() == CallState.Connected, 30, "talking again");
        var heard = Heard(bench, bench.Alice);
        bench.Run(2);
        bench.That(Heard(bench, bench.Alice) > heard + 90, "alice hears bob");
        bench.HangUp();
        bench.UntilEnded(5);
    }

    [Theory]
    [InlineData(true, 481)]
    [InlineData(false, 481)]
    [InlineData(false, 408)]
    [Rfc("5057", "5.1")]
    public void Offer_RefusedByAPeerThatIsSilent_EndsTheCall(bool ice, int status)
    {
        Tap? tap = null;
        using var bench = Bench(ice, machine => tap = new Tap(machine));
        bench.Connect();
        bench.Run(2);
        // Nothing but signalling arrives any more, and that refuses.
        tap!.Mangle = octets => octets.Length > 0 && (octets[0] >= 128 || octets[0] < 4) ? [] : Refused(octets, status);
        bench.Run(ice ? 3 : 31);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        var alice = bench.UntilAliceEnded(5);
        bench.That(alice is { Cause: CallEndCause.Error, Fault.Layer: Layer.Sip } && alice.Status == status, alice.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Server_GoneWhileMediaFlows_TheCallGoesOnAndIsHungUpInTheEnd(bool ice)
    {
        using var bench = Bench(ice, machine => machine, expires: TimeSpan.FromSeconds(90));
        bench.Connect();
        bench.Run(2);
        var sip = bench.World.Hosts.Single(h => h.Name == "sip");
        sip.Detach(DemoWorld.SipAddress.Ip);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Run(60);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, false));
        bench.Run(90);
        bench.That(CallBench.Summary(bench.Alice) is null && CallBench.Summary(bench.Bob) is null, "the call is over");
        var heard = Heard(bench, bench.Alice);
        bench.Run(2);
        bench.That(Heard(bench, bench.Alice) > heard + 90, "alice hears bob");
        sip.Attach(bench.World.Public, DemoWorld.SipAddress.Ip);
        bench.Run(60);
        bench.HangUp();
        bench.UntilEnded(40);
    }

    private static CallBench Bench(bool ice, Func<IMachine, IMachine> around, TimeSpan? expires = null)
    {
        var nat = ice ? NatBehavior.PortRestricted : NatBehavior.None;
        return new CallBench(new DemoOptions { NatA = nat, NatB = nat }, new BenchOptions
        {
            Adjust = (_, o) => (ice ? o : o with { Nat = o.Nat with { Mode = NatMode.None } }) with { Sip = o.Sip with { SessionExpires = expires ?? o.Sip.SessionExpires } },
            Around = (name, machine) => name == "alice" ? around(machine) : machine,
        });
    }

    /// <summary>Final answers to a re-INVITE become this one; with 0 nothing of signalling arrives.</summary>
    private static byte[] Refused(byte[] octets, int status)
    {
        var text = Encoding.UTF8.GetString(octets);
        var isAnswer = text.StartsWith("SIP/2.0 ", StringComparison.Ordinal);
        if (status == 0) return isAnswer || text.Contains(" SIP/2.0\r\n", StringComparison.Ordinal) ? "\r\n"u8.ToArray() : octets;
        if (!text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) || !(text.Contains(" INVITE\r\n", StringComparison.Ordinal) || text.Contains(" UPDATE\r\n", StringComparison.Ordinal))) return octets;
        var head = text[(text.IndexOf('\r') + 2)..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n").Where(line => !line.StartsWith("Content-", StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes($"SIP/2.0 {status} Mangled\r\n{string.Join("\r\n", head)}\r\nContent-Length: 0\r\n\r\n");
    }

    private static long Heard(CallBench bench, VirtualPhone phone) =>
        phone.Events.OfType<PhoneEvent.CallReplaced>().LastOrDefault()?.By is { } by ? Received(bench, phone, by)
        : Received(bench, phone, phone == bench.Alice ? bench.Call : bench.BobsCall());

    private static long Received(CallBench bench, VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)?.Media?.Rx.Packets ?? 0;
}
