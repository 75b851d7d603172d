using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Why a call ends, gathered from the moment that something goes wrong to the moment that it is told.</summary>
internal sealed class CallEnding
{
    /// <summary>What a local end is called; null for a plain one.</summary>
    private string? _farewell;

    /// <summary>We waited long enough for an answer.</summary>
    private bool _hasGivenUp;

    /// <summary>What broke; null while nothing did.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Another phone of ours took the call.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>What came in signalling and was not taken.</summary>
    public IReadOnlyList<Dropped> Unread { get; private set; } = [];

    /// <summary>Status and reason of a call that is hung up before anything of it was sent.</summary>
    public (int Status, string Reason) Unsent => _hasGivenUp ? (408, "No answer") : (487, "Cancelled before it was sent");

    public void Blame(Fault fault) => Fault = fault;

    public void GiveUp(Fault fault)
    {
        Fault = fault;
        _hasGivenUp = true;
    }

    /// <summary>What the end is called where it is ours.</summary>
    /// <param name="text">A few words.</param>
    /// <param name="isLast">Whatever was said before.</param>
    public void SayFarewell(string text, bool isLast = false) => _farewell = isLast ? text : _farewell ?? text;

    /// <summary>The dialog ended: by whom, with which status and reason.</summary>
    public (CallEndCause Cause, int Status, string Reason) Take(SipEvent.Ended ended)
    {
        IsElsewhere = ended.ElsewhereAnswered;
        Unread = ended.Dropped;
        if (_hasGivenUp) return (CallEndCause.Local, 408, "No answer");
        var cause = Fault is not null ? CallEndCause.Error : ended.Cause switch
        {
            EndCause.Local => CallEndCause.Local,
            EndCause.Remote => CallEndCause.Remote,
            _ => CallEndCause.Error,
        };
        return (cause, ended.Status, ended.Reason);
    }

    /// <summary>The reason as a person reads it.</summary>
    public string ReasonOf(CallEndCause cause, string reason, Fault? fault)
    {
        if (cause == CallEndCause.Local && _farewell is { } farewell) reason = farewell;
        if (reason.Length > 0) return reason;
        return cause == CallEndCause.Error && fault is not null ? fault.What : cause == CallEndCause.Remote ? "the peer hung up" : "hung up";
    }
}
