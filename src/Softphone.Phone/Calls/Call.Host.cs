using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>What the parts of a call may ask of it, and in which order the others hear of it.</summary>
internal sealed partial class Call
{
    public void Emit(PhoneEvent happened)
    {
        if (!Succession.IsSilent) _phone.Emit(happened);
    }

    public void Set(CallTimer timer, Instant due) => _timers.Set(timer, due);

    public void Cancel(CallTimer timer) => _timers.Cancel(timer);

    public Instant? DueOf(CallTimer timer) => _timers.DueOf(timer);

    public void ForgetTimers() => _timers.Clear();

    public bool Resolve(string name, TimeSpan limit, Action<Instant, IReadOnlyList<IpAddress>> found) => _phone.ResolvePeer(name, Id, limit, found);

    public void Change(Instant now, CallState state, int? status = null, string reason = "")
    {
        if (State == state && status is null) return;
        State = state;
        Emit(new PhoneEvent.CallChanged(now, Id, state, Direction, Peer, status, reason) { Security = Security });
    }

    public void OpenPath(Instant now)
    {
        _phone.Servers.AskAgain(now);
        if (_phone.Servers.AreKnown) _path.Open(now);
    }

    /// <summary>What offer and answer agreed on takes effect: the transport learns the peer, the media session the formats.</summary>
    public void Agree(Instant now, NegotiatedAudio agreed, bool isAnswer)
    {
        _negotiation.Agree(now, agreed, isAnswer);
        Dtls.Agree(now, agreed);
        _trickling.Learn(now, agreed.RemoteIce);
        _negotiation.AskPeer(now, isAnswer);
        _negotiation.RefreshLocal();
        Audio.Agree(now, _negotiation.MediaOptions());
        _negotiation.Crypto.Agree(now, agreed);
    }

    public void Rekey(Instant now)
    {
        if (State == CallState.Ended || _negotiation.Agreed is null) return;
        Audio.Rekey(now, _negotiation.MediaOptions(), isFirst: Security.Keying != SrtpKeying.Dtls);
        _negotiation.Crypto.ShowDtls(now);
    }

    public void Rest(Instant now)
    {
        _negotiation.Rest();
        Audio.Update(now, _negotiation.MediaOptions());
    }

    public void Connect(Instant now)
    {
        Change(now, CallState.Connected, 200, "OK");
        StartTalking(now);
        ShowHold(now);
    }

    public void StartTalking(Instant now)
    {
        _session.Keep();
        _keeper.WaitForPath(now);
        _keeper.RestartIfWanted(now);
        _keeper.TellOutcome(now);
        Audio.StartTalking(now);
        Dtls.Up(now);
    }

    public void ShowHold(Instant now)
    {
        if (IsUp) Change(now, Offers.IsHolding || _negotiation.Agreed?.IsHeldByRemote == true ? CallState.Held : CallState.Connected);
    }

    public void RestartIfWanted(Instant now) => _keeper.RestartIfWanted(now);

    public void HoldSettled(Instant now) => _transfer.SendIfDue(now);

    public void PeerIsThere(Instant now)
    {
        _silence.EndDoubt();
        _keeper.KeepWaiting(now);
    }

    public void TakeAudio() => Succession.TakeAudio();

    public void Succeed(Instant now) => Succession.Succeed(now);

    public void TellReferral(Instant now, int status, string reason) => Succession.TellReferral(now, status, reason);

    public void Blame(Fault fault) => Ending.Blame(fault);

    public void GiveUp(Instant now, Fault fault)
    {
        Ending.GiveUp(fault);
        Hangup(now);
    }

    public void EndWith(Instant now, Fault fault)
    {
        if (State == CallState.Ended || Succession.IsEndUntold) return;
        Ending.Blame(fault);
        // Without a socket it is our machine that is full (RFC 3261 §21.5.4), without a path another phone of the user's may have one (§21.4.26): nobody declines.
        if (_session.IsOpen && Direction == CallDirection.Incoming && State == CallState.Ringing && fault.Layer is Layer.Transport or Layer.Ice or Layer.Dtls)
            _session.Reject(now, fault.Layer == Layer.Transport ? 503 : 488);
        else if (_session.IsOpen) _session.Hangup(now, $"SIP;cause=500;text=\"{fault.Layer} failed\"");
        else End(now, CallEndCause.Error, 500, fault.What, fault);
    }
}
