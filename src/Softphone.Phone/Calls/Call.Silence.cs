using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>
/// A peer without ICE that sends nothing: it may be gone, or say nothing by right, since no RFC asks for packets in a pause. With ICE consent
/// decides whether it is there (RFC 7675), and with a session timer signalling does (RFC 4028); else silence must, after a warning.
/// </summary>
internal sealed partial class Call
{
    private Instant _silentSince;
    private bool _isSilenceTold;

    /// <summary>Null when the peer may be silent for ever.</summary>
    private TimeSpan? SilenceLimit
    {
        get
        {
            if (_phone.Options.SilenceLimit is { } set) return set > TimeSpan.Zero ? set : null;
            return _session is { } session && _phone.Sip.TimerOf(session) is not null ? null : PhoneOptions.UsualSilenceLimit;
        }
    }

    private void FallSilent(Instant now, TimeSpan silentFor)
    {
        if (_usesIce) return;
        (_silentSince, _isSilenceTold) = (now - silentFor, false);
        WatchSilence(now);
    }

    private void WatchSilence(Instant now)
    {
        // It is to be silent while it is on hold, and a timer may come with any offer.
        if (_agreed?.LocalDirection.HasFlag(MediaDirection.RecvOnly) != true) _silentSince = now;
        if (SilenceLimit is not { } limit)
        {
            _timers.Set(CallTimer.Silence, now + PhoneOptions.UsualSilenceLimit);
            return;
        }

        var silentFor = now - _silentSince;
        if (silentFor >= limit)
        {
            EndWith(now, new Fault(
                Layer.Media,
                $"nothing was heard from the peer for {limit.TotalSeconds:0} s: its network or its program is gone",
                "call again once it is back; for a peer that sends nothing while nobody speaks, set call.silence-limit to off"));
            return;
        }

        if (silentFor < limit / 2) _isSilenceTold = false;
        else if (!_isSilenceTold)
        {
            _isSilenceTold = true;
            Emit(new PhoneEvent.PeerSilent(now, Id, silentFor, limit - silentFor));
        }

        _timers.Set(CallTimer.Silence, _silentSince + (_isSilenceTold ? limit : limit / 2));
    }
}
