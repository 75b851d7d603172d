using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A relay that is taken along when the client's address changes (RFC 8016 §3).</summary>
public sealed partial class TurnClient
{
    private PathId _path;
    private byte[] _ticket = [];
    private bool _wantsTicket;

    /// <summary>The server gave a ticket: the relay may be moved.</summary>
    public bool CanMove => _state == State.Allocated && _ticket.Length != 0 && !IsStream;

    /// <summary>
    /// Speaks to the server by another socket from now on, where the relay, its permissions and its channels stay what they were. What
    /// was under way is asked again from there. When the server refuses, <see cref="TurnEvent.RelayLost"/> comes.
    /// </summary>
    /// <returns>False when the server gave no ticket.</returns>
    public bool TryMove(Instant now, PathId path)
    {
        if (!CanMove) return false;
        Mapped = default;
        _path = path;
        var unanswered = _requests.Values.Where(r => r.What is TurnRequest.Wish.Permit or TurnRequest.Wish.Bind).ToArray();
        _transactions.Clear();
        _requests.Clear();
        _timers.Cancel((int)Timer.Refresh);
        Ask(now, new TurnRequest(TurnRequest.Wish.Move));
        foreach (var request in unanswered) Ask(now, request);
        return true;
    }

    private void TakeTicket(in StunReader reader)
    {
        if (reader.TryGet(StunAttributeType.MobilityTicket, out var ticket) && ticket.Length <= StunText.LongestText) _ticket = ticket.ToArray();
    }
}
