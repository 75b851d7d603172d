using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Sending peers elsewhere, and being sent (RFC 5589).</summary>
public sealed partial class Desk
{
    /// <summary>Whom a peer was joined to says BYE to us himself; if not, we do.</summary>
    private static readonly TimeSpan LeaveAfter = TimeSpan.FromSeconds(2);

    private void Transfer(Instant now, DeskCall call, string typed)
    {
        if (!IsTransferable(now, call) || !TryTarget(now, typed, call.Line, out var target, out var name)) return;
        call.TransferTo = name.Length > 0 ? name : (target with { Password = null }).ToString();
        call.JoinedTo = null;
        call.Phone.Transfer(now, call.Id, target);
    }

    private void TransferTo(Instant now, DeskCall call, CallId otherId)
    {
        if (Of(otherId) is not { IsOver: false } other) Problem(now, $"there is no call {otherId} to transfer {call.Who} to", "call somebody first", call);
        else if (other == call) Problem(now, "a call cannot be transferred to itself", "choose another one", call);
        else if (other.RingsHere) Problem(now, $"{other.Who} rings still", "answer first", other);
        else if (IsTransferable(now, call)) Join(now, call, other);
    }

    /// <summary>
    /// Of two that talk the one who was there first is sent to the one who was asked (RFC 5589 §7), whichever of them the person named: a server
    /// and a colleague expect it so.
    /// </summary>
    private void Join(Instant now, DeskCall call, DeskCall other)
    {
        if (other.IsUp && !other.IsTransferring && other.AnsweredAt < call.AnsweredAt) (call, other) = (other, call);
        call.TransferTo = other.Who;
        call.JoinedTo = null;
        if (call.Line == other.Line)
        {
            call.Phone.TransferTo(now, call.Id, other.Id);
        }
        else if (other.Phone.Joining(other.Id) is { } joining)
        {
            call.JoinedTo = other;
            call.Phone.Transfer(now, call.Id, joining);
        }
        else if (SipUri.TryParse(other.Peer, out var target, out _))
        {
            // Nobody has answered there yet: the peer calls himself (RFC 5589 §7.6).
            other.Phone.Hangup(now, other.Id);
            call.Phone.Transfer(now, call.Id, target);
        }
        else
        {
            Problem(now, $"{other.Who} cannot be called by {call.Who}", "wait until it is answered", call);
        }
    }

    private bool IsTransferable(Instant now, DeskCall call)
    {
        if (call.IsTransferring) Problem(now, $"{call.Who} is being transferred already", "wait for how that ends", call);
        else if (!call.IsUp) Problem(now, $"{call.Who} has not answered yet", "a call can be transferred once it talks", call);
        else return true;
        return false;
    }

    private void OnTransfer(DeskCall call, PhoneEvent.TransferChanged happened)
    {
        _isDirty = true;
        var now = happened.At;
        call.IsTransferring = happened.State is TransferState.Asked or TransferState.Accepted or TransferState.Ringing;
        switch (happened.State)
        {
            case TransferState.Asked:
                call.Transfer = $"to {call.TransferTo}: asked";
                Tell(now, $"asking {call.Who} to call {call.TransferTo}", call);
                break;
            case TransferState.Accepted:
                call.Transfer = $"to {call.TransferTo}: accepted";
                break;
            case TransferState.Ringing:
                call.Transfer = $"to {call.TransferTo}: rings";
                break;
            case TransferState.Done:
                call.IsTransferred = true;
                call.Transfer = $"to {call.TransferTo}: done";
                Tell(now, $"{call.Who} is transferred to {call.TransferTo}", call);
                if (call.JoinedTo is { IsOver: false } other) _timers.Set((DeskTimer.Leave, other.Id), now + LeaveAfter);
                break;
            default:
                OnTransferFailed(now, call, happened);
                break;
        }
    }

    /// <summary>The phone takes the call up again; where a person has taken up another meanwhile, it waits.</summary>
    private void OnTransferFailed(Instant now, DeskCall call, PhoneEvent.TransferChanged happened)
    {
        var why = happened.Status is { } status ? $"{status} {PlainText.Clean(happened.Reason)}" : PlainText.Clean(happened.Reason);
        call.Transfer = $"to {call.TransferTo}: failed";
        Problem(now, $"{call.Who} was not transferred to {call.TransferTo} ({why})", call.IsUp ? "the call is as it was" : "", call);
        if (call.Talks && _calls.Exists(c => c != call && c.Talks && !(c.InConference && call.InConference))) SetHold(now, call, true);
    }

