using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The network changes under a call: it finds another path by itself, and soon.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Rfc("8445", "9", Line = "I82")]
    [Rfc("3261", "12.2.1.1", Line = "sip T10")]
    public void Interface_GoneWithAnotherUp_AudioIsBackWithinASecondAndAHalf(ulong seed)
    {
        using var move = new MoveBench(seed: seed);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Wireless);
        move.Talk();
        var silence = move.SilenceAfter(() => move.Bench.Demo.HostA.Detach(MoveBench.AliceHome));
        move.Bench.That(silence < TimeSpan.FromSeconds(1.5), $"silence of {silence}");
        foreach (var took in new[] { Selected(move.Bench.Alice).Ice, Selected(move.Bench.Bob).Ice })
            move.Bench.That(took > TimeSpan.Zero && took < TimeSpan.FromSeconds(1.5), $"the checks of the restart took {took}");
        move.Both(5);
        move.Bench.That(MoveBench.Sent(move.Bench.Alice, "INVITE") <= 4, $"{MoveBench.Sent(move.Bench.Alice, "INVITE")} INVITEs");
        move.End();
        Says(move, move.Bench.Alice, "Media moved here", "s into the call: ");
        Says(move, move.Bench.Bob, "Media moved here", "the peer restarted ICE.");
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_ReplacedByAnother_AudioIsBack()
    {
        using var move = new MoveBench();
        move.Talk();
        var silence = move.SilenceAfter(() =>
        {
            move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
            move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        });
        move.Bench.That(silence < TimeSpan.FromSeconds(1.5), $"silence of {silence}");
        move.Both(5);
        move.End();
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_GoneForFiveSeconds_CallWaitsAndGoesOn()
    {
        using var move = new MoveBench();
        move.Talk();
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Run(5);
        var silence = move.SilenceAfter(() => move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere));
        move.Bench.That(silence < TimeSpan.FromSeconds(2.5), $"silence of {silence}");
        move.Both(5);
        move.End();
    }

    /// <summary>
    /// By a connection: the REGISTER took the one that the offer had just opened for one that had been silent for long, ended it, and the offer went out
    /// twice, the second time to a peer that had answered the first.
    /// </summary>
    [Theory]
    [InlineData(SipTransports.Tcp, 0.6, true)]
    [InlineData(SipTransports.Tls, 1.1, true)]
    [InlineData(SipTransports.Tcp, 3.7, false)]
    [InlineData(SipTransports.Tls, 0.3, false)]
    [Rfc("8445", "9", Line = "I82")]
    [Rfc("5626", "4.4.1")]
    public void Cable_MovedOverAConnection_TheOfferGoesOnceByTheNewOne(SipTransports transports, double gap, bool hasV6)
    {
        using var move = new MoveBench(seed: 7, hasV6: hasV6, how: new BenchOptions { Adjust = (_, o) => o with { SipTransports = transports } });
        move.Talk();
        var host = move.Bench.Demo.HostA;
        foreach (var address in host.Interfaces.Where(i => !i.Address.IsLoopback).Select(i => i.Address).ToList()) host.Detach(address);
        move.Bench.Run(gap);
        var before = MoveBench.Received(move.Bench.Bob, "INVITE ");
        var silence = move.SilenceAfter(() => host.Attach(move.LanC, MoveBench.AliceElsewhere));
        move.Bench.That(silence < TimeSpan.FromSeconds(2.5), $"silence of {silence}");
        move.Both(5);
        move.Bench.That(MoveBench.Received(move.Bench.Alice, "SIP/2.0 500") == 0, "an offer was doubled");
        move.Bench.That(MoveBench.Received(move.Bench.Bob, "INVITE ") - before <= 2, $"{MoveBench.Received(move.Bench.Bob, "INVITE ") - before} offers");
        move.End();
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_BetterOneComesUp_CallMovesWithoutAGap()
    {
        using var move = new MoveBench();
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Cellular);
        move.Talk();
        move.Bench.Demo.HostA.Attach(move.LanD, MoveBench.BobElsewhere, kind: InterfaceKind.Wired);
        move.Both(3);
        var path = Selected(move.Bench.Alice);
        move.Bench.That(path.Local.Base.Ip == MoveBench.BobElsewhere, $"the better interface is up, and media goes by {path.Local}");
        move.Bench.Demo.HostA.Detach(MoveBench.AliceElsewhere);
        move.Bench.Run(0.1);
        move.Both(5);
        move.End();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8445", "9", Line = "I82")]
    public void Interface_OfTheCalleeGone_AudioIsBack(bool mute)
    {
        using var move = new MoveBench();
        move.Bench.Demo.HostB.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Wireless);
        move.Talk();
        if (mute) move.Bench.Alice.Do((m, now) => m.SetMuted(now, move.Bench.Call, true));
        var silence = move.SilenceAfter(() => move.Bench.Demo.HostB.Detach(MoveBench.BobHome));
        move.Bench.That(silence < TimeSpan.FromSeconds(1.5), $"silence of {silence}");
        move.Both(5);
        move.End();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Rfc("3261", "14.1", Line = "sip I10")]
    [Rfc("8445", "9", Line = "I26")]
    public void Restarts_OfBothAtOnce_ComeToOnePath(ulong seed)
    {
        using var move = new MoveBench(seed: seed);
        var (a, b) = (move.Bench.Demo.HostA, move.Bench.Demo.HostB);
        var (lanA, lanB) = (a.SegmentOf(MoveBench.AliceHome)!, b.SegmentOf(MoveBench.BobHome)!);
        a.Detach(MoveBench.AliceHome);
        b.Detach(MoveBench.BobHome);
        a.Attach(lanA, MoveBench.AliceHome, kind: InterfaceKind.Cellular);
        b.Attach(lanB, MoveBench.BobHome, kind: InterfaceKind.Cellular);
        move.Talk();
        a.Attach(move.LanC, MoveBench.AliceElsewhere);
        b.Attach(move.LanD, MoveBench.BobElsewhere);
        move.Both(10);
        move.Bench.That(Glares(move) > 0, "the offers did not meet");
        move.End();
    }

    private static PhoneEvent.PathSelected Selected(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.PathSelected>().Last(p => p.Component == 1);

    private static void Says(MoveBench move, VirtualPhone phone, params string[] words)
    {
        var text = CallBench.Summary(phone)!.Explanation;
        foreach (var word in words) move.Bench.That(text.Contains(word, StringComparison.Ordinal), $"not \"{word}\": {text}");
    }

    private static int Glares(MoveBench move) => MoveBench.Received(move.Bench.Alice, "SIP/2.0 491") + MoveBench.Received(move.Bench.Bob, "SIP/2.0 491");

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Nat_ForgetsEveryMapping_AudioIsBack()
    {
        using var move = new MoveBench();
        move.Talk();
        var silence = move.SilenceAfter(move.Bench.Demo.GatewayA.Rebind, limit: 20);
        move.Bench.That(silence < TimeSpan.FromSeconds(12), $"silence of {silence}");
        move.Both(5);
        move.End();

        // The new mapping is tried beside the one that leads nowhere any more, and another mapping does not make the NAT symmetric.
        Says(move, move.Bench.Alice, "Direct through both NATs", "Media moved here");
        Says(move, move.Bench.Bob, "Direct through both NATs");
    }

    [Fact]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Line_CutForTwentySeconds_CallGoesOnAfterwards()
    {
        using var move = new MoveBench();
        move.Talk();
        move.Bench.Demo.GatewayA.IsUp = false;
        move.Bench.Run(20);
        var silence = move.SilenceAfter(() => move.Bench.Demo.GatewayA.IsUp = true, limit: 20);
        move.Bench.That(silence < TimeSpan.FromSeconds(15), $"silence of {silence}");
        move.Both(5);
        move.End();
    }

    [Fact]
    [Rfc("8445", "9", Line = "I75")]
    public void Host_SleepsForTwentySeconds_CallGoesOnOrEndsWithAReason()
    {
        using var move = new MoveBench();
        move.Talk();
        move.Bench.Demo.HostA.Suspend(TimeSpan.FromSeconds(20));
        move.Bench.Run(20.1);
        var silence = move.SilenceAfter(() => { }, limit: 20);
        move.Bench.That(silence < TimeSpan.FromSeconds(5), $"silence of {silence}");
        move.Both(5);
        move.End();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3261", "10.2", Line = "sip T10")]
    public void Idle_AddressChanges_RegistersFromTheNewOneAndIsReached(bool replaced)
    {
        using var move = new MoveBench();
        move.Bench.Register();
        if (replaced) move.Bench.Demo.HostB.Detach(MoveBench.BobHome);
        move.Bench.Demo.HostB.Attach(move.LanD, MoveBench.BobElsewhere, kind: InterfaceKind.Wired);
        move.Bench.Run(1);
        move.Bench.That(!move.Bench.Bob.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Failed), "a registration failed");
        move.Bench.Dial();
        move.Bench.Until(() => CallBench.States(move.Bench.Alice).Contains(CallState.Connected), 5, "connected");
        move.Bench.Run(1);
        move.Both(2);
        move.End();
    }
}
