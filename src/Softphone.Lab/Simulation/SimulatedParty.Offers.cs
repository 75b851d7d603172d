using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>Offers and answers over the simulated signalling, as a call does them (RFC 3264; RFC 3261 §14 for those that cross).</summary>
internal sealed partial class SimulatedParty
{
    private static readonly (CandidateType Type, CandidateKinds Told)[] Kinds =
        [(CandidateType.Host, CandidateKinds.Host), (CandidateType.ServerReflexive, CandidateKinds.Reflexive), (CandidateType.Relayed, CandidateKinds.Relayed)];

    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(5);
    private RemoteMedia? _offered;
    private bool _isAgreed;
    private bool _isOffering;
    private bool _wantsOffer;
    private bool _isLate;
    private Instant? _renewedAt;

    /// <summary>The other side has hung up.</summary>
    public void OnBye(Instant now)
    {
        if (_isBegun) Close(now);
        else IsClosing = IsClosed = true;
    }

    public void SayBye() => _out.Send(Peer.OnBye);

    private void OnGathered(Instant now)
    {
        if (IsClosing) return;
        if (_isCaller && !_isAgreed) Offer(now);
        else if (!_isAgreed && _offered is { } offer)
        {
            Answer(now, offer);
            _timers.Set(Work.Pickup, now + _plan.Ringing);
        }
        else Offer(now);
    }

    private void PickUp(Instant now)
    {
        _out.Send(Peer.Talk);
        Talk(now);
    }

    private void Talk(Instant now)
    {
        if (IsClosing) return;
        IsTalking = true;
        WaitForPath(now);
    }

    /// <summary>A candidate came after the description: the peer learns of it when checks have had their time.</summary>
    private void WaitForPath(Instant now)
    {
        if (_isLate && IsTalking && !HasPath) _timers.Set(Work.Late, now + TimeSpan.FromSeconds(_isCaller ? 1.5 : 4));
    }

    private void Offer(Instant now)
    {
        if (IsClosing || Transport.Local is not { } local) return;
        if (_isOffering)
        {
            _wantsOffer = true;
            return;
        }

        _isOffering = true;
        _isLate = false;
        var description = Describe(local, isAnswer: false);
        _out.Send(at => Peer.OnOffer(at, description));
    }

    private void OnOffer(Instant now, RemoteMedia offer)
    {
        if (IsClosing) return;
        if (_offered is null && !_isCaller)
        {
            _offered = offer;
            Begin(now);
            return;
        }

        if (_isOffering)
        {
            _out.Send(Peer.OnRefused);
            return;
        }

        Answer(now, offer);
    }

    private void Answer(Instant now, RemoteMedia offer)
    {
        if (_offered is { } last && last.Ice!.Ufrag != offer.Ice!.Ufrag) _renewedAt = now;
        _offered = offer;
        _isAgreed = true;
        _timers.Cancel(Work.Restart);
        Transport.SetRemote(now, offer);
        if (Transport.MayAnswer) SendAnswer();
    }

    private void SendAnswer()
    {
        if (IsClosing || Transport.Local is not { } local) return;
        var answer = Describe(local, isAnswer: true);
        _out.Send(at => Peer.OnAnswer(at, answer));
    }

    private void OnAnswer(Instant now, RemoteMedia answer)
    {
        _isOffering = false;
        if (IsClosing) return;
        _isAgreed = true;
        Transport.SetRemote(now, answer);
        if (_wantsOffer)
        {
            _wantsOffer = false;
            Offer(now);
        }
    }

    /// <summary>491: the owner of the call waits longer, so that one of the two comes first (RFC 3261 §14.1).</summary>
    private void OnRefused(Instant now)
    {
        _isOffering = false;
        if (!IsClosing) _timers.Set(Work.Retry, now + TimeSpan.FromMilliseconds(_isCaller ? 2100 + _chance.NextInt(1900) : _chance.NextInt(2000)));
    }

    /// <summary>The caller restarts at once, the other side only when the caller does not.</summary>
    private void WantRestart(Instant now)
    {
        if (IsClosing || !_isAgreed || now - _renewedAt < RestartTakes || _timers.DueOf(Work.Restart) is not null) return;
        _timers.Set(Work.Restart, now + (_isCaller ? TimeSpan.Zero : TimeSpan.FromSeconds(2)));
    }

    private void Restart(Instant now)
    {
        if (IsClosing) return;
        if (_isOffering)
        {
            _timers.Set(Work.Restart, now + TimeSpan.FromSeconds(1));
            return;
        }

        // The offer follows with Gathered.
        Restarts++;
        _renewedAt = now;
        Transport.Restart(now);
    }

    private RemoteMedia Describe(LocalIce local, bool isAnswer)
    {
        var needed = local.Candidates.Any(c => c.Component == 2) && !_plan.Mux ? 2 : 1;
        foreach (var (type, told) in Kinds)
            if (Enumerable.Range(1, needed).All(n => local.Candidates.Any(c => c.Component == n && c.Type == type))) Told |= told;

        return new RemoteMedia
        {
            Rtp = local.DefaultRtp,
            Rtcp = local.DefaultRtcp.IsValid ? local.DefaultRtcp : null,
            Mux = _plan.Mux,
            IsAnswer = isAnswer,
            RemoteCandidates = isAnswer ? [] : local.RemoteCandidates,
            Ice = new RemoteIce
            {
                Ufrag = local.Ufrag,
                Pwd = local.Pwd,
                HasIce2 = true,
                Pacing = local.Pacing,
                Candidates = [.. local.Candidates.Select(c => Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation))],
            },
        };
    }
}
