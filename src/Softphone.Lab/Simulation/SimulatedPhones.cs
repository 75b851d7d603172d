using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>A simulated call between two whole phones: they register at the SIP server, one calls the other, they talk, and leave nothing.</summary>
internal sealed class SimulatedPhones
{
    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(2);

    private readonly long _index;
    private readonly CallPlan _plan;
    private readonly SimulatedNet _net;
    private readonly Side _a;
    private readonly Side _b;
    private string? _violation;
    private bool _isAborted;
    private bool _isHungUp;

    public SimulatedPhones(long index, CallPlan plan, WorldMemory memory, Trace trace)
    {
        _index = index;
        _plan = plan;
        _net = new SimulatedNet(plan, memory, trace);
        _a = new Side(this, _net.A, plan.A, "a", trace, new AnswerPolicy.Manual());
        _b = new Side(this, _net.B, plan.B, "b", trace, new AnswerPolicy.Auto(plan.Ringing, () => new CallOptions()));
    }

    private World World => _net.World;

    private Instant Now => World.Now;

    public CallReport Run()
    {
        if (_plan.AbortAt is { } abort) World.Schedule(Instant.Zero + abort, () => HangUp(isAbort: true));
        _b.Register();
        _a.Register();
        Until(() => _isHungUp || (_a.IsRegistered && _b.IsRegistered), 60);
        if (!_isHungUp && !(_a.IsRegistered && _b.IsRegistered)) Blame("not registered within a minute");
        if (!_isHungUp) _a.Dial();
        Until(() => _isHungUp || _a.IsEnded || _b.IsEnded || (_a.HasPath && _b.HasPath), 120);
        var connected = _a.HasPath && _b.HasPath;
        var after = Now - Instant.Zero;
        if (connected) Until(() => _isHungUp, Talk.TotalSeconds);
        HangUp(isAbort: false);
        Until(() => (_a.IsEnded || !_a.HasCalled) && (_b.IsEnded || !_b.IsRung), 90);
        if (_a.HasCalled && !_a.IsEnded || _b.IsRung && !_b.IsEnded) Blame("a call has not ended within 90 s");
        var lasted = Now - Instant.Zero;
        _a.ShutDown();
        _b.ShutDown();
        Until(() => _a.IsDown && _b.IsDown, 60);
        Clear();
        return Judge(new CallReport(_index, _plan)
        {
            Connected = connected,
            ConnectedAfter = connected ? after : null,
            Heard = _a.Summary?.Audio == AudioOutcome.TwoWay && _b.Summary?.Audio == AudioOutcome.TwoWay,
            Legs = _a.Legs + _b.Legs,
            CallerSays = _a.Summary?.Why,
            CalleeSays = _b.Summary?.Why,
            Aborted = _isAborted,
            Recovered = true,
            Events = _a.Inputs + _b.Inputs,
            Lasted = lasted,
            Digest = (ulong)World.Counters.Sent * 0x9E3779B97F4A7C15 ^ (ulong)World.Counters.Delivered << 32 ^ (ulong)after.Ticks,
        });
    }

    private CallReport Judge(CallReport report)
    {
        var best = PathOracle.Judge(_plan, _net.Topology, _a.Told, _b.Told, out var isExact);
        report = report with { FewestLegs = isExact ? best : null, MustConnect = best is not null && !_isAborted };
        if (report.MustConnect && !report.Connected) Blame($"there was a path and the call did not find it: {_a.Summary?.Explanation} {_b.Summary?.Explanation}");
        else if (report.MustConnect && !report.Heard) Blame($"audio: {_a.Summary?.Audio}, {_b.Summary?.Audio}");
        if (report.Heard && _plan.MustBeSecured != (IsSecured(_a) && IsSecured(_b))) Blame($"encryption: {_plan.Srtp}, and it was {_a.Summary?.Security} and {_b.Summary?.Security}");
        if (report.Heard && (_a.Summary?.Media?.Drops.Forged > 0 || _b.Summary?.Media?.Drops.Forged > 0)) Blame("a packet of the peer was taken for a forged one");
        return report with { Secured = IsSecured(_a) && IsSecured(_b), Violation = _violation };

        static bool IsSecured(Side side) => side.Summary?.Security.IsSecured == true;
    }

    private void HangUp(bool isAbort)
    {
        if (_isHungUp) return;
        _isHungUp = true;
        _isAborted = isAbort;
        if (_plan.HangingUp != HangingUp.Callee || !_b.IsRung) _a.HangUp();
        if (_plan.HangingUp != HangingUp.Caller) _b.HangUp();
    }

    private void Clear()
    {
        if (!_a.IsDown || !_b.IsDown) Blame("a phone has not shut down within a minute");
        if (_a.Machine.NextTimeout is { } timer) Blame($"the caller has a timer left for {timer}");
        if (_b.Machine.NextTimeout is { } other) Blame($"the callee has a timer left for {other}");
        if (_net.A.OpenSockets + _net.B.OpenSockets > 0) Blame($"{_net.A.OpenSockets} and {_net.B.OpenSockets} sockets left");
        _a.Machine.Dispose();
        _b.Machine.Dispose();
        Until(() => false, 3700);
        foreach (var (_, machine) in _net.Servers)
            if (machine.Turn.Allocations + machine.Turn.Reservations > 0) Blame($"{machine.Turn.Allocations} allocations and {machine.Turn.Reservations} reservations left");
        if (_net.Sip!.Bindings + _net.Sip.Transactions > 0) Blame($"{_net.Sip.Bindings} bindings and {_net.Sip.Transactions} transactions left on the SIP server");
        if (World.NextEventAt is { } next) Blame($"the world is not at rest: {next}");
    }

