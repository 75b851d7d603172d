using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Sending peers elsewhere, and being sent (RFC 5589).</summary>
public sealed partial class Desk
{
    private void Transfer(Instant now, DeskCall call, string typed)
    {
        if (!IsTransferable(now, call) || !TryTarget(now, typed, call.Line, out var target, out _)) return;
        call.Transfer = $"to {target}";
        call.Phone.Transfer(now, call.Id, target);
    }

    private void TransferTo(Instant now, DeskCall call, CallId otherId)
    {
        if (Of(otherId) is not { IsOver: false } other)
        {
            Problem(now, $"there is no call {otherId} to transfer {call.Who} to", "call somebody first", call);
        }
        else if (other == call)
        {
            Problem(now, "a call cannot be transferred to itself", "choose the other one", call);
        }
        else if (IsTransferable(now, call) && IsTransferable(now, other))
        {
            if (call.Line != other.Line)
            {
                Problem(now, $"{call.Who} and {other.Who} are calls of different accounts", "transfer to the address instead", call);
                return;
            }

            call.Transfer = $"to {other.Who}";
            call.Phone.TransferTo(now, call.Id, other.Id);
        }
    }

    private bool IsTransferable(Instant now, DeskCall call)
    {
        if (call.IsUp) return true;
        Problem(now, $"{call.Who} has not answered yet", "a call can be transferred once it talks", call);
        return false;
    }

    private void OnTransfer(DeskCall call, PhoneEvent.TransferChanged happened)
    {
        _isDirty = true;
        var to = call.Transfer.Split(':')[0];
        switch (happened.State)
        {
            case TransferState.Asked:
                break;
            case TransferState.Accepted:
                Tell(happened.At, $"{call.Who} takes the transfer", call);
                break;
            case TransferState.Ringing:
                Tell(happened.At, $"the transfer of {call.Who} rings", call);
                break;
            case TransferState.Done:
                Tell(happened.At, $"{call.Who} is transferred", call);
                break;
            default:
                var why = happened.Status is { } status ? $"{status} {PlainText.Clean(happened.Reason)}" : PlainText.Clean(happened.Reason);
                Problem(happened.At, $"{call.Who} was not transferred ({why})", call.IsUp ? "the call is still there" : "", call);
                break;
        }

        call.Transfer = happened.State switch
        {
            TransferState.Asked => call.Transfer,
            TransferState.Failed => "failed",
            _ => happened.State.ToString().ToLowerInvariant(),
        };
    }

    private void OnTransferRequested(DeskLine line, PhoneEvent.TransferRequested happened)
    {
        var asks = Of(happened.Call);
        var who = asks?.Who ?? "the peer";
        var target = PlainText.Clean(happened.Target);
        if (happened.NewCall is not { } id)
        {
            Tell(happened.At, $"{who} wanted to send us to {target}, which was refused", asks);
            return;
        }

        var call = Of(id) ?? Appear(line, id, CallDirection.Outgoing, target, "", happened.At);
        Tell(happened.At, $"{who} sends us to {call.Who}", call);
    }

    /// <summary>The talk goes on in another call: its sound, and its recording, move there.</summary>
    private void OnReplaced(DeskLine line, PhoneEvent.CallReplaced happened)
    {
        if (Of(happened.Call) is not { } old) return;
        var call = Of(happened.By) ?? (line.Phone.Snapshot(happened.At, happened.By) is { } s
            ? Appear(line, s.Id, s.Direction, PlainText.Clean(s.Peer), PlainText.Clean(s.DisplayName), happened.At)
            : null);
        if (call is null) return;
        _isDirty = true;
        if (call.Port is { } unused && unused != old.Port) _mixer.Remove(unused);
        (call.Port, old.Port) = (old.Port, null);
        (call.Recording, old.Recording) = (old.Recording, null);
        (call.InConference, old.InConference) = (old.InConference, false);
        Tell(happened.At, $"{call.Who} takes the place of {old.Who}", call);
    }
}
