using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One call of a <see cref="PhoneMachine"/>: ties a SIP session, a media transport and a media session together. Each part of it has its own fields and
/// timers (folders Session, Path, Audio and Handover); this hands every event to the parts that it concerns, in order, and keeps nothing else.
/// </summary>
internal sealed partial class Call : ISetupHost, IDisposable
{
    private readonly PhoneMachine _phone;
    private readonly Names _names;
    private readonly TimerTable<CallTimer> _timers = new();
    private readonly CallSession _session;
    private readonly CallPath _path;
    private readonly PathKeeper _keeper;
    private readonly SilenceWatch _silence;
    private readonly Negotiation _negotiation;
    private readonly Trickling _trickling;
    private readonly CallSetup _setup;
    private readonly Transfer _transfer;
    private readonly CallStory _story;

    /// <summary>An outgoing call.</summary>
    public Call(PhoneMachine phone, CallId id, AccountId account, SipUri target, CallOptions options, IReadOnlyList<KeyValuePair<string, string>>? headers = null)
        : this(
            phone, new Names(id, account, CallDirection.Outgoing, PhoneMachine.Shown(target), ""), CallState.Dialing, options, null,
            call => new Dialling(
                call, call._path, call._negotiation, call.Offers, call.Audio, target, new InviteOptions { Headers = [.. headers ?? [], .. options.Headers], Transport = options.Transport }))
    {
    }

    /// <summary>An incoming call.</summary>
    public Call(PhoneMachine phone, CallId id, SipEvent.Incoming incoming)
        : this(
            phone, NamesOf(id, incoming.Account ?? default, incoming.AssertedIdentity ?? incoming.From), CallState.Ringing, new CallOptions(), incoming.Session,
            call => new Ringing(call, call._path, call._negotiation, call.Offers, call.Audio))
    {
    }

    private Call(PhoneMachine phone, Names names, CallState state, CallOptions options, SessionId? session, Func<Call, CallSetup> setup)
    {
        _phone = phone;
        _names = names;
        Source = $"{phone.Options.Name}/{names.Id}";
        State = state;
        _session = new CallSession(phone.Sip, session, (now, opened) => phone.Bind(now, opened, this));
        _path = new CallPath(this, new LentPaths(phone.Network, path => phone.Paths.Opened(path, this), phone.Paths.Closed), OpenTransport);
        _negotiation = new Negotiation(
            this, _path, SdpSession.Start(phone.Entropy), new CallCrypto(this, phone.Entropy, new CallDtls(this, _path, phone.Entropy, phone.Trace, Source)));
        Offers = new OfferQueue(this, _path, _negotiation);
        _trickling = new Trickling(this, _path, _negotiation, Offers);
        Audio = new CallAudio(this, options, OpenMedia, () => _negotiation.Agreed);
        _keeper = new PathKeeper(this, _path, Audio, Offers);
        _silence = new SilenceWatch(this, _path, Audio, _negotiation);
        _transfer = new Transfer(this, Offers);
        Succession = new Succession(this);
        _setup = setup(this);
        _story = new CallStory(this, _path, _negotiation, _setup, Ending, phone.Servers);
    }

    public CallId Id => _names.Id;

    public AccountId Account => _names.Account;

    public CallDirection Direction => _names.Direction;

    public string Peer => _names.Peer;

    public string DisplayName => _names.DisplayName;

    /// <summary>The name under which this call's machines write into the trace.</summary>
    public string Source { get; }

    public CallState State { get; private set; }

    /// <summary>It threw, and is asked for nothing any more but to give its relays back.</summary>
    public bool IsBroken { get; private set; }

    public CallAudio Audio { get; }

    public OfferQueue Offers { get; }

    public Succession Succession { get; }

    public CallEnding Ending { get; } = new();

    public PhoneOptions Options => _phone.Options;

    public ISignalling Signalling => _session;

    public CallManners Manners => _phone.MannersOf(Account);

    public Fault? Fault => Ending.Fault;

    public Instant? AnsweredAt => _setup.AnsweredAt;

    public CallSecurity Security => _negotiation.Crypto.Security;

    public bool IsUp => State is CallState.Connected or CallState.Held;

    /// <summary>Over, and nothing of it left in the network.</summary>
    public bool IsGone => State == CallState.Ended && _path.Transport is null;

    /// <summary>Both sides have ICE.</summary>
    public bool UsesIce => _path.UsesIce;

    /// <summary>Something of the peer's was heard.</summary>
    public bool HasHeard => Audio.FirstAudio is not null;

