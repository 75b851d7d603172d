using Softphone.Core;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private IpAddress? _towards;

    /// <summary>
    /// Interfaces or their addresses came or went, or the machine woke from sleep. SIP moves to the address that the system now sends
    /// from: new sockets, registrations anew, and every call tells its peer (RFC 3261 §12.2.1.1) and restarts ICE where its path is
    /// concerned. Nothing of that waits for another part of it. Calling it without need is harmless.
    /// </summary>
    public void NetworkChanged(Instant now)
    {
        if (_shuttingDown || _shutDown || _sipPaths.Count == 0) return;
        MoveSip(now);
        for (var i = 0; i < _order.Count; i++) _calls[_order[i]].NetworkChanged(now);
        Settle(now);
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

        var old = _sipPaths.ToDictionary();
        _sipPaths.Clear();
        SipAddress = local;
        OpenSipPaths(local);
        if (_sipPaths.Count == 0)
        {
            foreach (var (path, transport) in old) _sipPaths.Add(path, transport);
            return;
        }

        foreach (var (path, transport) in old)
        {
            Sip.RemovePath(now, path, _sipPaths.FirstOrDefault(p => p.Value == transport).Key);
            Network.Close(path);
        }

        Sip.NetworkUp();
    }
}
