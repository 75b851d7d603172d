using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

internal sealed partial class Call
{
    private readonly SipUri? _target;
    private SessionDescription? _offer;
    private const int MostForks = 8;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _earlyAnswers = [];
    private IReadOnlyList<KeyValuePair<string, string>> _headers = [];
    private bool _isBegun;
    private string _answeredDialog = "";
    private ReadOnlyMemory<byte> _answeredSdp;

    public void Dial(Instant now)
    {
        if (State == CallState.Ended) return;
        Emit(new PhoneEvent.CallChanged(now, Id, CallState.Dialing, Direction, Peer, null, ""));
        if (_audio.Options.RingLimit is { } limit) Set(CallTimer.GiveUp, now + limit);
        _isBegun = true;
        _phone.Servers.AskAgain(now);
        if (_phone.Servers.AreKnown) OpenTransport(now);
    }

    /// <summary>The servers' names are resolved, or given up.</summary>
    public void ServersKnown(Instant now)
    {
        if (_transport is not null) RollOver(now);
        else if (_isBegun && State is CallState.Dialing or CallState.Ringing) OpenTransport(now);
    }

    public void OnProgress(Instant now, SipEvent.Progress progress)
    {
        if (progress.Status <= 100 || State is CallState.Connected or CallState.Held or CallState.Ended) return;
        if (progress.Status == 199)
        {
            // That branch is over; another may still answer (RFC 6228 §4).
            _earlyAnswers.Remove(progress.Dialog);
            return;
        }

        MeetCallee(progress.Remote);
        if (progress.Sdp.Length > 0)
        {
            if (_earlyAnswers.Count < MostForks || _earlyAnswers.ContainsKey(progress.Dialog)) _earlyAnswers[progress.Dialog] = progress.Sdp;
            TakeAnswer(now, progress.Dialog, progress.Sdp);
        }

        if (State == CallState.Ended) return;
        TellReferral(now, progress.Status, progress.Reason);
        if (progress.Sdp.Length > 0 && progress.Status == 183) TakeAudio();
        Change(now, progress.Status == 183 && progress.Sdp.Length > 0 ? CallState.Early : CallState.Ringing, progress.Status, progress.Reason);
    }

    public void OnAnswered(Instant now, SipEvent.Answered answered)
    {
        if (State == CallState.Ended) return;
        _answeredAt = now;
        Cancel(CallTimer.GiveUp);
        MeetCallee(answered.Remote);
        // The branch that is answered wins, whichever was heard of last; its answer may have come in a provisional response alone.
        var sdp = answered.Sdp.Length > 0 ? answered.Sdp : _earlyAnswers.GetValueOrDefault(answered.Dialog);
        // DEVIATION: RFC 3261 §13.2.1 ignores a description that follows the first one of a dialog. Servers that let a media server ring and
        // the callee answer write the callee's into the 200 all the same (MovingMediaTests.Answer_OfAnotherPortThanTheProgress_IsTaken).
        if (sdp.Length > 0 && (_agreed is null || answered.Dialog != _answeredDialog || !sdp.Span.SequenceEqual(_answeredSdp.Span))) TakeAnswer(now, answered.Dialog, sdp);
        _earlyAnswers.Clear();
        _transport?.Choose(now);
        if (_agreed is null)
        {
            EndWith(now, _fault ?? new Fault(Layer.Sdp, "the answer carried no session description", "the peer breaks RFC 3261 §13.2.1; report it there"));
            return;
        }

        _transport?.Choose(now);
        _transport?.Acknowledge();
        TellReferral(now, 200, "OK");
        Succeed(now);
        Connect(now);
    }

    private void SendInvite(Instant now)
    {
        _offer = OfferAnswer.CreateOffer(Capabilities(isOffer: true), _sdp);
        _sdp = _sdp.Sent(_offer);
        _invitedAt = now;
        _session.Invite(now, _account, _target!, _offer.ToBytes(), new InviteOptions { Headers = _headers });
    }

    /// <summary>Where the other side's signalling comes from: its media may as well.</summary>
    private void MeetCallee(Address remote)
    {
        if (remote.IsValid) (_signalling, _peerSources) = (remote.Ip, [remote.Ip]);
    }

    private void TakeAnswer(Instant now, string dialog, ReadOnlyMemory<byte> body)
    {
        if (!SessionDescription.TryParse(body.Span, out var answer, out var error))
        {
            Refuse(new Fault(Layer.Sdp, $"the peer's answer cannot be read: {error}", "report it to whoever runs the peer"));
            return;
        }

        if (!OfferAnswer.TryComplete(_offer!, answer, out var agreed, out var fault))
        {
            Refuse(fault);
            return;
        }

        _answeredDialog = dialog;
        _answeredSdp = body;
        _sdp = _sdp.Received(answer);
        _toldUfrag = UfragOf(_offer!);
        Agree(now, agreed, isAnswer: true);

        // A provisional answer that is of no use may be mended by the final one; the final one may not, unless its branch has given a good one.
        void Refuse(Fault why)
        {
            if (_agreed is not null && dialog == _answeredDialog) return;
            _fault = why;
            if (_answeredAt is not null) EndWith(now, why);
        }
    }

    private void GiveUp(Instant now)
    {
        _fault = new Fault(Layer.Sip, $"{Peer} did not answer within {_audio.Options.RingLimit!.Value.TotalSeconds:0.#} s", "try again later");
        _givenUp = true;
        Hangup(now);
    }
}
