using Softphone.Core;

namespace Softphone.Lab;

/// <summary>Stands between a phone and its host and counts the REGISTERs that leave, repetitions too.</summary>
internal sealed class RegisterCount(IMachine inner) : IMachine
{
    public int Sent { get; private set; }

    public Instant? NextTimeout => inner.NextTimeout;

    public void Receive(in Datagram datagram) => inner.Receive(datagram);

    public void Fail(in PathFailure failure) => inner.Fail(failure);

    public void Advance(Instant now) => inner.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!inner.TryTransmit(buffer, out transmit)) return false;
        if (buffer[..transmit.Length].StartsWith("REGISTER "u8)) Sent++;
        return true;
    }
}
