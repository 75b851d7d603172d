using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What silence means, in signalling and in media. A request of ours that nobody answers is no end while the peer is heard, and a moved phone's old address
/// answers anything. A peer without ICE that sends nothing: it may be gone, or say nothing by right, since no RFC asks for packets in a pause. With ICE consent
/// decides whether it is there (RFC 7675), and with a session timer signalling does (RFC 4028); else silence must, after a warning.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">By which ICE knows whether the peer is there.</param>
/// <param name="audio">By which the peer is heard.</param>
/// <param name="negotiation">Whether it is to be heard.</param>
internal sealed class SilenceWatch(ICallHost host, CallPath path, CallAudio audio, Negotiation negotiation)
{
    /// <summary>Media within this is no silence, whatever signalling says.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(1);

    /// <summary>What consent is good for (RFC 7675 §5.1); without ICE media stands in for it.</summary>
    private static readonly TimeSpan MediaIsGoodFor = TimeSpan.FromSeconds(30);

    /// <summary>Nobody answered our last request, and the call went on since media did.</summary>
    private SipEvent.PeerDoubted? _doubt;

    /// <summary>Since when nothing was heard that should have been.</summary>
    private Instant _silentSince;

    /// <summary>The person was warned of this silence.</summary>
    private bool _isTold;

    public bool IsDoubted => _doubt is not null;

    /// <summary>Null when the peer may be silent for ever.</summary>
    private TimeSpan? Limit
    {
        get
        {
            if (host.Options.SilenceLimit is { } set) return set > TimeSpan.Zero ? set : null;
            return host.Signalling.Timer is not null ? null : PhoneOptions.UsualSilenceLimit;
        }
    }

    /// <summary>Nobody answered in signalling, or nobody knows the call there.</summary>
    public void Doubt(Instant now, SipEvent.PeerDoubted doubted)
    {
        _doubt = doubted;
        var isDenied = doubted is { Status: 481, IsOutdated: false } && !IsHeard(now);
        if (isDenied) host.Signalling.GiveUp(now, doubted);
        // With ICE consent says when the peer is gone, and the wait for another path has an end of its own.
        else if (!path.UsesIce) WatchDoubt(now);
    }

    /// <summary>Without ICE the last packet says how long the peer may be silent in signalling too.</summary>
    public void WatchDoubt(Instant now)
    {
        if (_doubt is not { } doubt || path.UsesIce) return;
        if (audio.HeardAt is { } heard && now - heard < MediaIsGoodFor) host.Set(CallTimer.Doubt, heard + MediaIsGoodFor);
        else host.Signalling.GiveUp(now, doubt);
    }

    /// <summary>The peer has answered, or asked, in signalling.</summary>
    public void EndDoubt()
    {
        _doubt = null;
        host.Cancel(CallTimer.Doubt);
    }

    /// <summary>The peer is heard no more.</summary>
    public void FallSilent(Instant now, TimeSpan silentFor)
    {
        if (path.UsesIce) return;
        (_silentSince, _isTold) = (now - silentFor, false);
        Watch(now);
    }

    public void Watch(Instant now)
    {
        // It is to be silent while it is on hold, and a timer may come with any offer.
        if (negotiation.Agreed?.LocalDirection.HasFlag(MediaDirection.RecvOnly) != true) _silentSince = now;
        if (Limit is not { } limit)
        {
            host.Set(CallTimer.Silence, now + PhoneOptions.UsualSilenceLimit);
            return;
        }

        var silentFor = now - _silentSince;
        if (silentFor >= limit)
        {
            host.EndWith(now, new Fault(
                Layer.Media,
                $"nothing was heard from the peer for {limit.TotalSeconds:0} s: its network or its program is gone",
                "call again once it is back; for a peer that sends nothing while nobody speaks, set call.silence-limit to off"));
            return;
        }

        if (silentFor < limit / 2) _isTold = false;
        else if (!_isTold)
        {
            _isTold = true;
            host.Emit(new PhoneEvent.PeerSilent(now, host.Id, silentFor, limit - silentFor));
        }

        host.Set(CallTimer.Silence, _silentSince + (_isTold ? limit : limit / 2));
    }

    /// <summary>The peer is there, by media or by ICE, at this moment.</summary>
    private bool IsHeard(Instant now) => now - audio.HeardAt < JustNow || (path.UsesIce && path.Transport?.IsPathAnswered == true);
}
