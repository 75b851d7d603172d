using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// What media itself says about its path, long before a check of consent does: when the peer's packets stop, or come from another port
/// because its NAT has rebound. Neither is proof; both only bring forward a check that would come anyway (RFC 7675 §5.1).
/// </summary>
public sealed partial class IceAgent
{
    private const int MostGuesses = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenGuesses = TimeSpan.FromSeconds(1);

    private Instant? _guessedAt;
    private int _guesses;
    private bool _isListening;

    /// <summary>
    /// Media that nobody proved came in. Its source gets one check, once a second, while the peer's own is silent on the socket of the
    /// nominated pair: where the peer's NAT has given it a new address, the answer proves it within a round trip. Before anything is
    /// nominated it gets one where it is a host that the peer's description names: a NAT that maps by destination gives what goes to each of
    /// our candidates a port that no description can tell, and the peer's first words come from there.
    /// </summary>
    /// <returns>True when there is one to send.</returns>
    public bool Guess(Instant now, PathId path, Address from)
    {
        if (_dead || BaseOf(path) is not { } local || local.Component > _used || Likeness(now, local, from) is not { } like) return false;

        // Our NAT gave this socket the port that the other one had: our check would keep the peer there (IsMisled). Where the peer's did, its checks tell.
        if (OtherComponentAt(_generation, local, from) > 0) return false;
        if ((_guessedAt is { } last && now - last < BetweenGuesses) || _guesses == MostGuesses) return false;
        _guessedAt = now;
        _guesses++;
        var pair = _generation.Checklist.Find(local.Path, from) ?? Imagine(now, local, from, like.Priority);
        if (pair is null) return false;
        pair.IsDropped = false;
        if (pair.Check is { } old) Cancel(now, old);
        Enqueue(now, pair, "media comes from there");
        // Words are thrown away until it is answered; the other checks can wait for one more.
        _generation.Hurry(pair);
        Suspect(now, local.Component);
        Settle(now);
        return true;
    }

    /// <summary>The candidate of the peer that may be at another address; null where nothing says that it is.</summary>
    private Candidate? Likeness(Instant now, Candidate local, Address from)
    {
        var state = _components[local.Component - 1];
        if (state.Selected is { } selected && selected.Generation == _generation)
            return selected.Local.Path == local.Path && now - (selected.HeardAt ?? state.SelectedAt) >= Pause ? selected.Remote : null;
        foreach (var candidate in _generation.RemoteCandidates)
            if (candidate.Address.Ip == from.Ip && candidate.Component == local.Component && candidate.Transport == local.Transport && candidate.Type != CandidateType.PeerReflexive) return candidate;
        return null;
    }

    private Pair? Imagine(Instant now, Candidate local, Address from, uint priority)
    {
        var remote = KnownRemote(_generation, local, from) ?? LearnRemote(now, _generation, local, from, CandidatePriority.AsPeerReflexive(priority));
        if (remote is null || !Fits(local, remote, out _)) return null;
        var pair = Make(local, remote, ++_pairs);
        pair.IsGuess = true;
        return Add(now, pair) ? pair : null;
    }

    /// <summary>A packet of the peer: the hot path. The timer is set once for each second, not for each packet.</summary>
    private void Listen(Instant now, Pair pair)
    {
        pair.HeardAt = now;
        if (_isListening || pair.Component != 1) return;
        _isListening = true;
        _timers.Set(new Due(Work.Silence), now + Silence);
    }

    private void Silent(Instant now)
    {
        _isListening = false;
        if (_components[0].Path is not { HeardAt: { } heard } path) return;
        if (now - heard < Silence)
        {
            _isListening = true;
            _timers.Set(new Due(Work.Silence), heard + Silence);
        }
        else if (path == _components[0].Selected)
        {
            Suspect(now, 1);
        }
    }
}
