using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    /// <summary>Whoever is advanced so late has slept: no scheduler is.</summary>
    private static readonly TimeSpan SleepAtLeast = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private readonly UsableNetwork _usable;
    private readonly OtherWays _ways;
    private Instant? _renewedAt;

    /// <summary>
    /// Interfaces or their addresses came or went, or the machine woke from sleep. SIP moves to the address that the system now sends
    /// from: new sockets, registrations anew, and every call tells its peer (RFC 3261 §12.2.1.1) and restarts ICE where its path is
    /// concerned. Nothing of that waits for another part of it. Calling it without need is harmless.
    /// </summary>
    public void NetworkChanged(Instant now)
    {
        if (_shuttingDown || _shutDown || !_sockets.Any) return;
        _ways.NetworkChanged(now);
        FollowNetwork(now);
        Settle(now);
    }

    /// <summary>An account that has a registrar, by which another way is known for one; null without any.</summary>
    internal AccountId? Registered
    {
        get
        {
            foreach (var account in _accounts.Keys)
                if (Sip.RegistrarOf(account) is not null) return account;
            return null;
        }
    }

    internal void FollowNetwork(Instant now)
    {
        MoveSip(now);
        ForEach(now, "a change of the network", static (call, at) => call.NetworkChanged(at));
    }

    /// <summary>Everything of SIP and of media leaves its sockets for new ones, as when a cable is moved: those by another interface were never right.</summary>
    internal void Unplug(Instant now)
    {
        _usable.IsUnplugged = true;
        FollowNetwork(now);
        _usable.IsUnplugged = false;
        FollowNetwork(now);
    }

    /// <summary>The machine slept. Media transports see the jump themselves; SIP makes its flows anew.</summary>
    private void Wake(Instant now)
    {
        if (_shuttingDown || !_sockets.Any) return;
        _ways.NetworkChanged(now);
        MoveSip(now);
        Sip.Woke(now);
    }

    private void MoveSip(Instant now)
    {
        var move = _sockets.Move(now);
        if (move == SipMove.Moved) _renewedAt = now;
        if (move != SipMove.Offline) Sip.NetworkUp(now);
    }

    /// <summary>A path of media was lost without a word of ours: what took it may have taken the NAT's binding for SIP too.</summary>
    internal void RenewBindings(Instant now)
    {
        if (_renewedAt is { } last && now - last < RenewEvery) return;
        _renewedAt = now;
        // Registered where it is now is who has the answer to these: by UDP nothing else tells that the server is out of reach.
        _registered.Clear();
        Sip.RenewBindings(now);
        _ways.MediaLost(now);
    }
}
