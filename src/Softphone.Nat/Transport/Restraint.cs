using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Who may write a description may name somebody else in it, and a call without ICE would send that host fifty packets a second which it
/// never asked for (RFC 8445 §19.5.1 is about the same). Until the call was acknowledged and something was heard from there, or signalling
/// itself comes from there, a host gets a few packets, enough for what waits for ours to learn our address.
/// </summary>
/// <param name="all">What the other calls sent to such hosts; null where this is the only one.</param>
public sealed class Restraint(UnaskedHosts? all = null)
{
    public const int MostInASecond = 5, MostInAll = 20;

    private const int MostHosts = 4;

    private readonly IpAddress[] _heard = new IpAddress[MostHosts];
    private readonly IpAddress[] _towards = new IpAddress[MostHosts];
    private readonly int[] _given = new int[MostHosts];
    private readonly Instant[] _sent = new Instant[MostInASecond];
    private int _nextHeard, _nextTowards, _nextSent;
    private long _sentCount;
    private IpAddress _told;

    /// <summary>The host that signalling comes from; not valid while unknown.</summary>
    public IpAddress Signalling { get; set; }

    /// <summary>Both sides know that the call is answered: the ACK came, or we sent it.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Packets that were not let out.</summary>
    public long HeldBack { get; private set; }

    /// <summary>Media of the peer came from there.</summary>
    public void Hear(IpAddress host)
    {
        if (IsHeard(host)) return;
        _heard[_nextHeard] = host;
        _nextHeard = (_nextHeard + 1) % MostHosts;
    }

    public bool MaySend(Instant now, IpAddress to)
    {
        // What signalling comes from counts as heard once there was an ACK, which nobody sends in another's name; and the other way about.
        var (isHeard, isSignalling) = (IsHeard(to), to == Signalling);
        if (IsAcknowledged ? isHeard || isSignalling : isHeard && isSignalling)
        {
            if (isHeard && IsAcknowledged && _told != to) all?.Hear(now, _told = to);
            return true;
        }

        var at = PlaceOf(to);
        var isSpent = _given[at] >= MostInAll || (_sentCount >= MostInASecond && now - _sent[_nextSent] < TimeSpan.FromSeconds(1));
        if (isSpent || (!isSignalling && all?.MaySend(now, to) == false))
        {
            HeldBack++;
            return false;
        }

        _given[at]++;
        _sent[_nextSent] = now;
        _sentCount++;
        _nextSent = (_nextSent + 1) % MostInASecond;
        return true;
    }

    private bool IsHeard(IpAddress host)
    {
        foreach (var heard in _heard)
            if (heard == host) return true;
        return false;
    }

    private int PlaceOf(IpAddress host)
    {
        for (var i = 0; i < MostHosts; i++)
            if (_towards[i] == host) return i;
        var place = _nextTowards;
        (_towards[place], _given[place]) = (host, 0);
        _nextTowards = (place + 1) % MostHosts;
        return place;
    }
}
