using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

internal sealed partial class Call
{
    private static readonly TimeSpan PathPatience = TimeSpan.FromSeconds(5);

    private Fault? _fault;
    private bool _givenUp;
    private bool _isElsewhere;
    private IReadOnlyList<Dropped> _unread = [];

    public void Hangup(Instant now)
    {
        if (State == CallState.Ended) return;
        if (_endBeforeOutcome is not null) End(now, CallEndCause.Local, 200, "", _fault);
        else if (_session.IsOpen) _session.Hangup(now);
        else End(now, CallEndCause.Local, _givenUp ? 408 : 487, _givenUp ? "No answer" : "Cancelled before it was sent", _fault);
    }

    public void OnEnded(Instant now, SipEvent.Ended ended)
    {
        if (IsBeingRenewed && ended.Cause != EndCause.Local)
        {
            _endBeforeOutcome = ended;
            return;
        }

        _isElsewhere = ended.ElsewhereAnswered;
        _unread = ended.Dropped;
        var cause = _fault is not null ? CallEndCause.Error : ended.Cause switch
        {
            EndCause.Local => CallEndCause.Local,
            EndCause.Remote => CallEndCause.Remote,
            _ => CallEndCause.Error,
        };
        End(now, _givenUp ? CallEndCause.Local : cause, _givenUp ? 408 : ended.Status, _givenUp ? "No answer" : ended.Reason, _fault ?? ended.Fault ?? NeverAPath(now));
    }

    /// <summary>Whoever hangs up a call that never had a path for media, the path is what failed.</summary>
    private Fault? NeverAPath(Instant now) =>
        _usesIce && !_transportUsable && now - _answeredAt >= PathPatience && _transport?.Snapshot() is { } ice ? Diagnosis.Of(ice) : null;

    /// <summary>Something under the call broke: hang up, and remember why.</summary>
    public void EndWith(Instant now, Fault fault)
    {
        if (State == CallState.Ended || _endBeforeOutcome is not null) return;
        _fault = fault;
        // Without a socket it is our machine that is full (RFC 3261 §21.5.4), without a path another phone of the user's may have one (§21.4.26): nobody declines.
        if (_session.IsOpen && Direction == CallDirection.Incoming && State == CallState.Ringing && fault.Layer is Layer.Transport or Layer.Ice)
            _session.Reject(now, fault.Layer == Layer.Ice ? 488 : 503);
        else if (_session.IsOpen) _session.Hangup(now, $"SIP;cause=500;text=\"{fault.Layer} failed\"");
        else End(now, CallEndCause.Error, 500, fault.What, fault);
    }

    private void End(Instant now, CallEndCause cause, int status, string reason, Fault? fault)
    {
        if (State == CallState.Ended) return;
        if (cause == CallEndCause.Local && _farewell is { } farewell) reason = farewell;
        if (reason.Length == 0) reason = cause == CallEndCause.Error && fault is not null ? fault.What : cause == CallEndCause.Remote ? "the peer hung up" : "hung up";
        _timers.Clear();
        _audio.StopTalking();
        EndTransfer(now, cause);
        if (_answeredAt is null) TellReferral(now, status >= 300 ? status : 487, reason);
        PassOn(now);
        _phone.OnCallEnded(now, Id, cause);
        var statistics = _audio.Snapshot(now);
        if (statistics is not null) _audio.Report(now, statistics);
        Change(now, CallState.Ended, status, reason);
        Emit(new PhoneEvent.CallEnded(now, Id, Direction, Peer, Summarize(cause, status, reason, fault, statistics)));
        _audio.Close(now);
        Span<byte> goodbye = stackalloc byte[1500];
        PumpMedia(now, goodbye);
        _transport?.Close(now);
    }

    private IEnumerable<Fault> ServersUnknown() => _phone.Servers.Unknown.Select(server => server.IsAbsent
        ? new Fault(Layer.Dns, $"\"{server.Name}\" has no address", "check the spelling of the STUN or TURN server and the DNS")
        : new Fault(Layer.Dns, $"no name server has told where \"{server.Name}\" is", "check the network connection and the name servers of this computer"));

    private IEnumerable<Dropped> DroppedMedia(MediaStatistics? media)
    {
        if (_plain is { Refused: > 0 } plain) yield return new Dropped(Layer.Media, default, "audio of a source that the peer's description does not name", plain.Refused);
        if (media is null) yield break;
        if (media.Drops.Malformed > 0) yield return new Dropped(Layer.Media, default, "neither RTP nor RTCP by form", media.Drops.Malformed);
        if (media.Drops.UnknownSource > 0) yield return new Dropped(Layer.Media, default, "RTP of another source, or of one that sent no two packets in order", media.Drops.UnknownSource);
        foreach (var strange in media.StrangeTypes)
            yield return new Dropped(Layer.Media, default, $"RTP of payload type {strange.PayloadType}, which was not agreed", strange.Packets);
    }

    private CallSummary Summarize(CallEndCause cause, int status, string reason, Fault? fault, MediaStatistics? statistics)
    {
        _plain = _transport?.Plain ?? _plain;
        var sent = _audio.Left > 0;
        var heard = _audio.FirstAudio is not null;
        var summary = new CallSummary(
            status,
            reason,
            cause,
            fault,
            _answeredAt - _invitedAt,
            _iceTook,
            _audio.FirstAudio is { } first && _answeredAt is { } answered ? (first > answered ? first - answered : TimeSpan.Zero) : null,
            Path,
            statistics?.Codec.ToLowerInvariant() ?? "",
            (sent, heard) switch
            {
                (true, true) => AudioOutcome.TwoWay,
                (true, false) => AudioOutcome.SendOnly,
                (false, true) => AudioOutcome.ReceiveOnly,
                _ => AudioOutcome.None,
            },
            statistics,
            _keys.Digits,
            Explanation.Empty);
        var why = Explainer(_transport?.Snapshot(), _usesIce ? null : _plain).Of(summary, _answeredAt is not null);
        if (_wasForwarded) why = new Explanation { Cause = new Cause.TurnedAway(TurnedAway.NoAnswer, 302, _forwardTo!.ToString()) };
        if (fault is { Layer: Layer.Ice, Remedy: "" }) fault = fault with { Remedy = ExplanationText.Remedies(why) };

        _tale = Told(Ended, why);
        var went = fault is null && _answeredAt is not null && summary.Audio == AudioOutcome.TwoWay;
        return summary with { Fault = fault, Why = why, IsAnsweredElsewhere = _isElsewhere, Dropped = went ? [] : [.. _unread, .. _transport?.Dropped ?? [], .. DroppedMedia(statistics)] };
    }
}