    /// <summary>A person holds it, from the moment that it is asked for.</summary>
    public bool WantsHold => State != CallState.Ended && Offers.WantsHold;

    /// <summary>Whom we called; null for a call that came.</summary>
    public SipUri? Target => (_setup as Dialling)?.Target;

    /// <summary>The account is registered where we are now.</summary>
    public bool IsRegistered => _phone.IsRegistered(Account);

    /// <summary>The URI by which another takes our place with the peer; null before the answer.</summary>
    public SipUri? Joining => IsUp ? _session.ReplacingUri : null;

    public Instant? NextTimeout => Instant.Earlier(Instant.Earlier(_timers.Next, Dtls.NextTimeout), Instant.Earlier(_path.Transport?.NextTimeout, Audio.NextTimeout));

    private CallDtls Dtls => _negotiation.Crypto.Dtls;

    public bool Owns(PathId path) => _path.Transport?.Owns(path) == true;

    public void Receive(in Datagram datagram)
    {
        var transport = _path.Transport!;
        if (!transport.Receive(datagram, out var media)) return;
        do Dtls.Receive(media, Audio);
        while (transport.TryNext(datagram.At, out media));
    }

    public void Fail(in PathFailure failure) => _path.Transport?.Fail(failure);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return _path.Transport?.TryTransmit(buffer, out transmit) == true;
    }

    public void Advance(Instant now)
    {
        _path.Transport?.Advance(now);
        Audio.Advance(now);
        Dtls.Advance(now);
        while (_timers.TryExpire(now, out var timer)) OnTimer(now, timer);
    }

    /// <summary>Moves packets and events between this call's machines; true when anything moved.</summary>
    public bool Settle(Instant now, Span<byte> scratch)
    {
        var moved = Dtls.Settle(now, scratch) | PumpMedia(now, scratch);
        return DrainTransport(now) || moved;
    }

    public void Dispose()
    {
        Audio.Dispose();
        Dtls.Dispose();
    }

    public CallSnapshot Snapshot(Instant now) => _story.Snapshot(now);

    public void Dial(Instant now) => (_setup as Dialling)?.Dial(now);

    public void Ring(Instant now, SipEvent.Incoming incoming) => (_setup as Ringing)?.Ring(now, incoming);

    public void Answer(Instant now, CallOptions options) => (_setup as Ringing)?.Answer(now, options);

    public void Reject(Instant now, int status) => (_setup as Ringing)?.Reject(now, status);

    /// <summary>An INVITE that replaces a call of ours: it rings nowhere, and is answered at once.</summary>
    public void Replace(Instant now, SipEvent.Incoming incoming, Call old)
    {
        Succession.StandInFor(now, old);
        (_setup as Ringing)?.AnswerAtOnce(now, incoming);
    }

    public void Hangup(Instant now)
    {
        if (State == CallState.Ended) return;
        if (Succession.IsEndUntold) End(now, CallEndCause.Local, 200, "", Fault);
        else if (_session.IsOpen) _session.Hangup(now);
        else End(now, CallEndCause.Local, Ending.Unsent.Status, Ending.Unsent.Reason, Fault);
    }

    public void Leave(Instant now, string farewell)
    {
        Ending.SayFarewell(farewell, isLast: true);
        Hangup(now);
    }

    /// <summary>Whoever was to say BYE by then has not.</summary>
    public void LeaveSoon(Instant now, TimeSpan after)
    {
        if (State != CallState.Ended) Set(CallTimer.Leave, now + after);
    }

    public void SetHold(Instant now, bool hold) => Offers.SetHold(now, hold);

    public void SetMuted(bool muted) => Audio.SetMuted(muted);

    public bool SendDtmf(Instant now, string keys) => Audio.Keys.Send(now, keys);

    public void RestartIce(Instant now) => _keeper.RestartByHand(now);

    public void Transfer(Instant now, SipUri target) => _transfer.Begin(now, target, null);

    /// <summary>Joins the peer to that of another call. One that nobody has answered yet is given up, and the peer calls there itself (RFC 5589 §7.6).</summary>
    public void TransferTo(Instant now, Call other) => _transfer.BeginTo(now, other == this ? null : other);

    /// <summary>The peer is called anew in a call that is to take this one's place.</summary>
    public void CallAnew(Instant now, ReplacesHeader replaces) => _phone.Renew(now, this, replaces);

    /// <summary>The servers' names are resolved, or given up.</summary>
    public void ServersKnown(Instant now)
    {
        if (_path.Transport is not null) _keeper.RollOver(now, _phone.Servers.TurnServers);
        else if (_setup.IsBegun && State is CallState.Dialing or CallState.Ringing) _path.Open(now);
    }

    /// <summary>The phone's interfaces changed, and SIP has moved already.</summary>
    public void NetworkChanged(Instant now)
    {
        _path.Transport?.NetworkChanged(now);
        DrainTransport(now);
        // An offer that waits for a better moment has it now.
        Cancel(CallTimer.Reoffer);
        Offers.RefreshContact(now);
        Offers.Want(now, Wish.None);
        _keeper.KeepWaiting(now);
    }

    public void RefreshContact(Instant now) => Offers.RefreshContact(now);

    public void OnProgress(Instant now, SipEvent.Progress progress) => (_setup as Dialling)?.OnProgress(now, progress);

    public void OnAnswered(Instant now, SipEvent.Answered answered) => (_setup as Dialling)?.OnAnswered(now, answered);

    public void OnConfirmed(Instant now, SipEvent.Confirmed confirmed)
    {
        _path.Transport?.Acknowledge();
        _trickling.Confirmed(now);
        Succession.Confirmed(now);
        (_setup as Ringing)?.OnConfirmed(now, confirmed.Sdp);
    }

    public void OnProgressAnswered(Instant now, SipEvent.ProgressAnswered answered) => (_setup as Ringing)?.OnProgressAnswered(now, answered.Sdp);

    public void OnOfferDue(Instant now)
    {
        if (Offers.OfferDue(now)) _trickling.Tell(now);
    }

    public void OnRefreshDue(Instant now) => Offers.Want(now, Wish.Refresh);

    public void OnOffer(Instant now, SipEvent.OfferReceived received)
    {
        if (_path.Transport is null) return;
        // While several branches ring one of them is what media is set up for; another that changes what it offered has to wait until it is answered.
        if (!IsUp && Direction == CallDirection.Outgoing && received.Dialog != _negotiation.Dialog)
        {
            _session.RejectOffer(now, 488);
            return;
        }

        PeerIsThere(now);
        Offers.OnOffer(now, received.Sdp);
    }

    /// <summary>What we hold and what the peer holds may differ: one more restart makes it the same.</summary>
    public void OnOfferOutdated(Instant now)
    {
        _keeper.WantRestart();
        _keeper.RestartIfWanted(now);
    }

    /// <summary>An INFO came: a candidate, or a key.</summary>
    public void OnInfo(Instant now, SipEvent.InfoReceived info)
    {
        if (info.Package.Length == 0 && IsUp && KeyByInfo.TryParse(info.ContentType, info.Body.Span, out var key)) Audio.Keys.Hear(now, key.Key, key.DurationMs, "info");
        if (info.Package == SdpFragment.Package) _trickling.OnInfo(now, info);
    }

    public void OnInfoAnswered(Instant now, SipEvent.InfoAnswered answered)
    {
        if (answered.Package.Length == 0) Audio.Keys.Answered(now, answered.Status);
        if (answered.Package == SdpFragment.Package) _trickling.Answered(answered.Status);
    }

    public void OnReferAnswered(Instant now, SipEvent.ReferAnswered answered) => _transfer.OnReferAnswered(now, answered);

    public void OnReferNews(Instant now, SipEvent.ReferNews news) => _transfer.OnReferNews(now, news);

    public void OnPeerDoubted(Instant now, SipEvent.PeerDoubted doubted) => _silence.Doubt(now, doubted);

    public void OnEnded(Instant now, SipEvent.Ended ended)
    {
        if (Succession.Withholds(ended)) return;
        var (cause, status, reason) = Ending.Take(ended);
        End(now, cause, status, reason, Fault ?? ended.Fault ?? _story.NeverAPath(now));
    }

    /// <summary>
    /// Ends it without asking any part of it that may have thrown: signalling says 500, CANCEL or BYE, media is let go of unclosed, the
    /// transport gives its relays back. One that throws at that too keeps nothing: its sockets are closed under it.
    /// </summary>
    /// <returns>What was thrown at the end of it, to be told too.</returns>
    public Exception? Break(Instant now, Fault fault)
    {
        if (IsBroken)
        {
            Drop();
            return null;
        }

        IsBroken = true;
        var wasEnded = State == CallState.Ended;
        State = CallState.Ended;
        _timers.Clear();
        var media = Audio.LetGo();
        _session.Break(now);
        if (!wasEnded) TellBroken(now, fault);
        try
        {
            if (AnsweredAt is null) Succession.TellReferral(now, 500, fault.What);
            Succession.PassOn(now);
            media?.Dispose();
            _path.Transport?.Close(now);
            return null;
        }
        catch (Exception e)
        {
            Drop();
            return e;
        }
    }

    private static Names NamesOf(CallId id, AccountId account, NameAddr caller) => new(id, account, CallDirection.Incoming, PhoneMachine.Shown(caller.Uri), caller.DisplayName ?? "");

    private MediaTransport OpenTransport(INetwork network) =>
        new(TransportSettings.Of(_phone, _negotiation.CallerTrickles), network, _phone.Entropy, _phone.Trace, Source);

    private MediaSession OpenMedia(Instant now, MediaOptions options) => new(options, _phone.Codecs, _phone.Entropy, now, _phone.Trace, Source);

    private void OnTimer(Instant now, CallTimer timer)
    {
        switch (timer)
        {
            case CallTimer.MediaTick:
                Audio.Tick(now, _path.IsOpenForAudio && !_negotiation.Crypto.AwaitsKeys);
                break;
            case CallTimer.LateCandidates:
                _keeper.TellLateCandidates(now);
                break;
            case CallTimer.TellEnd:
                _trickling.Tell(now, isEndDue: true);
                break;
            case CallTimer.Reoffer:
                Offers.Want(now, Wish.None);
                break;
            case CallTimer.Outcome:
                _keeper.OutcomeDue(now);
                break;
            case CallTimer.Report:
                Audio.Report(now);
                break;
            case CallTimer.RingSoon:
                (_setup as Ringing)?.SayRinging(now);
                break;
            case CallTimer.AutoAnswer:
                (_setup as Ringing)?.AutoAnswer(now);
                break;
            case CallTimer.RingEnd:
                (_setup as Ringing)?.EndRinging(now);
                break;
            case CallTimer.GiveUp:
                (_setup as Dialling)?.GiveUp(now);
                break;
            case CallTimer.Dtmf:
                SendDtmf(now, Audio.Options.Dtmf);
                break;
            case CallTimer.Key:
                Audio.Keys.Inform(now);
                break;
            case CallTimer.LostPeer:
                _keeper.LosePeer(now, _silence.IsDoubted);
                break;
            case CallTimer.Silence:
                _silence.Watch(now);
                break;
            case CallTimer.Doubt:
                _silence.WatchDoubt(now);
                break;
            case CallTimer.Refer:
                _transfer.SendIfDue(now, isLate: true);
                break;
            case CallTimer.Renew:
                Succession.Renew(now);
                break;
            case CallTimer.Succeed:
                Succession.Succeed(now);
                break;
            case CallTimer.Duration or CallTimer.Leave:
                Hangup(now);
                break;
        }
    }

    private bool PumpMedia(Instant now, Span<byte> scratch)
    {
        var moved = Audio.Send(now, _path.Transport, scratch);
        while (Audio.TryEvent(out var happened))
        {
            OnMedia(now, happened);
            moved = true;
        }

        return moved;
    }

    private void OnMedia(Instant now, MediaEvent happened)
    {
        switch (happened)
        {
            case MediaEvent.DtmfReceived e:
                Audio.Keys.Hear(now, e.Digit, e.DurationMs, e.Via);
                break;
            case MediaEvent.MediaTimeout e:
                _silence.FallSilent(now, e.SilentFor);
                break;
            case MediaEvent.KeyWorn:
                _negotiation.Crypto.Renew();
                Offers.Want(now, Wish.Keys);
                break;
            case MediaEvent.Resumed:
                Cancel(CallTimer.Silence);
                if (!_keeper.IsLost) Cancel(CallTimer.LostPeer);
                break;
        }
    }

    private bool DrainTransport(Instant now)
    {
        var moved = false;
        while (_path.Transport is { } transport && transport.TryEvent(out var happened))
        {
            OnTransport(now, happened);
            moved = true;
        }

        return moved;
    }

    private void OnTransport(Instant now, MediaTransportEvent happened)
    {
        switch (happened)
        {
            case MediaTransportEvent.Gathered e:
                OnGathered(now, e.Local);
                break;
            case MediaTransportEvent.LocalCandidate e:
                _trickling.LocalCandidate(now, e.Ufrag, e.Candidate);
                break;
            case MediaTransportEvent.EndOfLocal e:
                _trickling.EndOfLocal(now, e.Ufrag);
                break;
            case MediaTransportEvent.LocalGrown:
                _keeper.LocalGrown(now, isByOffer: !_negotiation.TakesLateByInfo);
                break;
            case MediaTransportEvent.CandidateAdded e:
                _path.Log.Found(now, e);
                break;
            case MediaTransportEvent.PairChanged e:
                _path.Log.Changed(now, e);
                break;
            case MediaTransportEvent.ServerFailed e:
                _path.Log.ServerFailed(e.Fault);
                break;
            case MediaTransportEvent.AnswerReady:
                Offers.AnswerOffer(now);
                break;
            case MediaTransportEvent.RestartNeeded e:
                _path.Log.RestartedBecause(e.Reason);
                _keeper.WantRestart();
                _phone.RenewBindings(now);
                _keeper.AwaitPath(now, null);
                _keeper.RestartIfWanted(now);
                break;
            case MediaTransportEvent.StateChanged e:
                Emit(new PhoneEvent.IceChanged(now, Id, e.State, _path.Transport!.Snapshot()?.Role ?? default));
                if (e.State == IceState.Completed) _keeper.TellOutcome(now);
                break;
            case MediaTransportEvent.PathUsable e:
                OnPathUsable(now, e.Component);
                break;
            case MediaTransportEvent.Latched:
                _path.BecameUsable();
                _path.LookAtPlain();
                break;
            case MediaTransportEvent.SourceContested e:
                _path.LookAtPlain();
                Emit(new PhoneEvent.SourceContested(now, Id, e.First, e.Second));
                break;
            case MediaTransportEvent.Selected e:
                if (e.Component == 1) _keeper.PathFound();
                _path.Log.Choose(now, e);
                break;
            case MediaTransportEvent.ConsentLost:
                _keeper.AwaitPath(now, new Fault(Layer.Ice, "the peer stopped answering for 30 s: its network or its program is gone", "call again once it is back"));
                break;
            case MediaTransportEvent.Failed e when IsUp && _path.IsUsable:
                _keeper.AwaitPath(now, e.Fault);
                break;
            case MediaTransportEvent.Failed e:
                EndWith(now, e.Fault);
                break;
            case MediaTransportEvent.Closed:
                _path.Closed();
                break;
        }
    }

    private void OnGathered(Instant now, LocalIce local)
    {
        _negotiation.Gathered(local);
        if (State == CallState.Ended) return;
        if (!_path.IsRegathering)
        {
            _setup.Gathered(now);
            return;
        }

        _path.Regathered();
        Offers.Regathered(now);
        _trickling.Tell(now);
    }

    private void OnPathUsable(Instant now, int component)
    {
        if (component == 1 && !_path.IsUsable && Audio.IsTalking) Audio.RestartFrames(now);
        if (component == 1) _path.BecameUsable();
        Dtls.PathUsable(now, component);
        _path.LookAtPlain();
        // A check of the caller came through, so it has our answer (RFC 8839 §7.1).
        if (Direction == CallDirection.Incoming && State == CallState.Ringing) _session.StopProgressRetransmission();
        if (component == 1) _keeper.PathFound();
    }

    private void End(Instant now, CallEndCause cause, int status, string reason, Fault? fault)
    {
        if (State == CallState.Ended) return;
        reason = Ending.ReasonOf(cause, reason, fault);
        _timers.Clear();
        Audio.StopTalking();
        _transfer.End(now, cause);
        if (AnsweredAt is null) Succession.TellReferral(now, status >= 300 ? status : 487, reason);
        Succession.PassOn(now);
        _phone.OnCallEnded(now, Id, cause);
        var statistics = Audio.Snapshot(now);
        if (statistics is not null) Audio.Report(now, statistics);
        Change(now, CallState.Ended, status, reason);
        Emit(new PhoneEvent.CallEnded(now, Id, Direction, Peer, _story.Summarize(cause, status, reason, fault, statistics)));
        Audio.Close(now);
        Span<byte> goodbye = stackalloc byte[1500];
        PumpMedia(now, goodbye);
        Dtls.Close(now);
        Dtls.Settle(now, goodbye);
        _path.Transport?.Close(now);
    }

    private void TellBroken(Instant now, Fault fault)
    {
        const string reason = "Internal Error";
        Emit(new PhoneEvent.CallChanged(now, Id, CallState.Ended, Direction, Peer, 500, reason) { Security = Security });
        Emit(new PhoneEvent.CallEnded(now, Id, Direction, Peer, _story.SummarizeBroken(reason, fault)));
    }

    private void Drop()
    {
        Audio.LetGo();
        _path.Drop();
    }

    /// <summary>What a call is known by.</summary>
    private sealed record Names(CallId Id, AccountId Account, CallDirection Direction, string Peer, string DisplayName);
}
