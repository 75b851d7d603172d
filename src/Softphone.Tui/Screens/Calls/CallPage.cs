using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// A screen about one call: it asks for the call's trace as long as it is open, follows the selected call, and keeps what it showed when the
/// call is gone, for then people want to know why. Opened on the record of a call that is over, it stays with that one.
/// </summary>
public abstract class CallPage(CallId call) : Screen
{
    private bool _isOpen;
    private CallView? _seen;

    /// <summary>The call it shows.</summary>
    public CallId Id { get; private set; } = call;

    /// <summary>The call as it was last seen; null before the first view with it.</summary>
    internal CallView? Call { get; private set; }

    /// <summary>It shows the record of a call that was over when the screen was opened.</summary>
    internal bool IsPast { get; private set; }

    /// <summary>The call in a title.</summary>
    private protected string Named =>
        $"{(IsPast && Call is { } past ? $"the past call {(past.Direction == CallDirection.Incoming ? "from" : "to")} {Wording.Who(past)}" : $"call {Id}")}{(Call is { Media: not null } seen ? $" {Marks.Lock(seen.Security).Mark}" : "")}{(Call is { LeftOut: > 0 and var some } ? $", {some} steps left out" : "")}";

    public override void Refresh(Session session)
    {
        if (!_isOpen) IsPast = session.View.Calls.Find(Id) is not { State: not CallState.Ended } && session.View.Past.Find(Id) is not null;
        if (!_isOpen && !IsPast) session.Selected = Id;
        _isOpen = true;
        if (!IsPast && session.Selected is { } selected && selected != Id && session.View.Calls.Find(selected) is not null) Follow(selected);
        session.Watched = Id;
        if ((session.View.Calls.Find(Id) ?? session.View.Past.Find(Id)) is not { } now) return;
        Call = now;

        // The phone watches from the next view on: until then the last trace is better than none.
        if (now.Trace.Count == 0 && _seen is { Trace.Count: > 0 } && _seen.Id == now.Id) now = now with { Trace = _seen.Trace };
        if (_seen is { } seen && ReferenceEquals(seen.Trace, now.Trace) && IsSame(seen.Ice, now.Ice) && seen.Explanation == now.Explanation && seen.State == now.State) return;
        _seen = now;
        Read(now);
    }

    public override void Closed(Session session) => session.Watched = null;

    /// <summary>Something of the call's trace or of its ICE is new: what is drawn is made here, once.</summary>
    internal abstract void Read(CallView call);

    /// <summary>Another call is shown from now on.</summary>
    internal virtual void Reset()
    {
    }

    /// <summary>A snapshot is another object in each view, and mostly says the same.</summary>
    private static bool IsSame(IceSnapshot? one, IceSnapshot? other)
    {
        if (one is null || other is null) return one is null && other is null;
        if (one.State != other.State || one.Role != other.Role || one.Components != other.Components) return false;
        return one.Pairs.SequenceEqual(other.Pairs) && one.Local.SequenceEqual(other.Local) && one.Remote.SequenceEqual(other.Remote);
    }

    private void Follow(CallId call)
    {
        Id = call;
        (Call, _seen) = (null, null);
        Reset();
    }
}
