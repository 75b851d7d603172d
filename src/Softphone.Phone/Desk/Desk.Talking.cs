using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Which calls talk: one, or those in conference; the others are held.</summary>
public sealed partial class Desk
{
    private void Answer(Instant now, DeskCall call)
    {
        if (!call.RingsHere)
        {
            Problem(now, call.IsUp ? $"{call.Who} is answered already" : $"{call.Who} does not ring here", call: call);
            return;
        }

        HoldOthers(now, call);
        var port = OpenPort(call);
        call.Phone.Answer(now, call.Id, new CallOptions { Source = port, Sink = port });
    }

    private void Reject(Instant now, DeskCall call, int status)
    {
        if (!call.RingsHere)
        {
            Problem(now, $"{call.Who} does not ring here", call.IsOver ? "" : "hang up instead", call);
            return;
        }

        call.IsRejected = true;
        call.Phone.Reject(now, call.Id, status is >= 400 and < 700 ? status : 486);
    }

    private void Hangup(Instant now, DeskCall call)
    {
        call.IsRejected |= call.RingsHere;
        call.Phone.Hangup(now, call.Id);
    }

    private void Hold(Instant now, DeskCall call, bool on)
    {
        if (!call.IsUp) Problem(now, $"{call.Who} has not answered yet", "a call can be held once it talks", call);
        else if (!on) TakeUp(now, call);
        else if (!call.IsHeldHere) SetHold(now, call, true);
    }

    private void SwitchTo(Instant now, DeskCall call)
    {
        if (call.RingsHere) Answer(now, call);
        else if (call.IsUp) TakeUp(now, call);
        else HoldOthers(now, call);
    }

    /// <summary>This call, or the whole conference that it is in, talks from now on.</summary>
    private void TakeUp(Instant now, DeskCall call)
    {
        HoldOthers(now, call);
        foreach (var other in _calls.ToArray())
            if (other == call || (call.InConference && other.InConference && other.IsUp)) SetHold(now, other, false);
    }

    private void HoldOthers(Instant now, DeskCall call)
    {
        foreach (var other in _calls.ToArray())
            if (other != call && other != call.Follows && other.Talks && !(call.InConference && other.InConference)) SetHold(now, other, true);
    }

    private void SetHold(Instant now, DeskCall call, bool on)
    {
        if (!call.IsUp || call.IsHeldHere == on) return;
        _isDirty = true;
        call.Phone.Hold(now, call.Id, on);
        Tell(now, on ? $"{call.Who} is on hold" : $"talking to {call.Who} again", call);
    }

    private void Confer(Instant now, IReadOnlyList<CallId> ids)
    {
        var calls = ids.Distinct().Select(Of).OfType<DeskCall>().Where(c => !c.IsOver).ToList();
        foreach (var call in calls)
        {
            if (!call.IsUp)
            {
                Problem(now, $"{call.Who} has not answered yet", "a conference is of calls that talk", call);
                return;
            }

            if (calls.Count > 1 && call.Phone.Snapshot(now, call.Id)?.IsHeldThere == true)
            {
                Problem(now, $"{call.Who} holds the call", "wait until it is taken up there", call);
                return;
            }
        }

        if (calls.Count < 2)
        {
            EndConference(now, calls.Count == 1 ? calls[0] : null);
            return;
        }

        foreach (var call in _calls) call.InConference = calls.Contains(call);
        _isDirty = true;
        TakeUp(now, calls[0]);
        Tell(now, $"conference of you, {string.Join(" and ", calls.Select(c => c.Who))}");
    }

    /// <summary>One goes on talking; who would be left to talk without the others is held.</summary>
    private void EndConference(Instant now, DeskCall? stays)
    {
        var members = _calls.Where(c => c is { InConference: true, IsOver: false }).ToList();
        if (members.Count == 0 && stays is null)
        {
            Problem(now, "a conference needs two calls", "call somebody else first");
            return;
        }

        if (members.Count == 0 && _calls.Count(c => c.IsUp) < 2)
        {
            Problem(now, "a conference needs two calls", "call somebody else first", stays);
            return;
        }

        foreach (var call in members) call.InConference = false;
        _isDirty = true;
        stays ??= members.FindLast(c => c.Talks) ?? members[^1];
        TakeUp(now, stays);
        if (members.Count > 1) Tell(now, "the conference is over");
    }

    /// <summary>Whom one could take up again, for somebody who has just lost the call that talked.</summary>
    private void OfferHeld(Instant now)
    {
        if (_calls.Exists(c => c.Talks || c.IsCalling || c.RingsHere)) return;
        if (_calls.FindLast(c => c.IsUp && c.IsHeldHere) is { } held) Tell(now, $"{held.Who} is still on hold", held);
    }

    private void LeaveConference(Instant now, DeskCall call)
    {
        if (!call.InConference) return;
        call.InConference = false;
        var left = _calls.Where(c => c is { InConference: true, IsOver: false }).ToList();
        if (left.Count > 1) return;
        foreach (var last in left) last.InConference = false;
        Tell(now, "the conference is over");
    }
}
