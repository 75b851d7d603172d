using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Calls that nobody answers, and calls that end: status, cause, layer and words on both sides.</summary>
public sealed class RefusedCallTests
{
    private static readonly DemoOptions _homes = new();

    [Fact]
    [Rfc("3261", "22.1")]
    public void Register_WrongPassword_FaultIsAuthentication()
    {
        using var bench = new CallBench(_homes, new BenchOptions { AlicePassword = "wrong" });
        bench.Alice.Do((m, now) => m.Start(now));
        bench.Alice.Do((m, now) => m.Register(now, bench.AliceAccount));
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Failed), 5, "the registration failed");
        var failed = bench.Alice.Events.OfType<PhoneEvent.Registration>().First(r => r.State == RegistrationState.Failed);
        bench.That(failed is { Status: 401 or 403, Fault: { Layer: Layer.Authentication, Remedy.Length: > 5 }, WillRetry: false }, failed.ToString());
    }

    [Fact]
    [Rfc("3261", "22.3")]
    public void Call_WrongPassword_FaultIsAuthentication()
    {
        using var bench = new CallBench(_homes, new BenchOptions { AlicePassword = "wrong" });
        bench.Alice.Do((m, now) => m.Start(now));
        bench.Dial();
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice is { Status: 407 or 403, Cause: CallEndCause.Remote, Fault: { Layer: Layer.Authentication, Remedy.Length: > 5 }, Audio: AudioOutcome.None }, alice.ToString());
        bench.That(alice.Explanation.Contains("password", StringComparison.Ordinal), alice.Explanation);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "21.4.5")]
    public void Call_UnknownUser_Is404AndSaysWho()
    {
        using var bench = new CallBench(_homes);
        bench.Register().Dial(target: SipUri.Parse("sip:nobody@lab.test"));
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice is { Status: 404, Cause: CallEndCause.Remote, Fault.Layer: Layer.Sip }, alice.ToString());
        bench.That(alice.Explanation.Contains("nobody", StringComparison.Ordinal), alice.Explanation);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "21.4.18")]
    public void Call_UserNotRegistered_Is480()
    {
        using var bench = new CallBench(_homes);
        bench.Register().Dial(target: SipUri.Parse("sip:carol@lab.test"));
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice is { Status: 480, Fault.Layer: Layer.Sip }, alice.ToString());
        bench.That(alice.Explanation.Contains("not available now", StringComparison.Ordinal), alice.Explanation);
        bench.ShutDown();
    }

    [Theory]
    [InlineData(486, "busy")]
    [InlineData(603, "declined")]
    [InlineData(480, "not available")]
    public void Call_RefusedByPolicy_StatusAndWords(int status, string words)
    {
        using var bench = new CallBench(_homes, new BenchOptions { Adjust = (n, o) => n == "bob" ? o with { Answering = new AnswerPolicy.Refuse(status) } : o });
        bench.Register().Dial();
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice.Status == status && alice.Fault is { Layer: Layer.Sip }, alice.ToString());
        bench.That(alice.Explanation.Contains(words, StringComparison.Ordinal), alice.Explanation);
        bench.ShutDown();
    }

    [Theory]
    [InlineData(486)]
    [InlineData(603)]
    public void Call_RejectedWhileRinging_CallerSeesTheStatus(int status)
    {
        using var bench = new CallBench(_homes, new BenchOptions { Ringing = null });
        bench.Register().Dial();
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Ringing), 5, "alice hears ringing");
        bench.Bob.Do((m, now) => m.Reject(now, bench.BobsCall(), status));
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(alice.Status == status && alice.Fault is { Layer: Layer.Sip }, alice.ToString());
        bench.That(bob.Status == status && bob is { Cause: CallEndCause.Local, Fault: null }, bob.ToString());
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "9.1")]
    public void Call_NotAnsweredInTime_IsCancelledAndCalleeSees487()
    {
        using var bench = new CallBench(_homes, new BenchOptions { Ringing = null });
        bench.Register().Dial(new CallOptions { RingLimit = TimeSpan.FromSeconds(10) });
        var started = bench.Now;
        var (alice, bob) = bench.UntilEnded(15);
        bench.That(alice is { Status: 408, Cause: CallEndCause.Local, Fault: { Layer: Layer.Sip, Remedy.Length: > 5 } }, alice.ToString());
        bench.That(alice.Explanation.Contains("10 s", StringComparison.Ordinal), alice.Explanation);
        bench.That(bob is { Status: 487, Cause: CallEndCause.Remote, Fault: null }, bob.ToString());
        bench.That(bench.Now - started < TimeSpan.FromSeconds(11), $"{bench.Now - started}");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "9.1")]
    public void Call_CancelledWhileRinging_BothSidesEndWith487()
    {
        using var bench = new CallBench(_homes, new BenchOptions { Ringing = null });
        bench.Register().Dial();
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Ringing), 5, "alice hears ringing");
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(3);
        bench.That(alice is { Status: 487, Cause: CallEndCause.Local, Fault: null }, alice.ToString());
        bench.That(bob is { Status: 487, Cause: CallEndCause.Remote, Fault: null }, bob.ToString());
        bench.ShutDown();
    }

    [Fact]
    public void Call_HungUpBeforeTheInvite_SendsNone()
    {
        using var bench = new CallBench(_homes);
        bench.Register().Dial();
        bench.HangUp();
        var alice = bench.UntilAliceEnded(3);
        bench.Run(2);
        bench.That(alice is { Status: 487, Cause: CallEndCause.Local, Fault: null }, alice.ToString());
        bench.That(!bench.Bob.Events.OfType<PhoneEvent.IncomingCall>().Any(), "bob was called");
        bench.ShutDown();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(45)]
    [InlineData(130)]
    [InlineData(200)]
    public void Call_HungUpEarly_WhateverTheMoment_LeavesNothing(int milliseconds)
    {
        using var bench = new CallBench(_homes, new BenchOptions { Ringing = TimeSpan.FromMilliseconds(50) });
        bench.Register().Dial();
        bench.Run(milliseconds / 1000.0);
        bench.HangUp();
        var alice = bench.UntilAliceEnded(3);
        bench.That(alice.Cause == CallEndCause.Local, alice.ToString());
        bench.Run(3);
        bench.That(bench.Bob.Machine.ActiveCalls == 0 && bench.Alice.Machine.ActiveCalls == 0, "a call is left");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "15.1.2")]
    public void Call_CalleeHangsUp_CallerIsToldWho()
    {
        using var bench = new CallBench(_homes, new BenchOptions { Bob = new CallOptions { Duration = TimeSpan.FromSeconds(3) } });
        bench.Register().Dial();
        var (alice, bob) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Cause: CallEndCause.Remote, Fault: null, Audio: AudioOutcome.TwoWay }, alice.ToString());
        bench.That(bob is { Status: 200, Cause: CallEndCause.Local, Fault: null, Audio: AudioOutcome.TwoWay }, bob.ToString());
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "15")]
    public void Call_BothHangUpAtOnce_BothEndClean()
    {
        using var bench = new CallBench(_homes);
        bench.Connect();
        bench.Run(2);
        bench.HangUp();
        bench.Bob.Do((m, now) => m.Hangup(now, bench.BobsCall()));
        var (alice, bob) = bench.UntilEnded(3);
        bench.That(alice is { Status: 200, Fault: null } && bob is { Status: 200, Fault: null }, $"{alice} {bob}");
        bench.Run(2);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "13.3.1.3")]
    public void Call_NoCommonCodec_Is488AndNamesMedia()
    {
        using var bench = new CallBench(_homes, new BenchOptions
        {
            Adjust = (n, o) => n == "bob" ? o with { Codecs = [Sdp.SdpCodec.G722] } : o,
        });
        bench.Register().Dial();
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice is { Status: 488, Fault: { Layer: Layer.Sdp, Remedy.Length: > 5 } }, alice.ToString());
        bench.Until(() => CallBench.Summary(bench.Bob) is not null, 3, "bob's side is over");
        bench.That(CallBench.Summary(bench.Bob) is { Status: 488, Fault.Layer: Layer.Sdp }, CallBench.Summary(bench.Bob)!.ToString());
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3550", "6.3.7")]
    public void Hangup_RtcpGoodbye_ReachesThePeerBeforeTheSocketsClose()
    {
        foreach (var nat in new[] { NatBehavior.PortRestricted, NatBehavior.Symmetric })
        {
            using var bench = new CallBench(new DemoOptions { NatA = nat, NatB = nat });
            // SIP's BYE comes later than RTCP's, so that bob still listens.
            bench.World.Hosts.Single(h => h.Name == "sip").SetLink(DemoWorld.SipAddress.Ip, Link.OfMilliseconds(10));
            bench.Connect(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
            bench.UntilEnded(10);
            bench.That(bench.Bob.Machine.Trace.Entries.OfType<Media.MediaTrace.PeerLeft>().Any(), $"bob heard no goodbye behind {nat}");
            bench.ShutDown();
        }
    }
}
