using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// We send the peer to somebody else (RFC 5589). The call goes on hold first and REFER leaves once that is settled, for some servers refuse
/// one that meets the re-INVITE. The call ends when the peer says that the other has answered, and is as it was when that fails.
/// </summary>
internal sealed partial class Call
{
    /// <summary>The offer of the hold is not waited for longer.</summary>
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(5);

    /// <summary>Who was joined to the peer says BYE to us himself; if not, we do.</summary>
    private static readonly TimeSpan LeaveAfter = TimeSpan.FromSeconds(2);

    private Departure? _departure;
    private string? _farewell;

    /// <summary>The URI by which another takes our place with the peer; null before the answer.</summary>
    public SipUri? Joining => IsUp && _session.IsOpen ? _session.ReplacingUri : null;

    public void Transfer(Instant now, SipUri target) => Depart(now, new Departure(target, null));

    /// <summary>Joins the peer to that of another call. One that nobody has answered yet is given up, and the peer calls there itself (RFC 5589 §7.6).</summary>
    public void TransferTo(Instant now, Call other)
    {
        if (other != this && other.Joining is { } joining)
        {
            Depart(now, new Departure(joining, other));
        }
        else if (other != this && IsUp && other is { Direction: CallDirection.Outgoing, _target: { } target } && other.State != CallState.Ended)
        {
            other.Hangup(now);
            Depart(now, new Departure(target, null));
        }
        else
        {
            TellTransfer(now, TransferState.Failed, null, "the other call is not answered");
        }
    }

    public void OnReferAnswered(Instant now, SipEvent.ReferAnswered answered)
    {
        if (_departure is not { } departure) return;
        if (answered.Fault is not null) FailTransfer(now, answered.Status, answered.Reason);
        else departure.IsAccepted = true;
        if (answered.Fault is null) TellTransfer(now, TransferState.Accepted, answered.Status, answered.Reason);
    }

    public void OnReferNews(Instant now, SipEvent.ReferNews news)
    {
        if (_departure is not { } departure) return;
        if (news.Status is >= 200 and < 300)
        {
            _departure = null;
            _farewell = $"transferred to {departure.Name}";
            TellTransfer(now, TransferState.Done, news.Status, news.Reason);
            departure.Other?.LeaveSoon(now, LeaveAfter);
            Hangup(now);
        }
        else if (news.IsOver)
        {
            FailTransfer(now, news.Status == 0 ? null : news.Status, news.Reason.Length > 0 ? news.Reason : "the peer does not say how it ended");
        }
        else if (news.Status > 100 && !departure.IsRinging)
        {
            departure.IsRinging = true;
            TellTransfer(now, TransferState.Ringing, news.Status, news.Reason);
        }
    }

    private void Depart(Instant now, Departure departure)
    {
        if (_departure is not null) return;
        if (!IsUp || !_session.IsOpen)
        {
            TellTransfer(now, TransferState.Failed, null, "the call is not answered");
            return;
        }

        _departure = departure;
        TellTransfer(now, TransferState.Asked, null, departure.Name);
        departure.HeldForIt = !_wantHold;
        Set(CallTimer.Refer, now + HoldLimit);
        SetHold(now, true);
        SendReferIfDue(now);
    }

    /// <summary>Once the peer has answered the hold, or has refused it.</summary>
    private void SendReferIfDue(Instant now, bool isLate = false)
    {
        if (_departure is not { IsSent: false } departure || !_session.IsOpen || !IsUp) return;
        if (!isLate && (_isOfferOpen || _wishes.HasFlag(Wish.Hold))) return;
        Cancel(CallTimer.Refer);
        departure.IsSent = true;
        if (!_session.Refer(now, departure.Target)) FailTransfer(now, null, "another transfer of this call is not over");
    }

    private void FailTransfer(Instant now, int? status, string reason)
    {
        if (_departure is not { } departure) return;
        _departure = null;
        Cancel(CallTimer.Refer);
        TellTransfer(now, TransferState.Failed, status, reason);
        if (departure.HeldForIt) SetHold(now, false);
    }

    /// <summary>The call ends before the peer has told how its own went: one that was asked and hangs up has left to follow.</summary>
    private void EndTransfer(Instant now, CallEndCause cause)
    {
        if (_departure is not { } departure) return;
        _departure = null;
        var hasLeft = departure.IsAccepted && cause == CallEndCause.Remote;
        TellTransfer(now, hasLeft ? TransferState.Done : TransferState.Failed, null, hasLeft ? "the peer has left to follow it" : "the call is over");
    }

    private void LeaveSoon(Instant now, TimeSpan after)
    {
        if (State != CallState.Ended) Set(CallTimer.Leave, now + after);
    }

    private void TellTransfer(Instant now, TransferState state, int? status, string reason) => Emit(new PhoneEvent.TransferChanged(now, Id, state, status, reason));

    /// <summary>A transfer of ours on its way.</summary>
    private sealed class Departure(SipUri target, Call? other)
    {
        public SipUri Target { get; } = target;

        /// <summary>The call that is joined to this one.</summary>
        public Call? Other { get; } = other;

        public string Name { get; } = (target with { Password = null, Headers = "" }).ToString();

        public bool HeldForIt { get; set; }

        public bool IsSent { get; set; }

        public bool IsAccepted { get; set; }

        public bool IsRinging { get; set; }
    }
}
