using Softphone.Core;

namespace Softphone.Cli;

/// <summary>A machine whose STUN and TURN messages are told, a line each, as they pass: this is what the pump drives.</summary>
/// <param name="machine">The machine itself.</param>
/// <param name="tell">Takes a line, on the thread of the pump.</param>
internal sealed class ToldMachine(IMachine machine, Action<string> tell) : IMachine
{
    public Instant? NextTimeout => machine.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        if (StunLine.Of(datagram.Payload) is { } line) tell($"← {datagram.Remote} {line}");
        machine.Receive(datagram);
    }

    public void Fail(in PathFailure failure) => machine.Fail(failure);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!machine.TryTransmit(buffer, out transmit)) return false;
        if (transmit.Use != StreamUse.End && StunLine.Of(buffer[..transmit.Length]) is { } line) tell($"→ {transmit.Remote} {line}");
        return true;
    }

    public void Sent(Instant now) => machine.Sent(now);
}
