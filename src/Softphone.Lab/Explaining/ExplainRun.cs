using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>Runs one <see cref="ExplainWorld"/>: alice and bob, two whole phones, register, alice calls, they talk for a moment.</summary>
public sealed class ExplainRun
{
    private static readonly TimeSpan Talk = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DemoWorld _demo;
    private readonly VirtualPhone _alice;
    private readonly VirtualPhone _bob;
    private readonly AccountId _account;

    private ExplainRun(ExplainWorld world)
    {
        _demo = new DemoWorld(new DemoOptions { NatA = world.Alice.Nat, NatB = world.Bob.Nat, HasV6 = world.HasV6 });
        _alice = Phone("alice", _demo.HostA, world.Alice, new AnswerPolicy.Manual());
        _bob = Phone("bob", _demo.HostB, world.Bob, new AnswerPolicy.Auto(TimeSpan.Zero, () => new CallOptions()));
        _bob.Register("bob");
        _account = _alice.Register("alice");
    }

    public static ExplainOutcome Of(ExplainWorld world) => new ExplainRun(world).Run();

    private ExplainOutcome Run()
    {
        Until(() => IsRegistered(_alice) && IsRegistered(_bob));
        _alice.Do((machine, now) => machine.Call(now, _account, SipUri.Parse($"sip:bob@{DemoWorld.Domain}"), new CallOptions()));
        Until(() => IsEnded() || (HasPath(_alice) && HasPath(_bob)));
        _demo.World.RunUntil(IsEnded, _demo.World.Now + Talk);
        if (!IsEnded()) _alice.Do((machine, now) => machine.Hangup(now, _alice.Events.OfType<PhoneEvent.CallChanged>().First().Call));
        Until(IsEnded);
        var (alice, bob) = (DemoCall.Summary(_alice), DemoCall.Summary(_bob));
        _alice.Machine.Dispose();
        _bob.Machine.Dispose();
        if (alice is null) throw new InvalidOperationException("the call did not end");
        return new ExplainOutcome(Reached(alice, bob), alice.Why, bob?.Why);
    }

    private static Promise? Reached(CallSummary alice, CallSummary? bob)
    {
        if (alice is not { Fault: null, Audio: AudioOutcome.TwoWay } || bob is not { Fault: null, Audio: AudioOutcome.TwoWay }) return null;
        return alice.Path == "relay" || bob.Path == "relay" ? Promise.Connected : Promise.Direct;
    }

    /// <summary>On both sides; a call that never left is over on one.</summary>
    private bool IsEnded() => DemoCall.Summary(_alice) is not null && (DemoCall.Summary(_bob) is not null || !_bob.Events.OfType<PhoneEvent.IncomingCall>().Any());

    private static bool HasPath(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.PathSelected>().Any(p => p.Component == 1);

    private void Until(Func<bool> done) => _demo.World.RunUntil(done, _demo.World.Now + Patience);

    private static bool IsRegistered(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered);

    private static VirtualPhone Phone(string name, VirtualHost host, SideSetup side, AnswerPolicy answering)
    {
        var options = new PhoneOptions
        {
            Name = name,
            Answering = answering,
            Codecs = [SdpCodec.Pcmu],
            Nat = new NatSettings
            {
                Mode = side.RelayOnly ? NatMode.Relay : NatMode.Auto,
                StunServers = side.Stun ? [new ServerName(DemoWorld.TurnName, DemoWorld.StunAddress.Port)] : [],
                TurnServers = side.Turn ? DemoCall.TurnAccounts(name) : [],
            },
            SipTransports = side.Nat.BlocksUdp ? SipTransports.Tcp : SipTransports.UdpAndTcp,
        };
        return new VirtualPhone(host, options, new PlainCodec(), new Trace(64));
    }
}
