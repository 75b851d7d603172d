using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>What each step does.</summary>
public sealed partial class ScenarioRun
{
    private void Take(StepAction action)
    {
        switch (action)
        {
            case StepAction.Call e:
                foreach (var party in Of(e.Phone)) party.Call(e.Peer, e.For);
                break;
            case StepAction.Answer e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.Answer(now, call, party.Options(null)));
                break;
            case StepAction.Reject e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.Reject(now, call, e.Status));
                break;
            case StepAction.HangUp e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.Hangup(now, call));
                break;
            case StepAction.Hold e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.Hold(now, call, e.On));
                break;
            case StepAction.Mute e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.SetMuted(now, call, e.On));
                break;
            case StepAction.Press e:
                foreach (var party in Of(e.Phone)) party.WithCall((machine, now, call) => machine.SendDtmf(now, call, e.Keys));
                break;
            case StepAction.Sleep e:
                foreach (var party in Of(e.Phone)) party.Host.Suspend(e.Time);
                break;
            case StepAction.Leave e:
                foreach (var party in Of(e.Phone)) party.LeaveNetwork(e.Network);
                break;
            case StepAction.Join e:
                foreach (var party in Of(e.Phone)) _net.Attach(party.Host, e.Network, party.About.Line);
                break;
            case StepAction.Move e:
                foreach (var party in Of(e.Phone)) party.Move(e.Network);
                break;
            case StepAction.Die e:
                foreach (var party in Of(e.Phone)) party.Die();
                break;
            case StepAction.Rebind e:
                foreach (var gateway in _net.GatewaysOf(e.Network)) gateway.Rebind();
                break;
            case StepAction.Become e:
                // A NAT stays one and a router stays one: what a preset changes is how it maps and filters.
                foreach (var gateway in _net.GatewaysOf(e.Network)) gateway.Nat.Behavior = e.Behavior with { Translates = gateway.Nat.Behavior.Translates };
                break;
            case StepAction.Cut e:
                foreach (var gateway in _net.GatewaysOf(e.Network)) gateway.IsUp = !e.IsCut;
                break;
            case StepAction.FailFamily e:
                foreach (var gateway in _net.GatewaysOf(e.Network).Where(g => g.IsV4 == e.IsV4)) gateway.Failure = e.Failure;
                break;
            case StepAction.Relink e:
                foreach (var gateway in _net.GatewaysOf(e.Network)) gateway.Wan = e.Change(gateway.Wan);
                break;
            case StepAction.Restart { Server: "sip" } e:
                Servers.RestartSip(e.Outage);
                break;
            case StepAction.Restart e:
                Servers.RestartTurn(e.Outage);
                break;
            case StepAction.Dns e:
                World.Names.IsDead = e.IsDead;
                World.Names.Delay = e.Delay;
                break;
        }
    }

    /// <summary>One phone with its host and its account.</summary>
    private sealed class Party
    {
        private readonly ScenarioRun _run;
        private readonly Func<string, CallOptions>? _audio;
        private readonly AccountId _account;
        private CallId? _call;
        private CallState? _state;
        private int _calls;
        private bool _isRegistered;
        private bool _isDead;

        public Party(ScenarioRun run, ScenarioPhone about, Media.ICodecFactory codecs, Func<string, CallOptions>? audio)
        {
            _run = run;
            _audio = audio;
            About = about;
            Host = run.World.AddHost(about.Name);
            foreach (var network in about.Networks) run._net.Attach(Host, network, about.Line);
            Phone = new VirtualPhone(Host, PhoneOptions(), codecs) { Happened = OnEvent };
            _account = Phone.Machine.AddAccount(new SipAccount
            {
                Aor = UriOf(about.Name),
                Password = LabServers.PasswordOf(about.Name),
                Registrar = SipUri.Parse($"sip:{LabServers.Domain}"),
                Expires = TimeSpan.FromMinutes(5),
            });
        }

        public ScenarioPhone About { get; }

        public VirtualHost Host { get; }

        public VirtualPhone Phone { get; }

        public CallSummary? LastSummary { get; private set; }

        /// <summary>No call is on.</summary>
        public bool IsIdle => _calls == 0 || _isDead;

        public bool IsDown => _isDead || Phone.Events is [.., PhoneEvent.ShutDown];

        public void Begin()
        {
            Phone.Do((machine, now) => machine.Start(now));
            Phone.Do((machine, now) => machine.Register(now, _account));
        }

        public void Call(string peer, TimeSpan? time)
        {
            _calls++;
            Phone.Do((machine, now) => _call = machine.Call(now, _account, UriOf(peer), Options(time)));
        }

        public CallOptions Options(TimeSpan? time) => (_audio?.Invoke(About.Name) ?? new CallOptions()) with { Duration = time };

        public void WithCall(Action<PhoneMachine, Instant, CallId> act)
        {
            if (_call is { } call && !_isDead) Phone.Do((machine, now) => act(machine, now, call));
        }

        public void LeaveNetwork(string network)
        {
            foreach (var gone in Host.Interfaces.Where(i => i.Name == network).ToList()) Host.Detach(gone.Address);
        }

        public void Move(string network)
        {
            foreach (var gone in Host.Interfaces.Where(i => i.Kind != InterfaceKind.Loopback && i.Name != network).ToList()) Host.Detach(gone.Address);
            if (!Host.Interfaces.Any(i => i.Name == network)) _run._net.Attach(Host, network, About.Line);
        }

        public void Die()
        {
            _isDead = true;
            Host.Crash();
            _run.CheckSoon();
        }

        public void Leave()
        {
            if (!_isDead) Phone.Do((machine, now) => machine.Shutdown(now));
        }

        public bool Is(StepCondition condition) => condition switch
        {
            StepCondition.Registered => _isRegistered,
            StepCondition.Ringing => _state == CallState.Ringing,
            StepCondition.Connected => _state == CallState.Connected,
            StepCondition.Held => _state == CallState.Held,
            _ => IsIdle && LastSummary is not null,
        };

        private static SipUri UriOf(string name) => SipUri.Parse($"sip:{name}@{LabServers.Domain}");

        private void OnEvent(PhoneEvent happened)
        {
            switch (happened)
            {
                case PhoneEvent.Registration e:
                    _isRegistered = e.State == RegistrationState.Registered;
                    break;
                case PhoneEvent.IncomingCall e:
                    _call = e.Call;
                    _calls++;
                    break;
                case PhoneEvent.CallChanged e when e.Call == _call:
                    _state = e.State;
                    break;
                case PhoneEvent.CallEnded e:
                    if (e.Call == _call) _state = CallState.Ended;
                    LastSummary = e.Summary;
                    _calls = Math.Max(0, _calls - 1);
                    break;
            }

            _run.Happened?.Invoke(About.Name, happened);
            if (happened is PhoneEvent.Registration or PhoneEvent.CallChanged or PhoneEvent.CallEnded or PhoneEvent.IncomingCall or PhoneEvent.ShutDown) _run.CheckSoon();
        }

        private PhoneOptions PhoneOptions()
        {
            var stun = new ServerName(LabServers.TurnName, LabServers.StunAddress.Port);
            return About.Options with
            {
                Name = About.Name,
                Answering = About.Refuses is { } status ? new AnswerPolicy.Refuse(status)
                    : About.AnswersAfter is { } after ? new AnswerPolicy.Auto(after, () => Options(null))
                    : new AnswerPolicy.Manual(),
                Nat = About.Options.Nat with
                {
                    StunServers = About.UsesStun ? [stun] : [],
                    TurnServers = [.. About.Turn.Select(Account)],
                },
                // Where no UDP passes, the phone itself would have been given a profile that says so.
                SipTransports = About.Sip ?? (About.Networks.All(_run._net.BlocksUdp) ? SipTransports.Tcp : SipTransports.UdpAndTcp),
            };
        }

        private TurnAccount Account(Transport way) => new(
            new ServerName(LabServers.TurnName, (way == Transport.Tls ? LabServers.TurnTlsAddress : LabServers.TurnAddress).Port),
            About.Name,
            LabServers.PasswordOf(About.Name))
        { Transport = way };
    }
}
