using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What the phones tell, and what becomes of it.</summary>
public sealed partial class Desk
{
    /// <summary>How long a call that is over is still seen.</summary>
    private static readonly TimeSpan Afterglow = TimeSpan.FromSeconds(5);

    /// <summary>Calls with those that are over: a flood of calls must not make every view longer.</summary>
    private int MostShown => 4 * CallLimit;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);

    private readonly TimerTable<(DeskTimer Kind, CallId Call)> _timers = new();
    private readonly List<DeskCall> _calls = [];

    private DeskCall? Of(CallId id)
    {
        foreach (var call in _calls)
            if (call.Id == id) return call;
        return null;
    }

    private void On(DeskLine line, PhoneEvent happened)
    {
        switch (happened)
        {
            case PhoneEvent.Registration e:
                OnRegistration(line, e);
                break;
            case PhoneEvent.ServerSilent e:
                Problem(e.At, $"{line.Account.Name}: {e.Fault.What}; {e.Instead} answered, and is used", e.Fault.Remedy);
                break;
            // That all is well as it is needs no telling here.
            case PhoneEvent.WayFound { Kind: not WayKind.StreamChosen } e:
                Problem(e.At, $"{line.Account.Name}: {e.Fault.What}", e.Fault.Remedy);
                break;
            case PhoneEvent.Rewritten e:
                Problem(e.At, $"{line.Account.Name}: {e.Fault.What}", e.Fault.Remedy);
                break;
            case PhoneEvent.WayChanged e:
                Problem(e.At, $"{line.Account.Name}: {e.Fault.What}; {e.To} is used", e.Fault.Remedy);
                break;
            case PhoneEvent.CallRefused e:
                OnRefused(line, e);
                break;
            case PhoneEvent.TextReceived e:
                OnText(line, e);
                break;
            case PhoneEvent.TextSent e:
                OnTextSent(line, e);
                break;
            case PhoneEvent.TextsRefused e:
                Problem(e.At, $"{line.Account.Name}: {PlainText.Clean(e.Peer, 256)} writes too fast", $"{e.Count} messages were turned away so far (480)");
                break;
            case PhoneEvent.CallForwarded e when Of(e.Call) is { } call:
                call.TurnedAway = TurnedAway.NoAnswer;
                call.TransferTo = PlainText.Clean(e.Target, 256);
                break;
            case PhoneEvent.MessagesWaiting e:
                OnMessages(line, e);
                break;
            case PhoneEvent.IncomingCall e:
                OnIncoming(line, e);
                break;
            case PhoneEvent.CallChanged e when Of(e.Call) is { } call:
                OnChanged(call, e);
                break;
            case PhoneEvent.DigitReceived e when Of(e.Call) is { } call:
                call.AddHeard(e.Digit);
                break;
            case PhoneEvent.PathSelected { Component: 1 } e when Of(e.Call) is { } call:
                LearnNat(e.At, call);
                break;
            case PhoneEvent.SourceContested e when Of(e.Call) is { } call:
                Problem(e.At, $"{call.Who}: {e.First} and {e.Second} both send audio for this call, and the other side named neither", "neither is heard while both do", call);
                break;
            case PhoneEvent.SecurityChanged { Security.IsWeakened: true } e when Of(e.Call) is { } call:
                Problem(e.At, $"{call.Who}: the call was encrypted, and the other side ended that", "others may hear it from here on; media.srtp: sdes would refuse", call);
                break;
            case PhoneEvent.PeerSilent e when Of(e.Call) is { } call:
                Problem(e.At, $"{call.Who}: nothing has been heard for {e.SilentFor.TotalSeconds:0} s", $"the call ends in {e.EndsIn.TotalSeconds:0} s if that goes on; call.silence-limit sets it", call);
                break;
            case PhoneEvent.TransferChanged e when Of(e.Call) is { } call:
                OnTransfer(call, e);
                break;
            case PhoneEvent.TransferAsked e when Of(e.Call) is { } call:
                OnTransferAsked(call, e);
                break;
            case PhoneEvent.TransferRequested e:
                OnTransferRequested(line, e);
                break;
            case PhoneEvent.CallReplaced e:
                OnReplaced(line, e);
                break;
            case PhoneEvent.CallEnded e when Of(e.Call) is { } call:
                OnEnded(call, e);
                break;
            case PhoneEvent.ShutDown:
                line.IsDown = true;
                break;
        }
    }

    private void OnRegistration(DeskLine line, PhoneEvent.Registration happened)
    {
        var (was, problem) = (line.State, line.Problem);
        var isKnown = line.HasBeen(happened.State);
        line.On(happened);
        KeepFailed(line, happened);
        var name = line.Account.Name;
        switch (happened.State)
        {
            case RegistrationState.Registered when !isKnown:
                Tell(happened.At, $"{name}: registered at {happened.Server}");
                break;
            case RegistrationState.Failed when !isKnown || line.Problem != problem:
                Problem(happened.At, $"{name}: {happened.Fault?.What ?? $"{happened.Status} {happened.Reason}"}", happened.Fault?.Remedy ?? "");
                break;
            case RegistrationState.Unregistered when was != RegistrationState.Unregistered:
                Tell(happened.At, $"{name}: not registered any more");
                break;
        }
    }

    private void OnMessages(DeskLine line, PhoneEvent.MessagesWaiting happened)
    {
        var before = line.NewMessages;
        line.Waiting(happened.New, happened.Old);
        if (happened.New > before) Tell(happened.At, $"{line.Account.Name}: {happened.New} new voice {(happened.New == 1 ? "message" : "messages")}");
    }

    /// <summary>A line for what made no sound, and with a later one how many there were.</summary>
    private void OnRefused(DeskLine line, PhoneEvent.CallRefused happened)
    {
        var (peer, target) = (PlainText.Clean(happened.Peer, 256), PlainText.Clean(happened.Target, 256));
        var soFar = happened.Count > 1 ? $" ({happened.Count} such calls so far)" : "";
        switch (happened.Why)
        {
            case CallRefusal.Busy:
                MissBusy(line, happened, peer);
                break;
            case CallRefusal.DoNotDisturb or CallRefusal.Forwarded:
                OnTurnedAway(line, happened, peer);
                break;
            case CallRefusal.Lacking:
                Tell(happened.At, $"{line.Account.Name}: {peer} called and demanded {happened.Demands}, which this version does not have{soFar}", isProblem: true);
                break;
            case CallRefusal.UnknownUser:
                Tell(happened.At, $"{line.Account.Name}: {peer} at {happened.Remote} called {target}, which is nobody here{soFar}");
                break;
            case CallRefusal.Stranger:
                Tell(happened.At, $"{line.Account.Name}: {peer} at {happened.Remote} called {target} past the server and did not get through{soFar}; account.calls-from: anyone would let it ring");
                break;
        }
    }

    private void MissBusy(DeskLine line, PhoneEvent.CallRefused happened, string peer)
    {
        var call = Refused(line, happened, peer);
        Problem(happened.At, $"{call.Who} called and was told that we are busy", $"{line.Phone.Options.CallLimit} calls are going on");
        Remember(happened, call, new Cause.NoRoom(line.Phone.Options.CallLimit));
    }

    /// <summary>A call that never was one of the phone's. Its number is that of its row, below zero as no call of the phone has one.</summary>
    private DeskCall Refused(DeskLine line, PhoneEvent.CallRefused happened, string peer)
    {
        var call = new DeskCall(line, new CallId((int)-(_lastEntry + 1)), CallDirection.Incoming, peer, happened.At) { ToldName = PlainText.Clean(happened.DisplayName), State = CallState.Ended };
        Name(call);
        line.Records.Begin(happened.At, call.Id, happened.SipCallId);
        return call;
    }

    private void Remember(PhoneEvent.CallRefused happened, DeskCall call, Cause why)
    {
        var summary = new CallSummary(happened.Status, ReasonPhrase.Of(happened.Status), CallEndCause.Local, null, null, null, null, "", "", AudioOutcome.None, null, "",
            new Explanation { Cause = why });
        Remember(call, summary);
        KeepRefused(happened.At, call, summary);
        _isDirty = true;
    }

    private DeskCall Appear(DeskLine line, CallId id, CallDirection direction, string peer, string name, Instant at)
    {
        if (_calls.Count >= MostShown && _calls.Find(c => c is { IsOver: true, Asked: null }) is { } oldest) Forget(oldest);
        var call = new DeskCall(line, id, direction, PlainText.Clean(peer, 256), at) { ToldName = name };
        Name(call);
        _calls.Add(call);
        _isDirty = true;
        return call;
    }

    private void OnIncoming(DeskLine line, PhoneEvent.IncomingCall happened)
    {
        var isFull = _calls.Count(c => !c.IsOver) >= CallLimit;
        var call = Appear(line, happened.Call, CallDirection.Incoming, happened.Peer, PlainText.Clean(happened.DisplayName), happened.At);
        if (isFull)
        {
            Problem(happened.At, $"{call.Who} called and was told that we are busy", $"{CallLimit} calls are going on", call);
            call.Phone.Reject(happened.At, call.Id, 486);
            return;
        }

        var forwarding = happened.Forwarding is { } by ? $", {PlainText.Clean(ForwardWords.Of(by), 256)}" : "";
        Tell(happened.At, $"{call.Who} calls{(_lines.Count > 1 ? $" {line.Account.Name}" : "")}{forwarding}", call);
        if (happened.IsByServer) AwaitAutoAnswer(happened.At, call, happened);
    }

    private void OnChanged(DeskCall call, PhoneEvent.CallChanged happened)
    {
        var wasUp = call.IsUp;
        var was = call.State;
        call.State = happened.State;
        _isDirty = true;
        if (!call.IsUp) return;
        if (!wasUp)
        {
            Answered(happened.At, call);
        }
        else if (was != call.State && !call.IsHeldHere)
        {
            var isHeldThere = call.Phone.Snapshot(happened.At, call.Id)?.IsHeldThere == true;
            if (isHeldThere != call.WasHeldThere) Tell(happened.At, isHeldThere ? $"{call.Who} holds us" : $"{call.Who} is back", call);
            call.WasHeldThere = isHeldThere;
        }
    }

    private void Answered(Instant now, DeskCall call)
    {
        call.AnsweredAt = now;
        _timers.Set((DeskTimer.Sample, call.Id), now + SampleEvery);
        Tell(now, $"talking to {call.Who}", call);
        if (call.Follows is { } old) Succeed(now, old, call);
        if (call.Waits || call.IsHeldHere) SetHold(now, call, true);
        else HoldOthers(now, call);
    }

    private void OnEnded(DeskCall call, PhoneEvent.CallEnded happened)
    {
        var wasTaken = call.Port is not null || call.AnsweredAt is not null;
        call.State = CallState.Ended;
        call.EndedAt = happened.At;
        _timers.Cancel((DeskTimer.Sample, call.Id));
        _timers.Cancel((DeskTimer.AutoAnswer, call.Id));
        call.Playing = null;
        if (call.Follows is { } old) old.IsFollowed = false;
        LeaveConference(happened.At, call);
        ClosePort(happened.At, call);
        if (!call.IsReplaced && !call.IsTransferred)
        {
            TellEnding(happened.At, call, happened.Summary);
            PlayEnding(happened.At, call, happened.Summary);
        }

        Remember(call, happened.Summary);
        call.Ending = $"{happened.Summary.Status} {PlainText.Clean(happened.Summary.Reason)}".TrimEnd();
        call.Final = ViewOf(call, happened.At) with { Asked = null, Why = happened.Summary.Why, Explanation = happened.Summary.Explanation, Media = happened.Summary.Media, Path = happened.Summary.Path };
        _timers.Set((DeskTimer.Forget, call.Id), happened.At + Afterglow);
        if (wasTaken) OfferHeld(happened.At);
        Unmute(happened.At);
    }

    /// <summary>Who was muted in a call means to be heard in the next.</summary>
    private void Unmute(Instant now)
    {
        if (!_mixer.IsMuted || _calls.Exists(c => !c.IsOver)) return;
        _mixer.IsMuted = false;
        Tell(now, "the microphone is on again: the call is over");
    }

    private void TellEnding(Instant now, DeskCall call, CallSummary summary)
    {
        if (call.AnsweredAt is { } answered)
        {
            var after = $"after {Spoken(now - answered)}";
            if (summary.Cause == CallEndCause.Error && summary.Fault is { } fault) Problem(now, $"the call with {call.Who} broke off {after}: {fault.What}", fault.Remedy, call);
            else Tell(now, summary.Cause == CallEndCause.Remote ? $"{call.Who} hung up {after}" : $"hung up {call.Who} {after}", call);
        }
        else if (call.TurnedAway != TurnedAway.No)
        {
            Tell(now, $"nobody took the call of {call.Who}: sent to {call.TransferTo}", call);
        }
        else if (call is { Direction: CallDirection.Incoming, IsRejected: false } && summary.Fault is { } failure)
        {
            Problem(now, $"missed call of {call.Who}: {failure.What}", failure.Remedy, call);
        }
        else if (call.Direction == CallDirection.Incoming)
        {
            Tell(now, summary.IsAnsweredElsewhere ? $"{call.Who} was answered elsewhere" : call.IsRejected ? $"{call.Who} was refused" : $"missed call of {call.Who}", call);
        }
        else if (summary.Cause == CallEndCause.Local)
        {
            Tell(now, $"gave up calling {call.Who}", call);
        }
        else
        {
            var fault = summary.Fault ?? new Fault(Layer.Sip, $"{summary.Status} {PlainText.Clean(summary.Reason)}");
            Problem(now, $"{call.Who} could not be reached: {fault.What}", fault.Remedy, call);
        }
    }

    private void OnTimer(Instant now, (DeskTimer Kind, CallId Call) timer)
    {
        switch (timer.Kind)
        {
            case DeskTimer.Forget:
                // Who sends us on and hangs up at once still waits for a word of ours.
                if (Of(timer.Call) is { Asked: not null } asks) _timers.Set(timer, asks.Asked.Until + SampleEvery);
                else if (Of(timer.Call) is { } over) Forget(over);
                break;
            case DeskTimer.Complete:
                Complete(timer.Call);
                break;
            case DeskTimer.Sample when Of(timer.Call) is { IsUp: true } call:
                call.Quality.Add(call.Phone.Snapshot(now, call.Id)?.Media);
                WatchPlaying(now, call);
                _timers.Set(timer, now + SampleEvery);
                break;
            case DeskTimer.Leave when Of(timer.Call) is { IsOver: false } joined:
                joined.Phone.Hangup(now, joined.Id);
                break;
            case DeskTimer.AutoAnswer when Of(timer.Call) is { } call:
                AnswerItself(now, call);
                break;
            case DeskTimer.EndTestRing:
                _isTestRing = false;
                _isDirty = true;
                break;
            case DeskTimer.EndTone:
                _endTone = null;
                _isDirty = true;
                break;
            case DeskTimer.Beep:
            case DeskTimer.Listen:
                _isDirty = true;
                break;
        }
    }

    private void Forget(DeskCall over)
    {
        _calls.Remove(over);
        Retire(over);
        _timers.Cancel((DeskTimer.Forget, over.Id));
        over.Line.Records.Forget(over.Id);
    }
}
