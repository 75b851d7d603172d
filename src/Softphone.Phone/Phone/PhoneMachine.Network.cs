using Softphone.Core;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    /// <summary>Whoever is advanced so late has slept: no scheduler is.</summary>
    private static readonly TimeSpan SleepAtLeast = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private Instant? _renewedAt;

    /// <summary>
    /// Interfaces or their addresses came or went, or the machine woke from sleep. SIP moves to the address that the system now sends
    /// from: new sockets, registrations anew, and every call tells its peer (RFC 3261 §12.2.1.1) and restarts ICE where its path is
    /// concerned. Nothing of that waits for another part of it. Calling it without need is harmless.
    /// </summary>
    public void NetworkChanged(Instant now)
    {
        if (_shuttingDown || _shutDown || !_sockets.Any) return;
        MoveSip(now);
        ForEach(now, "a change of the network", static (call, at) => call.NetworkChanged(at));
        Settle(now);
    }

    /// <summary>The machine slept. Media transports see the jump themselves; SIP makes its flows anew.</summary>
    private void Wake(Instant now)
    {
        if (_shuttingDown || !_sockets.Any) return;
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
    }
}
