using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A peer that has proved nothing may be nobody: the candidates of a forged INVITE can name a victim (RFC 8445 §19.5.1). Until it has sent
/// one authenticated message, or the user has taken the call, it gets few packets: the first sends of the best pairs, which open our
/// NAT for its checks. Private addresses have a number of their own, or those of a caller with many interfaces would leave none for its
/// public one. What was held back goes out then.
/// </summary>
public sealed partial class IceAgent
{
    private bool _isHeard;

    private bool IsBounded => _options.SendsBeforeTrust > 0 && !_isHeard;

    /// <summary>The user has taken the call: the bound of <see cref="IceOptions.SendsBeforeTrust"/> ends.</summary>
    public void Trust(Instant now)
    {
        if (_dead || _isHeard) return;
        Hear(now);
        Settle(now);
    }

    private bool MaySend(Check check)
    {
        if (check.Pair is { IsGuess: true, Received: 0, Answers: 0 } && check.Attempts > 1) return false;
        if (!IsBounded) return true;
        if (check.Attempts > 1) return false;
        return check.Pair.Remote.Address.Ip.IsPrivate ? _neighboursLeft-- > 0 : _strangersLeft-- > 0;
    }

    private void Hear(Instant now)
    {
        var wasBounded = IsBounded;
        _isHeard = true;
        if (!wasBounded) return;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.State != PairState.InProgress || pair.Check is not { } check || pair.IsStream && check.IsSent) continue;
            Cancel(now, check);
            Change(now, pair, PairState.Waiting, "the peer may be trusted");
        }
    }
}
