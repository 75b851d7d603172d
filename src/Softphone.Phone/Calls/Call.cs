using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One call of a <see cref="PhoneMachine"/>: ties a SIP session, a media transport and a media session together. Every answer of one
/// of them that concerns another passes through here. Split by flow: dialling, ringing, re-offers, media, ending.
/// </summary>
internal sealed partial class Call : ICallHost, IDisposable
{
    private readonly PhoneMachine _phone;
    private readonly AccountId _account;
    private readonly string _displayName = "";
    private readonly TimerTable<CallTimer> _timers = new();
    private readonly CallSession _session;
    private readonly CallAudio _audio;
    private readonly CallKeys _keys;
    private MediaTransport? _transport;
    private LocalIce? _local;
    private SdpSession _sdp;
    private NegotiatedAudio? _agreed;
    private Instant? _invitedAt;
    private Instant? _answeredAt;
    private bool _transportUsable;

    /// <summary>An outgoing call.</summary>
    public Call(PhoneMachine phone, CallId id, AccountId account, SipUri target, CallOptions options)
        : this(phone, id, account, CallDirection.Outgoing, (target with { Password = null }).ToString(), options, null)
    {
        _target = target;
        State = CallState.Dialing;
    }

    /// <summary>An incoming call.</summary>
    public Call(PhoneMachine phone, CallId id, SipEvent.Incoming incoming)
        : this(phone, id, incoming.Account ?? default, CallDirection.Incoming, ((incoming.AssertedIdentity ?? incoming.From).Uri with { Password = null }).ToString(), new CallOptions(), incoming.Session)
    {
        _displayName = (incoming.AssertedIdentity ?? incoming.From).DisplayName ?? "";
        State = CallState.Ringing;
    }

    private Call(PhoneMachine phone, CallId id, AccountId account, CallDirection direction, string peer, CallOptions options, SessionId? session)
    {
        _phone = phone;
        _paths = new LentPaths(phone.Network);
        _account = account;
        _sdp = SdpSession.Start(phone.Entropy);
        Id = id;
        Direction = direction;
        Peer = peer;
        Source = $"{phone.Options.Name}/{id}";
        _session = new CallSession(phone.Sip, session, (now, opened) => phone.Bind(now, opened, this));
        _audio = new CallAudio(this, options, (now, media) => new MediaSession(media, phone.Codecs, phone.Entropy, now, phone.Trace, Source));
        _keys = new CallKeys(this, _audio, () => _agreed);
    }

    public CallId Id { get; }

    public CallDirection Direction { get; }

    public string Peer { get; }

    /// <summary>The name under which this call's machines write into the trace.</summary>
    public string Source { get; }

    public CallState State { get; private set; }

    /// <summary>Over, and nothing of it left in the network.</summary>
    public bool IsGone => State == CallState.Ended && _transport is null;

    public Instant? NextTimeout => Instant.Earlier(_timers.Next, Instant.Earlier(_transport?.NextTimeout, _audio.NextTimeout));

    public bool Owns(PathId path) => _transport?.Owns(path) == true;

    public void Receive(in Datagram datagram)
    {
        if (!_transport!.Receive(datagram, out var media)) return;
        do _audio.Receive(media);
        while (_transport.TryNext(datagram.At, out media));
    }

