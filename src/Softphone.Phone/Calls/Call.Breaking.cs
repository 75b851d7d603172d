using Softphone.Core;

namespace Softphone.Phone;

/// <summary>The end of a call that threw: an error of this program.</summary>
internal sealed partial class Call
{
    private readonly LentPaths _paths;

    /// <summary>It threw, and is asked for nothing any more but to give its relays back.</summary>
    public bool IsBroken { get; private set; }

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
        var media = _audio.LetGo();
        _session.Break(now);
        if (!wasEnded) TellBroken(now, fault);
        try
        {
            if (_answeredAt is null) TellReferral(now, 500, fault.What);
            PassOn(now);
            media?.Dispose();
            _transport?.Close(now);
            return null;
        }
        catch (Exception e)
        {
            Drop();
            return e;
        }
    }

    private void TellBroken(Instant now, Fault fault)
    {
        const string reason = "Internal Error";
        Emit(new PhoneEvent.CallChanged(now, Id, CallState.Ended, Direction, Peer, 500, reason));
        var summary = new CallSummary(
            500, reason, CallEndCause.Error, fault, _answeredAt - _invitedAt, _iceTook, null, Path, "", AudioOutcome.None, null, _keys.Digits,
            new Explanation { Fault = fault, Cause = new Cause.Failed(Failure.Internal, _answeredAt is not null) });
        Emit(new PhoneEvent.CallEnded(now, Id, Direction, Peer, summary));
    }

    private void Drop()
    {
        _audio.LetGo();
        _transport = null;
        _paths.CloseAll();
    }
}
