using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// Everything that phones need of a provider on one host, as one machine: registrar and proxy, STUN with its second address, and TURN.
/// </summary>
public sealed class LabServer : IMachine
{
    private readonly StunTurnServer _media;

    /// <param name="sip">Where SIP is served, and for whom.</param>
    /// <param name="stun">Where STUN is served.</param>
    /// <param name="turn">Where TURN is served, and for whom.</param>
    /// <param name="network">The host's network.</param>
    /// <param name="entropy">For nonces, tags and relay ports.</param>
    /// <param name="trace">Where registrations, allocations and calls are recorded; none when null.</param>
    public LabServer(
        SipServerOptions sip, StunServerOptions stun, TurnServerOptions turn, INetwork network, IEntropy entropy, Trace? trace = null)
    {
        Sip = new SipServer(sip, network, entropy, trace);
        _media = new StunTurnServer(stun, turn, network, entropy, trace);
    }

    public SipServer Sip { get; }

    public StunServer Stun => _media.Stun;

    public TurnServer Turn => _media.Turn;

    public Instant? NextTimeout => Instant.Earlier(Sip.NextTimeout, _media.NextTimeout);

    /// <summary>Opens all sockets, or none.</summary>
    /// <param name="failed">Which service could not open its sockets.</param>
    /// <param name="error">Why not.</param>
    public bool TryStart(out string failed, out PathError error)
    {
        failed = "SIP";
        if (!Sip.TryStart(out error)) return false;
        failed = "STUN and TURN";
        if (_media.TryStart(out error)) return true;
        Sip.Stop();
        return false;
    }

    public void Stop()
    {
        _media.Stop();
        Sip.Stop();
    }

    public void Receive(in Datagram datagram)
    {
        if (Sip.Owns(datagram.Path)) Sip.Receive(datagram);
        else _media.Receive(datagram);
    }

    public void Fail(in PathFailure failure)
    {
        if (Sip.Owns(failure.Path)) Sip.Fail(failure);
        else _media.Fail(failure);
    }

    public void Advance(Instant now)
    {
        Sip.Advance(now);
        _media.Advance(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) =>
        _media.TryTransmit(buffer, out transmit) || Sip.TryTransmit(buffer, out transmit);
}
