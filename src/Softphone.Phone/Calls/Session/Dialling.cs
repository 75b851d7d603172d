using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>A call of ours: the INVITE, the branches that ring, and the one that answers.</summary>
/// <param name="host">The call.</param>
/// <param name="path">Where media is to flow.</param>
/// <param name="negotiation">The descriptions.</param>
/// <param name="offers">Whether it begins on hold.</param>
/// <param name="audio">What the call is to do.</param>
/// <param name="target">Whom we call.</param>
/// <param name="invite">What the INVITE says besides, and by what it goes.</param>
internal sealed class Dialling(
    ISetupHost host, CallPath path, Negotiation negotiation, OfferQueue offers, CallAudio audio, SipUri target, InviteOptions invite)
    : CallSetup(host, negotiation)
{
    private const int MostForks = 8;

    /// <summary>Answers in provisional responses, by the remote tag of their branch.</summary>
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _earlyAnswers = [];

    public SipUri Target => target;

    public void Dial(Instant now)
    {
        if (Host.State == CallState.Ended) return;
        Host.Emit(new PhoneEvent.CallChanged(now, Host.Id, CallState.Dialing, Host.Direction, Host.Peer, null, ""));
        if (audio.Options.RingLimit is { } limit) Host.Set(CallTimer.GiveUp, now + limit);
        Begin(now);
    }

    public override void Gathered(Instant now)
    {
        var offer = Negotiation.CreateFirstOffer(offers.WantsHold);
        InvitedAt = now;
        Host.Signalling.Invite(now, Host.Account, target, offer.ToBytes(), invite);
    }

    public void OnProgress(Instant now, SipEvent.Progress progress)
    {
        if (progress.Status <= 100 || Host.State is CallState.Connected or CallState.Held or CallState.Ended) return;
        if (progress.Status == 199)
        {
            // That branch is over; another may still answer (RFC 6228 §4), and is heard meanwhile where it has said how.
            _earlyAnswers.Remove(progress.Dialog);
            if (progress.Dialog == Negotiation.Dialog && Negotiation.Agreed is not null && _earlyAnswers.Count > 0) TakeAnswer(now, _earlyAnswers.Keys.Last(), _earlyAnswers.Values.Last());
            return;
        }

        Meet(progress.Remote);
        if (progress.Sdp.Length > 0)
        {
            if (_earlyAnswers.Count < MostForks || _earlyAnswers.ContainsKey(progress.Dialog)) _earlyAnswers[progress.Dialog] = progress.Sdp;
            TakeAnswer(now, progress.Dialog, progress.Sdp);
        }

        if (Host.State == CallState.Ended) return;
        Host.TellReferral(now, progress.Status, progress.Reason);
        if (progress.Sdp.Length > 0 && progress.Status == 183) Host.TakeAudio();
        Host.Change(now, progress.Status == 183 && progress.Sdp.Length > 0 ? CallState.Early : CallState.Ringing, progress.Status, progress.Reason);
    }

    public void OnAnswered(Instant now, SipEvent.Answered answered)
    {
        if (Host.State == CallState.Ended) return;
        AnsweredAt = now;
        Host.Cancel(CallTimer.GiveUp);
        Meet(answered.Remote);
        // The branch that is answered wins, whichever was heard of last; its answer may have come in a provisional response alone.
        var sdp = answered.Sdp.Length > 0 ? answered.Sdp : _earlyAnswers.GetValueOrDefault(answered.Dialog);
        // DEVIATION: RFC 3261 §13.2.1 ignores a description that follows the first one of a dialog. Servers that let a media server ring and
        // the callee answer write the callee's into the 200 all the same (MovingMediaTests.Answer_OfAnotherPortThanTheProgress_IsTaken).
        if (sdp.Length > 0 && (Negotiation.Agreed is null || answered.Dialog != Negotiation.Dialog || !sdp.Span.SequenceEqual(AnsweredSdp.Span))) TakeAnswer(now, answered.Dialog, sdp);
        _earlyAnswers.Clear();
        path.Transport?.Choose(now);
        if (Negotiation.Agreed is null)
        {
            Host.EndWith(now, Host.Fault ?? new Fault(Layer.Sdp, "the answer carried no session description", "the peer breaks RFC 3261 §13.2.1; report it there"));
            return;
        }

        path.Transport?.Acknowledge();
        Host.TellReferral(now, 200, "OK");
        Host.Succeed(now);
        Host.Connect(now);
    }

    public void GiveUp(Instant now) =>
        Host.GiveUp(now, new Fault(Layer.Sip, $"{Host.Peer} did not answer within {audio.Options.RingLimit!.Value.TotalSeconds:0.#} s", "try again later"));

    /// <summary>Where the other side's signalling comes from: its media may as well.</summary>
    private void Meet(Address remote)
    {
        if (remote.IsValid) Negotiation.Meet(remote.Ip, [remote.Ip]);
    }
}
