using Softphone.Core;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    /// <summary>Whoever is advanced so late has slept: no scheduler is.</summary>
    private static readonly TimeSpan SleepAtLeast = TimeSpan.FromSeconds(30);

    /// <summary>How long the old SIP sockets are kept where their address still works: as long as a peer repeats its requests (64·T1).</summary>
    private static readonly TimeSpan RetireAfter = TimeSpan.FromSeconds(32);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private readonly List<PathId> _retired = [];
    private IpAddress? _towards;
    private Instant? _retireAt;
    private Instant? _renewedAt;

    /// <summary>
    /// Interfaces or their addresses came or went, or the machine woke from sleep. SIP moves to the address that the system now sends
    /// from: new sockets, registrations anew, and every call tells its peer (RFC 3261 §12.2.1.1) and restarts ICE where its path is
    /// concerned. Nothing of that waits for another part of it. Calling it without need is harmless.
    /// </summary>
    public void NetworkChanged(Instant now)
    {
        if (_shuttingDown || _shutDown || _sipPaths.Count == 0) return;
        MoveSip(now);
        ForEach(now, "a change of the network", static (call, at) => call.NetworkChanged(at));
        Settle(now);
    }

    /// <summary>The machine slept. Media transports see the jump themselves; SIP makes its flows anew.</summary>
    private void Wake(Instant now)
    {
        if (_shuttingDown || _sipPaths.Count == 0) return;
        MoveSip(now);
        Sip.Woke(now);
    }

    /// <summary>Without any route the old sockets stay: they may work again when the network comes back.</summary>
    private void MoveSip(Instant now)
    {
        if (LocalTowards(_towards) is not { } local || local.IsLoopback && !SipAddress.IsLoopback) return;
        if (local == SipAddress)
        {
            Sip.NetworkUp();
            return;
        }

        var old = _sipPaths.Where(p => !_retired.Contains(p.Key)).ToDictionary();
        foreach (var path in _retired.ToArray()) Abandon(now, path, default);
        _sipPaths.Clear();
        var was = SipAddress;
        SipAddress = local;
        OpenSipPaths(local);
        if (_sipPaths.Count == 0)
        {
            SipAddress = was;
            foreach (var (path, transport) in old) _sipPaths.Add(path, transport);
            return;
        }

        var isStillUp = Network.Interfaces.Any(i => i.Address == was);
        foreach (var (path, transport) in old)
        {
            if (isStillUp) Retire(now, path, transport);
            else Abandon(now, path, _sipPaths.FirstOrDefault(p => p.Value == transport).Key);
        }

        _renewedAt = now;
        Sip.NetworkUp();
    }

    private void Retire(Instant now, PathId path, Transport transport)
    {
        _sipPaths.Add(path, transport);
        _retired.Add(path);
        _retireAt = now + RetireAfter;
        Sip.RetirePath(now, path);
    }

    private void Abandon(Instant now, PathId path, PathId successor)
    {
        _sipPaths.Remove(path);
        _retired.Remove(path);
        Sip.RemovePath(now, path, successor);
        Network.Close(path);
    }

    private void CloseRetired(Instant now)
    {
        if (_retireAt is not { } at || now < at) return;
        foreach (var path in _retired.ToArray())
            if (!Sip.IsInUse(path)) Abandon(now, path, default);
        // A call that still rings by it has its answer come that way.
        _retireAt = _retired.Count > 0 ? now + RetireAfter : null;
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
