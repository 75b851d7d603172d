using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>The pump's machine of softphone nat: behaviour first, then, where there is one, the lifetime of a binding.</summary>
/// <param name="pump">Whose clock it is.</param>
/// <param name="longest">The longest lifetime to look for; null leaves it out.</param>
/// <param name="network">Where sockets are opened: the pump, or the pump under a capture.</param>
internal sealed class NatAsking(Pump pump, TimeSpan? longest, INetwork network) : IMachine
{
    private NatInquiry? _inquiry;
    private NatLifetime? _search;

    /// <summary>Called once: everything is found, or the fault says why not.</summary>
    public required Action<Fault?> Ended { get; init; }

    /// <summary>A server did not tell; another may.</summary>
    public required Action<Fault> Silent { get; init; }

    public required Action<NatLifetime.Event.Progress> Tells { get; init; }

    public NatFinding? Found { get; private set; }

    public NatLifetime.Event.Completed? Lifetime { get; private set; }

    public Instant? NextTimeout => _search is null ? _inquiry?.NextTimeout : _search.NextTimeout;

    /// <summary>On the pump thread.</summary>
    public void Begin(IReadOnlyList<NatServer> servers)
    {
        _inquiry = new NatInquiry(network, new SystemEntropy(), servers);
        _inquiry.Start(pump.Now);
    }

    public void Drain(Instant now)
    {
        while (_search is null && _inquiry?.TryEvent(out var told) == true)
        {
            if (told is NatInquiry.Event.Silent silent) Silent(silent.Fault);
            else if (told is NatInquiry.Event.Failed failed) Ended(failed.Fault);
            else if (told is NatInquiry.Event.Completed completed) Continue(now, completed);
        }

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
        if (_search is null) _inquiry?.Receive(datagram);
        else _search.Receive(datagram);
    }

    public void Fail(in PathFailure failure)
    {
        if (_search is null) _inquiry?.Fail(failure);
    }

    public void Advance(Instant now)
    {
        if (_search is null) _inquiry?.Advance(now);
        else _search.Advance(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return _search is null ? _inquiry?.TryTransmit(buffer, out transmit) == true : _search.TryTransmit(buffer, out transmit);
    }

    private void Continue(Instant now, NatInquiry.Event.Completed completed)
    {
        Found = completed.Behaviour;

        // Without NAT and filter there is nothing that could run out.
        if (longest is not { } limit || Found.Classic is "open" or "UDP blocked")
        {
            Ended(null);
            return;
        }

        _search = new NatLifetime(network, new SystemEntropy(), completed.Server, limit);
        if (!_search.TryStart(now, out var fault)) Ended(fault);
    }
}
