using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>A STUN server and a TURN server on the same ports, as deployed ones are: one machine for one host.</summary>
public sealed class StunTurnServer : IMachine
{
    /// <param name="stun">Where STUN is served.</param>
    /// <param name="turn">Where TURN is served; on the primary port of STUN it shares that socket.</param>
    /// <param name="network">The host's network.</param>
    /// <param name="entropy">For nonces and relay ports.</param>
    /// <param name="trace">Where allocations are recorded; none when null.</param>
    public StunTurnServer(StunServerOptions stun, TurnServerOptions turn, INetwork network, IEntropy entropy, Trace? trace = null)
    {
        Stun = new StunServer(stun, network);
        Turn = new TurnServer(turn, network, entropy, trace);
    }

    public StunServer Stun { get; }

    public TurnServer Turn { get; }

    public Instant? NextTimeout => Instant.Earlier(Stun.NextTimeout, Turn.NextTimeout);

    /// <summary>Opens all sockets of both.</summary>
    public bool TryStart(out PathError error)
    {
        if (!Stun.TryStart(out error)) return false;
        if (Stun.Address == Turn.Address ? Turn.TryStart(out error, Stun.PrimaryPath, Stun.OtherPath) : Turn.TryStart(out error)) return true;
        Stun.Stop();
        return false;
    }

    public void Stop()
    {
        Turn.Stop();
        Stun.Stop();
    }

    public void Receive(in Datagram datagram)
    {
        if (Stun.Owns(datagram.Path) && IsForStun(datagram.Payload)) Stun.Receive(datagram);
        else Turn.Receive(datagram);
    }

    public void Fail(in PathFailure failure)
    {
        if (!Stun.Owns(failure.Path)) Turn.Fail(failure);
    }

    public void Advance(Instant now) => Turn.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) =>
        Stun.TryTransmit(buffer, out transmit) || Turn.TryTransmit(buffer, out transmit);

    /// <summary>Binding, and whatever is of the dialect of RFC 3489, which knows no TURN.</summary>
    private static bool IsForStun(ReadOnlySpan<byte> message) =>
        Demultiplexer.Classify(message) == PacketKind.Stun
        && (!StunReader.TryParse(message, out var stun, out _) || stun.Method == StunMethod.Binding);
}
