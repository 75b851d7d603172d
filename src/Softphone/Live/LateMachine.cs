using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Stands on a pump until the machine that it is for can be made, because names had to be found first; then passes everything on.</summary>
internal sealed class LateMachine : IMachine
{
    /// <summary>Set on the pump thread.</summary>
    public IMachine? Machine { get; set; }

    public Instant? NextTimeout => Machine?.NextTimeout;

    public void Receive(in Datagram datagram) => Machine?.Receive(datagram);

    public void Fail(in PathFailure failure) => Machine?.Fail(failure);

    public void Advance(Instant now) => Machine?.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return Machine?.TryTransmit(buffer, out transmit) == true;
    }

    public void Sent(Instant now) => Machine?.Sent(now);
}
