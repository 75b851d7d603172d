using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// Alice and bob, two whole phones in the demo's virtual internet. The test gives commands and lets virtual time pass; a check that
/// does not hold fails with the transcript of both phones.
/// </summary>
internal sealed class CallBench : IDisposable
{
    public static readonly SipUri BobUri = SipUri.Parse($"sip:bob@{DemoWorld.Domain}");

    private readonly BenchOptions _how;

    public CallBench(DemoOptions options, BenchOptions? how = null)
    {
        _how = how ?? new BenchOptions();
        Demo = new DemoWorld(options);
        Alice = Phone("alice", Demo.HostA, options.NatA, new AnswerPolicy.Manual());
        Bob = Phone("bob", Demo.HostB, options.IsSameNat ? options.NatA : options.NatB,
            _how.Ringing is { } ringing ? new AnswerPolicy.Auto(ringing, () => _how.Bob) : new AnswerPolicy.Manual());
        AliceAccount = Account(Alice, "alice", _how.AlicePassword ?? DemoWorld.PasswordOf("alice"));
        BobAccount = Account(Bob, "bob", DemoWorld.PasswordOf("bob"));
    }

    public DemoWorld Demo { get; }

    public World World => Demo.World;

    public VirtualPhone Alice { get; }

    public VirtualPhone Bob { get; }

    public AccountId AliceAccount { get; }

    public AccountId BobAccount { get; }

    public Instant Now => World.Now;

    /// <summary>The call, from alice's side.</summary>
    public CallId Call { get; private set; }

    public static CallSummary? Summary(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallEnded>().LastOrDefault()?.Summary;

    public static IEnumerable<CallState> States(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallChanged>().Select(c => c.State);

    public void Dispose()
    {
        Alice.Machine.Dispose();
        Bob.Machine.Dispose();
    }

    /// <summary>Starts both phones and waits until both are registered.</summary>
    public CallBench Register(double seconds = 10)
    {
        Bob.Do((m, now) => m.Start(now));
        Alice.Do((m, now) => m.Start(now));
        Bob.Do((m, now) => m.Register(now, BobAccount));
        Alice.Do((m, now) => m.Register(now, AliceAccount));
        Until(() => IsRegistered(Alice) && IsRegistered(Bob), seconds, "both registered");
        return this;
    }

    /// <summary>Alice calls, bob unless told otherwise.</summary>
    public CallBench Dial(CallOptions? options = null, SipUri? target = null)
    {
        Alice.Do((m, now) => Call = m.Call(now, AliceAccount, target ?? BobUri, options ?? new CallOptions()));
        return this;
    }

    /// <summary>Alice calls bob, and both are connected.</summary>
    public CallBench Connect(CallOptions? options = null)
    {
        Register().Dial(options);
        Until(() => States(Alice).Contains(CallState.Connected) && States(Bob).Contains(CallState.Connected), 15, "connected on both sides");
        return this;
    }

    /// <summary>The newest call of bob's.</summary>
    public CallId BobsCall() => Bob.Events.OfType<PhoneEvent.IncomingCall>().Last().Call;

    public void HangUp() => Alice.Do((m, now) => m.Hangup(now, Call));

    public void Run(double seconds) => World.RunUntil(Now + TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> done, double seconds, string what)
    {
        if (!World.RunUntil(done, Now + TimeSpan.FromSeconds(seconds))) Fail($"not within {seconds} s: {what}");
    }

    /// <summary>Waits until the call is over on both sides.</summary>
    public (CallSummary Alice, CallSummary Bob) UntilEnded(double seconds)
    {
        Until(() => Summary(Alice) is not null && Summary(Bob) is not null, seconds, "the call is over on both sides");
        return (Summary(Alice)!, Summary(Bob)!);
    }

    /// <summary>Waits until the call is over for alice.</summary>
    public CallSummary UntilAliceEnded(double seconds)
    {
        Until(() => Summary(Alice) is not null, seconds, "the call is over for alice");
        return Summary(Alice)!;
    }

    /// <summary>Both phones shut down, in time, and nothing of them is left: no allocation, binding, socket or timer.</summary>
    public void ShutDown()
    {
        Alice.Do((m, now) => m.Shutdown(now));
        Bob.Do((m, now) => m.Shutdown(now));
        Until(() => IsDown(Alice) && IsDown(Bob), 3, "both shut down");
        Run(1);
        That(Demo.Turn.Allocations == 0, $"{Demo.Turn.Allocations} TURN allocations left");
        That(Demo.Sip.Bindings == 0, $"{Demo.Sip.Bindings} registrations left");
        That(Demo.HostA.OpenSockets + Demo.HostB.OpenSockets == 0, $"{Demo.HostA.OpenSockets} and {Demo.HostB.OpenSockets} sockets left");
        That(Alice.Machine.NextTimeout is null && Bob.Machine.NextTimeout is null, $"timers left: {Alice.Machine.NextTimeout}, {Bob.Machine.NextTimeout}");
    }

    public void That(bool holds, string what)
    {
        if (!holds) Fail(what);
    }

    public void Fail(string what) => Assert.Fail($"{what}\n{Transcript.Of(this)}");

    public static bool IsDown(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.ShutDown>().Any();

    private static bool IsRegistered(VirtualPhone phone) =>
        phone.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered);

    private static AccountId Account(VirtualPhone phone, string user, string password) => phone.Machine.AddAccount(new SipAccount
    {
        Aor = SipUri.Parse($"sip:{user}@{DemoWorld.Domain}"),
        Password = password,
        Registrar = SipUri.Parse($"sip:{DemoWorld.Domain}"),
        Expires = TimeSpan.FromMinutes(5),
    });

    private VirtualPhone Phone(string name, VirtualHost host, NatBehavior nat, AnswerPolicy answering)
    {
        var options = new PhoneOptions
        {
            Name = name,
            Answering = answering,
            Codecs = _how.Codecs,
            Mux = _how.Mux,
            Nat = new NatSettings
            {
                StunServers = [new ServerName($"turn.{DemoWorld.Domain}", DemoWorld.StunAddress.Port)],
                TurnServers = _how.Turn
                    ? [.. DemoCall.TurnAccounts(name).Select(t => t with { Password = _how.TurnPassword ?? t.Password })]
                    : [],
            },
            SipTransports = nat.BlocksUdp ? SipTransports.Tcp : SipTransports.UdpAndTcp,
        };
        return new VirtualPhone(host, _how.Adjust?.Invoke(name, options) ?? options, CodecFactory.Instance, new Trace(_how.TraceBound),
            _how.Around is { } around ? machine => around(name, machine) : null);
    }
}