    private void Until(Func<bool> done, double seconds) => World.RunUntil(done, Now + TimeSpan.FromSeconds(seconds));

    private void Blame(string what) => _violation ??= $"{Now}: {what}";

    /// <summary>One phone and what is known of its call.</summary>
    private sealed class Side
    {
        private readonly SimulatedPhones _owner;
        private readonly VirtualPhone _phone;
        private readonly string _name;
        private AccountId _account;
        private CallId _call;

        public Side(SimulatedPhones owner, VirtualHost host, SidePlan plan, string name, Trace trace, AnswerPolicy answering)
        {
            _owner = owner;
            _name = name;
            var call = owner._plan;
            var servers = Enumerable.Range(0, call.Servers.Count).Select(i => new ServerName(SimulatedNet.NameOf(i), SimulatedNet.Port)).ToList();
            var blocked = plan.Nats.Concat(call.Common).Any(n => n.Behavior.BlocksUdp);
            var options = new PhoneOptions
            {
                Name = name,
                Answering = answering,
                Codecs = [SdpCodec.Pcmu],
                Srtp = name == "a" ? call.Srtp.Caller : call.Srtp.Callee,
                SrtpSuites = name == "a" ? [call.SrtpSuite, .. SrtpSuite.All.Select(s => s.Name).Where(s => s != call.SrtpSuite)] : [.. SrtpSuite.All.Select(s => s.Name)],
                Mux = call.Mux ? RtcpMuxPolicy.Offer : RtcpMuxPolicy.Off,
                Nat = new NatSettings
                {
                    Mode = plan.RelayOnly ? NatMode.Relay : NatMode.Auto,
                    StunServers = plan.UsesStun ? servers : [],
                    TurnServers = plan.UsesTurn ? [.. servers.Take(call.OneRelayServer ? 1 : servers.Count).SelectMany(s => Accounts(s, name, call.RelaysByTcp))] : [],
                    Pacing = plan.Pacing,
                    NominateImmediately = plan.NominatesAtOnce,
                },
                SipTransports = blocked ? SipTransports.Tcp : SipTransports.UdpAndTcp,
            };
            _phone = new VirtualPhone(host, options, new PlainCodec(), new Trace(64) { Emitted = trace.IsOn ? trace.Emit : null }) { Happened = OnEvent };
        }

        public PhoneMachine Machine => _phone.Machine;

        public bool IsRegistered { get; private set; }

        public bool HasCalled { get; private set; }

        public bool IsRung { get; private set; }

        public bool IsEnded => Summary is not null;

        public bool IsDown { get; private set; }

        public bool IsAnswered { get; private set; }

        public bool HasPath => IsAnswered && Legs is not null;

        public CallSummary? Summary { get; private set; }

        public int? Legs { get; private set; }

        public int Inputs => _phone.Events.Count;

        public CandidateKinds Told { get; private set; }

        private static IEnumerable<TurnAccount> Accounts(ServerName server, string name, bool byTcp)
        {
            var account = new TurnAccount(server, name, $"{name}-secret");
            return byTcp ? [account, account with { Transport = Transport.Tcp }] : [account];
        }

        public void Register() => _phone.Do((machine, now) =>
        {
            _account = machine.AddAccount(new SipAccount
            {
                Aor = SipUri.Parse($"sip:{_name}@{DemoWorld.Domain}"),
                Password = $"{_name}-secret",
                Registrar = SipUri.Parse($"sip:{DemoWorld.Domain}"),
                Expires = TimeSpan.FromMinutes(5),
            });
            machine.Start(now);
            machine.Register(now, _account);
        });

        public void Dial() => _phone.Do((machine, now) =>
        {
            HasCalled = true;
            _call = machine.Call(now, _account, SipUri.Parse($"sip:b@{DemoWorld.Domain}"), new CallOptions());
        });

        public void HangUp()
        {
            if (HasCalled || IsRung) _phone.Do((machine, now) => machine.Hangup(now, _call));
        }

        public void ShutDown() => _phone.Do((machine, now) => machine.Shutdown(now));

        private void OnEvent(PhoneEvent happened)
        {
            if (IsDown) _owner.Blame($"{happened.GetType().Name} after ShutDown");
            switch (happened)
            {
                case PhoneEvent.Registration e:
                    IsRegistered = e.State == RegistrationState.Registered;
                    break;
                case PhoneEvent.IncomingCall e:
                    IsRung = true;
                    _call = e.Call;
                    break;
                case PhoneEvent.CallChanged e:
                    IsAnswered |= e.State == CallState.Connected;
                    break;
                case PhoneEvent.CandidateFound { IsLocal: true, Candidate.Component: 1 } e:
                    Told |= e.Candidate.Type switch { CandidateType.Host => CandidateKinds.Host, CandidateType.ServerReflexive => CandidateKinds.Reflexive, CandidateType.Relayed => CandidateKinds.Relayed, _ => CandidateKinds.None };
                    break;
                case PhoneEvent.PathSelected { Component: 1 } e:
                    Legs = e.Local.Path.IsRelay ? 1 : 0;
                    break;
                case PhoneEvent.CallEnded e:
                    Summary = e.Summary;
                    break;
                case PhoneEvent.ShutDown:
                    IsDown = true;
                    break;
            }
        }
    }
}