    public void Fail(in PathFailure failure) => _transport?.Fail(failure);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return _transport?.TryTransmit(buffer, out transmit) == true;
    }

    public void Advance(Instant now)
    {
        _transport?.Advance(now);
        _audio.Advance(now);
        while (_timers.TryExpire(now, out var timer))
        {
            switch (timer)
            {
                case CallTimer.MediaTick:
                    _audio.Tick(now, _transportUsable || !_usesIce);
                    break;
                case CallTimer.LateCandidates:
                    TellLateCandidates(now);
                    break;
                case CallTimer.TellEnd:
                    TellLate(now, isEndDue: true);
                    break;
                case CallTimer.Reoffer:
                    Want(now, Wish.None);
                    break;
                case CallTimer.Outcome:
                    OutcomeDue(now);
                    break;
                case CallTimer.Report:
                    _audio.Report(now);
                    break;
                case CallTimer.RingSoon:
                    SayRinging(now);
                    break;
                case CallTimer.AutoAnswer:
                    AutoAnswer(now);
                    break;
                case CallTimer.RingEnd:
                    EndRinging(now);
                    break;
                case CallTimer.GiveUp:
                    GiveUp(now);
                    break;
                case CallTimer.Duration:
                    Hangup(now);
                    break;
                case CallTimer.Dtmf:
                    _keys.Send(now, _audio.Options.Dtmf);
                    break;
                case CallTimer.Key:
                    _keys.Inform(now);
                    break;
                case CallTimer.LostPeer:
                    LosePeer(now);
                    break;
                case CallTimer.Silence:
                    WatchSilence(now);
                    break;
                case CallTimer.Doubt:
                    WatchDoubt(now);
                    break;
                case CallTimer.Refer:
                    SendReferIfDue(now, isLate: true);
                    break;
                case CallTimer.Renew:
                    Renew(now);
                    break;
                case CallTimer.Succeed:
                    Succeed(now);
                    break;
                case CallTimer.Leave:
                    Hangup(now);
                    break;
            }
        }
    }

    /// <summary>Moves packets and events between this call's machines; true when anything moved.</summary>
    public bool Settle(Instant now, Span<byte> scratch)
    {
        var moved = PumpMedia(now, scratch);
        return DrainTransport(now) || moved;
    }

    private bool DrainTransport(Instant now)
    {
        var moved = false;
        while (_transport is { } transport && transport.TryEvent(out var happened))
        {
            OnTransport(now, happened);
            moved = true;
        }

        return moved;
    }

    public void Dispose() => _audio.Dispose();

    public PhoneOptions Options => _phone.Options;

    public ISignalling Signalling => _session;

    /// <summary>Something of the peer's was heard.</summary>
    public bool HasHeard => _audio.FirstAudio is not null;

    public bool IsUp => State is CallState.Connected or CallState.Held;

    public void Set(CallTimer timer, Instant due) => _timers.Set(timer, due);

    public void Cancel(CallTimer timer) => _timers.Cancel(timer);

    public Instant? DueOf(CallTimer timer) => _timers.DueOf(timer);

    public void SetMuted(bool muted) => _audio.SetMuted(muted);

    public bool SendDtmf(Instant now, string keys) => _keys.Send(now, keys);

    public void Emit(PhoneEvent happened)
    {
        if (!_isSilent) _phone.Emit(happened);
    }

    private void Change(Instant now, CallState state, int? status = null, string reason = "")
    {
        if (State == state && status is null) return;
        State = state;
        Emit(new PhoneEvent.CallChanged(now, Id, state, Direction, Peer, status, reason));
    }

    /// <summary>The call is answered: both sides talk from now on.</summary>
    private void Connect(Instant now)
    {
        Change(now, CallState.Connected, 200, "OK");
        StartTalking(now);
        ShowHold(now);
    }

    private void StartTalking(Instant now)
    {
        _session.Keep();
        WaitForPath(now);
        RestartIfWanted(now);
        TellOutcome(now);
        _audio.StartTalking(now);
    }

    private bool PumpMedia(Instant now, Span<byte> scratch)
    {
        var moved = _audio.Send(now, _transport, scratch);
        while (_audio.TryEvent(out var happened))
        {
            OnMedia(now, happened!);
            moved = true;
        }

        return moved;
    }

    private void OnMedia(Instant now, MediaEvent happened)
    {
        switch (happened)
        {
            case MediaEvent.DtmfReceived e:
                _keys.Hear(now, e.Digit, e.DurationMs, e.Via);
                break;
            case MediaEvent.MediaTimeout e:
                FallSilent(now, e.SilentFor);
                break;
            case MediaEvent.Resumed:
                Cancel(CallTimer.Silence);
                if (_pathFault is null) Cancel(CallTimer.LostPeer);
                break;
        }
    }

    private void OpenTransport(Instant now)
    {
        _transport = new MediaTransport(TransportOptions(), _paths, _phone.Entropy, _phone.Trace, Source);
        _transport.Gather(now, Direction == CallDirection.Outgoing);
    }

    private void OnTransport(Instant now, MediaTransportEvent happened)
    {
        switch (happened)
        {
            case MediaTransportEvent.Gathered e:
                _local = e.Local;
                if (State == CallState.Ended) break;
                if (_isRegathering) OnRegathered(now);
                else if (Direction == CallDirection.Outgoing) SendInvite(now);
                else PrepareAnswer(now);
                break;
            case MediaTransportEvent.LocalCandidate e:
                OnLocalCandidate(now, e.Ufrag, e.Candidate);
                break;
            case MediaTransportEvent.EndOfLocal e:
                OnEndOfLocal(now, e.Ufrag);
                break;
            case MediaTransportEvent.LocalGrown:
                // After the end a peer takes none by INFO (RFC 8838 §14).
                _hasLateCandidates = !_peerTrickles || _toldEndOf == _local?.Ufrag;
                if (_audio.IsTalking) WaitForPath(now);
                break;
            case MediaTransportEvent.ServerFailed e:
                if (_serverFaults.Count < MostServerFaults) _serverFaults.Add(e.Fault);
                break;
            case MediaTransportEvent.AnswerReady:
                AnswerOffer(now);
                break;
            case MediaTransportEvent.RestartNeeded e:
                _restartReason = e.Reason;
                OnRestartNeeded(now);
                break;
            case MediaTransportEvent.StateChanged e:
                Emit(new PhoneEvent.IceChanged(now, Id, e.State, _transport!.Snapshot()?.Role ?? default));
                if (e.State == IceState.Completed) TellOutcome(now);
                break;
            case MediaTransportEvent.PathUsable e:
                if (e.Component == 1 && !_transportUsable && _audio.IsTalking) _audio.RestartFrames(now);
                if (e.Component == 1) _transportUsable = true;
                _plain = _transport!.Plain ?? _plain;
                // A check of the caller came through, so it has our answer (RFC 8839 §7.1).
                if (Direction == CallDirection.Incoming && State == CallState.Ringing) _session.StopProgressRetransmission();
                if (e.Component == 1) PathFound();
                break;
            case MediaTransportEvent.Latched:
                _transportUsable = true;
                _plain = _transport!.Plain ?? _plain;
                break;
            case MediaTransportEvent.SourceContested e:
                _plain = _transport!.Plain ?? _plain;
                Emit(new PhoneEvent.SourceContested(now, Id, e.First, e.Second));
                break;
            case MediaTransportEvent.Selected e:
                if (e.Component == 1) PathFound();
                OnSelected(now, e);
                break;
            case MediaTransportEvent.ConsentLost:
                AwaitPath(now, new Fault(Layer.Ice, "the peer stopped answering for 30 s: its network or its program is gone", "call again once it is back"));
                break;
            case MediaTransportEvent.Failed e when IsUp && _transportUsable:
                AwaitPath(now, e.Fault);
                break;
            case MediaTransportEvent.Failed e:
                EndWith(now, e.Fault);
                break;
            case MediaTransportEvent.Closed:
                _transport = null;
                break;
        }
    }
}
