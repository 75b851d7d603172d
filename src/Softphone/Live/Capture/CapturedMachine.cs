using Softphone.Core;

namespace Softphone.Cli;

/// <summary>A machine whose traffic goes through a capture: this is what the pump drives.</summary>
/// <param name="machine">The machine itself.</param>
/// <param name="capture">Where its packets are written.</param>
/// <param name="now">The time, for what is sent: a message does not say when it is taken.</param>
/// <param name="wallClock">Turns the machine's time into that of the file.</param>
internal sealed class CapturedMachine(IMachine machine, PacketCapture capture, Func<Instant> now, Func<Instant, DateTimeOffset> wallClock) : IMachine
{
    public Instant? NextTimeout => machine.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        capture.Received(wallClock(datagram.At), datagram.Path, datagram.Remote, datagram.Payload);
        machine.Receive(datagram);
    }

    public void Fail(in PathFailure failure) => machine.Fail(failure);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!machine.TryTransmit(buffer, out transmit)) return false;
        if (transmit.Use != StreamUse.End) capture.Sent(wallClock(now()), transmit.Path, transmit.Remote, buffer[..transmit.Length]);
        return true;
    }

    public void Sent(Instant now) => machine.Sent(now);
}
