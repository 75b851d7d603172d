using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>A whole phone of a <see cref="SimulatedStay"/>, and what is known of its newest call.</summary>
internal sealed class StayPhone
{
    private readonly VirtualPhone _phone;
    private RegisterCount? _count;
    private AccountId _account;
    private CallId? _call;
    private CallSummary? _summary;

    public StayPhone(VirtualHost host, string user, SipTransports transports, Trace trace)
    {
        User = user;
        var options = new PhoneOptions
        {
            Name = user,
            Answering = new AnswerPolicy.Auto(TimeSpan.Zero, () => new CallOptions()),
            Codecs = [SdpCodec.Pcmu],
            Nat = new NatSettings
            {
                StunServers = [new ServerName(DemoWorld.TurnName, DemoWorld.StunAddress.Port)],
                TurnServers = DemoCall.TurnAccounts(user),
            },
            SipTransports = transports,
        };
        _phone = new VirtualPhone(host, options, new PlainCodec(), new Trace(64) { Emitted = trace.IsOn ? trace.Emit : null }, machine => _count = new RegisterCount(machine)) { Happened = OnEvent };
    }

    public string User { get; }

    public PhoneMachine Machine => _phone.Machine;

    public bool IsRegistered { get; private set; }

    public bool IsDown { get; private set; }

    /// <summary>A call has begun.</summary>
    public bool HasCall => _call is not null;

    /// <summary>It is connected.</summary>
    public bool IsTalking { get; private set; }

    /// <summary>What the phone says of the end; null before it.</summary>
    public string? Ending => _summary is { } s ? $"{User}: {s.Status} {s.Explanation}" : null;

    /// <summary>Why the call ended, where nobody wanted it.</summary>
    public Fault? Fault => _summary?.Fault;

    /// <summary>Relays on our side of the path; null before there is one.</summary>
    public int? Legs { get; private set; }

    /// <summary>REGISTERs sent so far.</summary>
    public int Registers => _count!.Sent;

    public int Events => _phone.Events.Count;

    public void Register(bool probes = false) => _account = _phone.Register(User, probes);

    /// <summary>Makes the binding anew before its time.</summary>
    public void Renew() => _phone.Do((machine, now) => machine.Register(now, _account));

    /// <summary>What comes now is another call.</summary>
    public void Forget()
    {
        (_call, _summary, Legs) = (null, null, null);
        IsTalking = false;
    }

    public void Dial(string user) => _phone.Do((machine, now) => _call = machine.Call(now, _account, SipUri.Parse($"sip:{user}@{DemoWorld.Domain}"), new CallOptions()));

    public void HangUp()
    {
        if (_call is { } call) _phone.Do((machine, now) => machine.Hangup(now, call));
    }

    public void ShutDown() => _phone.Do((machine, now) => machine.Shutdown(now));

    /// <summary>Packets of media that came.</summary>
    public long Heard(Instant now) => _call is { } call ? Machine.Snapshot(now, call)?.Media?.Rx.Packets ?? 0 : 0;

    private void OnEvent(PhoneEvent happened)
    {
        switch (happened)
        {
            case PhoneEvent.Registration e:
                IsRegistered = e.State == RegistrationState.Registered;
                break;
            case PhoneEvent.IncomingCall e:
                _call = e.Call;
                break;
            case PhoneEvent.CallChanged e when e.Call == _call:
                IsTalking |= e.State == CallState.Connected;
                break;
            case PhoneEvent.CallReplaced e when e.Call == _call:
                _call = e.By;
                break;
            case PhoneEvent.PathSelected { Component: 1 } e when e.Call == _call:
                Legs = e.Local.Path.IsRelay ? 1 : 0;
                break;
            case PhoneEvent.CallEnded e when e.Call == _call:
                _summary = e.Summary;
                break;
            case PhoneEvent.ShutDown:
                IsDown = true;
                break;
        }
    }
}