    private void OnTransferAsked(DeskCall call, PhoneEvent.TransferAsked happened)
    {
        call.Asked = happened.Question;
        call.Transfer = $"asks us to call {happened.Question.Target}";
        Tell(happened.At, $"{call.Who} asks us to call {happened.Question.Target}{(happened.Question.IsByServer ? "" : ", and did not come by a server of ours")}", call);
    }

    private void DecideTransfer(Instant now, CallId id, bool follows)
    {
        if (Of(id) is not { Asked: not null } call)
        {
            Problem(now, "nobody asks to be followed any more");
            return;
        }

        if (follows && call.IsOver && _calls.Count(c => !c.IsOver) >= CallLimit)
        {
            Problem(now, $"{CallLimit} calls are going on", "end one of them first", call);
            return;
        }

        // The sound of a call goes on in the one that follows it, unless it is over already.
        call.NextPort = follows && call.IsOver ? _mixer.Add() : null;
        call.Phone.DecideTransfer(now, id, follows, call.NextPort is { } port ? new CallOptions { Source = port, Sink = port } : null);
    }

    private void OnTransferRequested(DeskLine line, PhoneEvent.TransferRequested happened)
    {
        var asks = Of(happened.Call);
        var who = asks?.Who ?? "the peer";
        if (asks is { Asked: not null })
        {
            (asks.Asked, asks.Transfer) = (null, "");
            if (asks.IsOver) _timers.Set((DeskTimer.Forget, asks.Id), happened.At + Afterglow);
        }

        if (happened.NewCall is not { } id)
        {
            if (asks is { NextPort: { } unused })
            {
                _mixer.Remove(unused);
                asks.NextPort = null;
            }

            Tell(happened.At, $"{who} wanted to send us to {PlainText.Clean(happened.Target)}, which {Ending(happened.Outcome)}", asks);
            return;
        }

        var call = Of(id) ?? Appear(line, id, CallDirection.Outgoing, happened.Target, "", happened.At);
        if (asks is { IsOver: false })
        {
            call.Follows = asks;
            asks.IsFollowed = true;
        }
        else if (asks is { NextPort: { } port })
        {
            (call.Port, asks.NextPort) = (port, null);
            HoldOthers(happened.At, call);
        }

        Tell(happened.At, $"{who} sends us to {call.Who}", call);
    }

    private static string Ending(ReferralOutcome outcome) => outcome switch
    {
        ReferralOutcome.Declined => "was declined",
        ReferralOutcome.Undecided => $"nobody decided within {Referrals.ThinkFor.TotalSeconds:0} s, so it was declined",
        ReferralOutcome.HungUp => "was declined when the call was hung up",
        _ => "was refused",
    };

    private void OnReplaced(DeskLine line, PhoneEvent.CallReplaced happened)
    {
        if (Of(happened.Call) is not { } old) return;
        if (Of(happened.By) is { } call)
        {
            if (!old.IsReplaced) Succeed(happened.At, old, call);
            return;
        }

        if (line.Phone.Snapshot(happened.At, happened.By) is not { } found) return;
        call = Appear(line, found.Id, found.Direction, found.Peer, PlainText.Clean(found.DisplayName), happened.At);
        (call.State, call.Follows) = (found.State, old);
        if (call.IsUp) Answered(found.Since ?? happened.At, call);
        else Succeed(happened.At, old, call);
    }

    /// <summary>
    /// The talk goes on in another call: its sound, its recording and its place in a conference move there. Where a person has taken up
    /// somebody else meanwhile, it waits as the old one did.
    /// </summary>
    private void Succeed(Instant now, DeskCall old, DeskCall call)
    {
        _isDirty = true;
        call.Waits = old.IsHeldHere || _calls.Exists(c => c != old && c != call && c.Talks && !(c.InConference && old.InConference));
        (old.IsReplaced, old.IsFollowed, call.Follows) = (true, false, null);
        if (call.Port is { } unused && old.Port is not null) _mixer.Remove(unused);
        (call.Port, old.Port) = (old.Port ?? call.Port, null);
        (call.Recording, old.Recording) = (old.Recording ?? call.Recording, null);
        (call.InConference, old.InConference) = (old.InConference, false);
        Tell(now, $"{call.Who} takes the place of {old.Who}", call);
    }
}
