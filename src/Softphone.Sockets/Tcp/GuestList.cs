namespace Softphone.Sockets;

/// <summary>
/// Who must leave when one more connects to a path that listens. Octets alone prove nothing, since they may trickle in for ever: what was
/// never answered goes first, the oldest of the address that has most of them. A newcomer finds room as long as there is such a one, or an
/// address with more connections than its own. Knows no sockets and no clock.
/// </summary>
/// <param name="bound">Connections in all.</param>
/// <param name="share">Connections of one address.</param>
internal sealed class GuestList(int bound, int share)
{
    private readonly Dictionary<IpAddress, int> _counts = [];

    /// <summary>Finds who must leave for a newcomer.</summary>
    /// <param name="guests">The connections that are open.</param>
    /// <param name="newcomer">Who comes.</param>
    /// <param name="leaver">Who leaves for it; none when there is room.</param>
    /// <returns>False when the newcomer is to be refused.</returns>
    public bool TryAdmit(IReadOnlyCollection<Guest> guests, IpAddress newcomer, out Guest? leaver)
    {
        leaver = null;
        _counts.Clear();
        foreach (var guest in guests) _counts[guest.Remote.Ip] = _counts.GetValueOrDefault(guest.Remote.Ip) + 1;
        var own = _counts.GetValueOrDefault(newcomer);
        if (own >= share)
        {
            foreach (var guest in guests)
                if (guest.Remote.Ip == newcomer && IsLess(guest, leaver)) leaver = guest;
            return true;
        }

        if (guests.Count < bound) return true;
        foreach (var guest in guests)
            if ((!guest.IsAnswered || _counts[guest.Remote.Ip] > own + 1) && IsLess(guest, leaver)) leaver = guest;
        return leaver is not null;
    }

    private bool IsLess(Guest guest, Guest? than) => than is not { } other
        || (guest.IsAnswered, -_counts[guest.Remote.Ip], guest.Since).CompareTo((other.IsAnswered, -_counts[other.Remote.Ip], other.Since)) < 0;
}
