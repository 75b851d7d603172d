using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>The pump's machine of softphone nat: behaviour first, then, where there is one, the lifetime of a binding.</summary>
internal sealed class NatAsking(Pump pump, string host, ushort port, TimeSpan? longest) : IMachine
{
    private NatDiscovery? _discovery;
    private NatLifetime? _search;
    private Address _server;

    /// <summary>Called once: everything is found, or the fault says why not.</summary>
    public required Action<Fault?> Ended { get; init; }

    public required Action<NatLifetime.Event.Progress> Tells { get; init; }

    public NatBehaviour? Found { get; private set; }

    public NatLifetime.Event.Completed? Lifetime { get; private set; }

    public Instant? NextTimeout => _search is null ? _discovery?.NextTimeout : _search.NextTimeout;

    public void Begin(NameAnswer answer)
    {
        var address = answer.Addresses.OrderBy(a => a.IsV6).FirstOrDefault();
        if (!address.IsValid)
        {
            Ended(new Fault(Layer.Dns, $"{host} has no address", "check the name of the STUN server"));
            return;
        }

        _server = new Address(address, port);
        _discovery = new NatDiscovery(pump, new SystemEntropy(), _server);
        if (!_discovery.TryStart(pump.Now, out var fault)) Ended(fault);
    }

    public void Drain(Instant now)
    {
        if (_search is null && _discovery?.TryEvent(out var completed) == true) Continue(now, completed.Behaviour);
        while (_search?.TryEvent(out var happened) == true)
        {
            if (happened is NatLifetime.Event.Progress progress) Tells(progress);
            if (happened is not NatLifetime.Event.Completed end) continue;
            Lifetime = end;
            Ended(null);
        }
    }

    public void Receive(in Datagram datagram)
    {
        if (_search is null) _discovery?.Receive(datagram);
        else _search.Receive(datagram);
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        if (_search is null) _discovery?.Advance(now);
        else _search.Advance(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return _search is null ? _discovery?.TryTransmit(buffer, out transmit) == true : _search.TryTransmit(buffer, out transmit);
    }

    private void Continue(Instant now, NatBehaviour found)
    {
        Found = found;
        _discovery!.Close();

        // Without NAT and filter there is nothing that could run out.
        if (longest is not { } limit || found.Classic is "open" or "UDP blocked")
        {
            Ended(null);
            return;
        }

        _search = new NatLifetime(pump, new SystemEntropy(), _server, limit);
        if (!_search.TryStart(now, out var fault)) Ended(fault);
    }
}
