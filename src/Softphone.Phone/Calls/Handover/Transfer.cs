using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// We send the peer to somebody else (RFC 5589). The call goes on hold first and REFER leaves once that is settled, for some servers refuse
/// one that meets the re-INVITE. The call ends when the peer says that the other has answered, and is as it was when that fails.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="offers">By which it is held.</param>
internal sealed class Transfer(ICallHost host, OfferQueue offers)
{
    /// <summary>Who was joined to the peer says BYE to us himself; if not, we do.</summary>
    public static readonly TimeSpan LeaveAfter = TimeSpan.FromSeconds(2);

    /// <summary>The offer of the hold is not waited for longer.</summary>
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(5);

    /// <summary>The one under way; null while there is none.</summary>
    private Departure? _departure;

    /// <summary>Begins it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="target">To whom.</param>
    /// <param name="joined">The call that is joined to this one is left soon, when the peer has arrived there; null for none.</param>
    public void Begin(Instant now, SipUri target, Action<Instant>? joined)
    {
        if (_departure is not null) return;
        if (!host.IsUp || !host.Signalling.IsOpen)
        {
            Tell(now, TransferState.Failed, null, "the call is not answered");
            return;
        }

        var departure = _departure = new Departure(target, joined);
        Tell(now, TransferState.Asked, null, departure.Name);
        departure.HeldForIt = !offers.WantsHold;
        host.Set(CallTimer.Refer, now + HoldLimit);
        offers.SetHold(now, true);
        SendIfDue(now);
    }

    /// <summary>Begins it towards the peer of another call; null for none.</summary>
    public void BeginTo(Instant now, Call? other)
    {
        if (other?.Joining is { } joining)
        {
            Begin(now, joining, at => other.LeaveSoon(at, LeaveAfter));
        }
        else if (host.IsUp && other is { Target: { } target, State: not CallState.Ended })
        {
            other.Hangup(now);
            Begin(now, target, null);
        }
        else
        {
            Refuse(now, "the other call is not answered");
        }
    }

    /// <summary>There is nobody to send the peer to.</summary>
    public void Refuse(Instant now, string why) => Tell(now, TransferState.Failed, null, why);

    /// <summary>Once the peer has answered the hold, or has refused it.</summary>
    public void SendIfDue(Instant now, bool isLate = false)
    {
        if (_departure is not { IsSent: false } departure || !host.Signalling.IsOpen || !host.IsUp) return;
        if (!isLate && offers.IsHoldUnsettled) return;
        host.Cancel(CallTimer.Refer);
        departure.IsSent = true;
        if (!host.Signalling.Refer(now, departure.Target)) Fail(now, null, "another transfer of this call is not over");
    }

    public void OnReferAnswered(Instant now, SipEvent.ReferAnswered answered)
    {
        if (_departure is not { } departure) return;
        if (answered.Fault is not null) Fail(now, answered.Status, answered.Reason);
        else departure.IsAccepted = true;
        if (answered.Fault is null) Tell(now, TransferState.Accepted, answered.Status, answered.Reason);
    }

    public void OnReferNews(Instant now, SipEvent.ReferNews news)
    {
        if (_departure is not { } departure) return;
        if (news.Status is >= 200 and < 300)
        {
            _departure = null;
            Tell(now, TransferState.Done, news.Status, news.Reason);
            departure.Joined?.Invoke(now);
            host.Leave(now, $"transferred to {departure.Name}");
        }
        else if (news.IsOver)
        {
            Fail(now, news.Status == 0 ? null : news.Status, news.Reason.Length > 0 ? news.Reason : "the peer does not say how it ended");
        }
        else if (news.Status > 100 && !departure.IsRinging)
        {
            departure.IsRinging = true;
            Tell(now, TransferState.Ringing, news.Status, news.Reason);
        }
    }

    /// <summary>The call ends before the peer has told how its own went: one that was asked and hangs up has left to follow.</summary>
    public void End(Instant now, CallEndCause cause)
    {
        if (_departure is not { } departure) return;
        _departure = null;
        var hasLeft = departure.IsAccepted && cause == CallEndCause.Remote;
        Tell(now, hasLeft ? TransferState.Done : TransferState.Failed, null, hasLeft ? "the peer has left to follow it" : "the call is over");
    }

    private void Fail(Instant now, int? status, string reason)
    {
        if (_departure is not { } departure) return;
        _departure = null;
        host.Cancel(CallTimer.Refer);
        Tell(now, TransferState.Failed, status, reason);
        if (departure.HeldForIt) offers.SetHold(now, false);
    }

    private void Tell(Instant now, TransferState state, int? status, string reason) => host.Emit(new PhoneEvent.TransferChanged(now, host.Id, state, status, reason));

    /// <summary>A transfer of ours on its way.</summary>
    private sealed class Departure(SipUri target, Action<Instant>? joined)
    {
        public SipUri Target { get; } = target;

        /// <summary>Leaves the call that is joined to this one.</summary>
        public Action<Instant>? Joined { get; } = joined;

        public string Name { get; } = (target with { Password = null, Headers = "" }).ToString();

        public bool HeldForIt { get; set; }

        public bool IsSent { get; set; }

        public bool IsAccepted { get; set; }

        public bool IsRinging { get; set; }
    }
}
