using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Both ends lose their addresses at once, so that neither's offer reaches the other: the caller calls anew in place of the old call.</summary>
public sealed class RecoveryTests
{
    [Theory]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("3891", "3", Line = "sip F3")]
    public void BothMove_OldAddressesGone_TheTalkGoesOn(string nat)
    {
        using var move = new MoveBench(NatBehavior.Named(nat));
        move.Talk();
        var bench = move.Bench;
        BothMove(move);
        bench.Until(() => Replaced(bench.Alice) is not null && Replaced(bench.Bob) is not null, 12, "one call takes the place of the other on both sides");
        bench.Run(3);
        var (alices, bobs) = (Replaced(bench.Alice)!.By, Replaced(bench.Bob)!.By);
        var (before, there) = (Heard(bench, bench.Alice, alices), Heard(bench, bench.Bob, bobs));
        bench.Run(3);
        bench.That(Heard(bench, bench.Alice, alices) - before > 140 && Heard(bench, bench.Bob, bobs) - there > 140, "both hear each other");
        bench.That(bench.Bob.Events.OfType<PhoneEvent.IncomingCall>().Count() == 1, "bob's phone did not ring again");
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Bob.Machine.ActiveCalls == 1, "one call each");
        bench.Alice.Do((m, now) => m.Hangup(now, alices));
        bench.Run(2);
        bench.That(bench.Bob.Machine.ActiveCalls == 0, "over for both");
    }

    [Theory]
    [InlineData(1, SipTransports.UdpAndTcp)]
    [InlineData(3, SipTransports.UdpAndTcp)]
    [InlineData(2, SipTransports.Udp)]
    [InlineData(3, SipTransports.Tcp)]
    [Rfc("3891", "3", Line = "sip F3")]
    public void BothMove_ByeOfTheOldCallOvertakesTheLostAnswers_TheTalkGoesOnInTheNewOne(int lost, SipTransports transports)
    {
        Tap? tap = null;
        using var move = new MoveBench(how: new BenchOptions
        {
            Adjust = (_, o) => o with { SipTransports = transports },
            Around = (name, machine) => name == "alice" ? tap = new Tap(machine) : machine,
        });
        var (dialog, dropped) = ("", 0);
        tap!.Mangle = octets =>
        {
            var text = Encoding.UTF8.GetString(octets);
            if (!text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) || !text.Contains(" INVITE\r\n", StringComparison.Ordinal)) return octets;
            if (dialog.Length == 0) dialog = $"From: {Field(text, "To")}\r\nTo: {Field(text, "From")}\r\nCall-ID: {Field(text, "Call-ID")}\r\n";
            if (move.Bench.Now < Instant.Zero + TimeSpan.FromSeconds(3) || dropped == lost) return octets;
            var isFirst = dropped++ == 0;
            return isFirst ? Encoding.UTF8.GetBytes($"BYE sip:alice@lab.test SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.5;branch=z9hG4bKovertakes\r\nMax-Forwards: 70\r\n{dialog}CSeq: 900 BYE\r\nContent-Length: 0\r\n\r\n") : "\r\n"u8.ToArray();
        };
        move.Talk();
        var bench = move.Bench;
        BothMove(move);
        bench.Until(() => Replaced(bench.Alice) is not null && Replaced(bench.Bob) is not null, 20, "one call takes the place of the other on both sides");
        bench.That(dropped == lost, $"{dropped} answers were lost");
        bench.Run(3);
        var (alices, bobs) = (Replaced(bench.Alice)!.By, Replaced(bench.Bob)!.By);
        var (before, there) = (Heard(bench, bench.Alice, alices), Heard(bench, bench.Bob, bobs));
        bench.Run(3);
        bench.That(Heard(bench, bench.Alice, alices) - before > 140 && Heard(bench, bench.Bob, bobs) - there > 140, "both hear each other");
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Bob.Machine.ActiveCalls == 1, "one call each");
        bench.Alice.Do((m, now) => m.Hangup(now, alices));
        bench.Run(2);
        bench.That(bench.Alice.Machine.ActiveCalls + bench.Bob.Machine.ActiveCalls == 0, "over for both");
        var old = bench.Alice.Events.OfType<PhoneEvent.CallEnded>().First(e => e.Call == bench.Call);
        bench.That(old.Summary is { Cause: CallEndCause.Local, Fault: null }, old.Summary.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BothMove_OneHangsUpWhileTheOtherCallsAnew_TheTalkIsOver(bool calleeDoes)
    {
        Tap? tap = null;
        using var move = new MoveBench(how: new BenchOptions { Around = (name, machine) => name == "bob" ? tap = new Tap(machine) : machine });
        move.Talk();
        var bench = move.Bench;
        var isCalled = false;
        // The new call stays unanswered until somebody has hung up.
        tap!.Mangle = octets =>
        {
            if (move.Bench.Bob.Machine.ActiveCalls == 0 || !Encoding.UTF8.GetString(octets).Contains("\r\nReplaces:", StringComparison.Ordinal)) return octets;
            isCalled = true;
            return "\r\n"u8.ToArray();
        };
        BothMove(move);
        bench.Until(() => isCalled, 20, "alice calls anew");
        if (calleeDoes) bench.Bob.Do((m, now) => m.Hangup(now, move.BobsCall));
        else bench.Alice.Do((m, now) => m.Hangup(now, bench.Call));
        // A BYE to where alice was does not arrive: then she learns of it by silence.
        bench.Run(calleeDoes ? 45 : 8);
        bench.That(bench.Alice.Machine.ActiveCalls == 0, "over for alice");
        var ended = bench.Alice.Events.OfType<PhoneEvent.CallEnded>().Single();
        bench.That(ended.Call == bench.Call && ended.Summary.Cause == (calleeDoes ? CallEndCause.Error : CallEndCause.Local), ended.ToString());
        bench.That(Replaced(bench.Alice) is null, "nothing took its place");
    }

    private static string Field(string message, string name)
    {
        var at = message.IndexOf($"\r\n{name}: ", StringComparison.Ordinal) + name.Length + 4;
        return message[at..message.IndexOf('\r', at)];
    }

    private static void BothMove(MoveBench move)
    {
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Demo.HostB.Detach(MoveBench.BobHome);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        move.Bench.Demo.HostB.Attach(move.LanD, MoveBench.BobElsewhere);
    }

    private static PhoneEvent.CallReplaced? Replaced(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallReplaced>().SingleOrDefault();

    private static long Heard(CallBench bench, VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)?.Media?.Rx.Packets ?? 0;

    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void BothMove_PeerComesBackToNoNetwork_TheCallEndsWithItsReason()
    {
        using var move = new MoveBench();
        move.Talk();
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Demo.HostB.Detach(MoveBench.BobHome);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        move.Bench.Until(() => move.Bench.Alice.Machine.ActiveCalls == 0, 45, "over for alice");
        var first = move.Bench.Alice.Events.OfType<PhoneEvent.CallEnded>().First(e => e.Call == move.Bench.Call);
        move.Bench.That(CallBench.States(move.Bench.Alice).Count(s => s == CallState.Dialing) == 1, "nobody is told of attempts that come to nothing");
        move.Bench.That(first.Summary is { Fault.Layer: Layer.Ice }, first.Summary.ToString());
        move.Bench.That(!move.Bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Any(), "nothing took its place");
    }
}
