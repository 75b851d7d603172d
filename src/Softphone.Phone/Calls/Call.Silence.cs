using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What silence means, in signalling and in media. A request of ours that nobody answers is no end while the peer is heard, and a moved phone's old address
/// answers anything. A peer without ICE that sends nothing: it may be gone, or say nothing by right, since no RFC asks for packets in a pause. With ICE consent
/// decides whether it is there (RFC 7675), and with a session timer signalling does (RFC 4028); else silence must, after a warning.
/// </summary>
internal sealed partial class Call
{
    /// <summary>Media within this is no silence, whatever signalling says.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(1);

    /// <summary>What consent is good for (RFC 7675 §5.1); without ICE media stands in for it.</summary>
    private static readonly TimeSpan MediaIsGoodFor = TimeSpan.FromSeconds(30);

    /// <summary>Nobody answered our last request, and the call went on since media did.</summary>
    private SipEvent.PeerDoubted? _doubt;

    private Instant _silentSince;
    private bool _isSilenceTold;

    /// <summary>Null when the peer may be silent for ever.</summary>
    private TimeSpan? SilenceLimit
    {
        get
        {
            if (_phone.Options.SilenceLimit is { } set) return set > TimeSpan.Zero ? set : null;
            return _session.IsOpen && _session.Timer is not null ? null : PhoneOptions.UsualSilenceLimit;
        }
    }

    /// <summary>The peer is there, by media or by ICE, at this moment.</summary>
    private bool IsHeard(Instant now) => now - _audio.HeardAt < JustNow || (_usesIce && _transport?.IsPathAnswered == true);

    /// <summary>Nobody answered in signalling, or nobody knows the call there.</summary>
    public void OnPeerDoubted(Instant now, SipEvent.PeerDoubted doubted)
    {
        _doubt = doubted;
        var isDenied = doubted is { Status: 481, IsOutdated: false } && !IsHeard(now);
        if (isDenied) _session.GiveUp(now, doubted);
        // With ICE consent says when the peer is gone, and the wait for another path has an end of its own.
        else if (!_usesIce) WatchDoubt(now);
    }

    /// <summary>Without ICE the last packet says how long the peer may be silent in signalling too.</summary>
    private void WatchDoubt(Instant now)
    {
        if (_doubt is not { } doubt || _usesIce) return;
        if (_audio.HeardAt is { } heard && now - heard < MediaIsGoodFor) Set(CallTimer.Doubt, heard + MediaIsGoodFor);
        else _session.GiveUp(now, doubt);
    }

    /// <summary>The peer has asked what was refused without us.</summary>
    public void OnPeerHeard(Instant now) => EndDoubt(now);

    /// <summary>The peer has answered, or asked, in signalling.</summary>
    private void EndDoubt(Instant now)
    {
        _doubt = null;
        Cancel(CallTimer.Doubt);
        KeepWaiting(now);
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
            Set(CallTimer.Silence, now + PhoneOptions.UsualSilenceLimit);
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

        Set(CallTimer.Silence, _silentSince + (_isSilenceTold ? limit : limit / 2));
    }
}
