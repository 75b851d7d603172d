namespace Softphone.Core;

/// <summary>
/// The verbs that drive a protocol machine. A machine is a plain object without socket, clock, thread, chance or logger: its
/// owner tells it the time and the bytes, and after every input drains <see cref="TryTransmit"/> and then the events. Time never
/// goes backwards between inputs. Nothing that comes from the network makes a verb throw.
/// </summary>
public interface IMachine
{
    /// <summary>When to call <see cref="Advance"/> at the latest; null when nothing is pending.</summary>
    Instant? NextTimeout { get; }

    /// <summary>Bytes arrived.</summary>
    void Receive(in Datagram datagram);

    /// <summary>A send failed, a connection ended, or an ICMP error came back.</summary>
    void Fail(in PathFailure failure);

    /// <summary>Time has passed: everything due by now happens. Calling it early is harmless.</summary>
    void Advance(Instant now);

    /// <summary>
    /// Takes the next message to send. A buffer of <see cref="Limits.Datagram"/> octets always suffices for UDP; a stream machine
    /// cuts longer messages into several transmits.
    /// </summary>
    /// <returns>False when nothing is waiting.</returns>
    bool TryTransmit(Span<byte> buffer, out Transmit transmit);

    /// <summary>
    /// What <see cref="TryTransmit"/> gave has left. Where that is later than the input that made it, since the first use of code takes its time or the
    /// processor was busy elsewhere, a machine whose timers count from sending puts them right. For most it means nothing.
    /// </summary>
    void Sent(Instant now)
    {
    }
}

/// <summary>A machine whose owner is told what happened, as cases of a closed union.</summary>
public interface IMachine<TEvent> : IMachine
    where TEvent : class
{
    /// <summary>Takes the next thing that happened; false when there is none.</summary>
    bool TryEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TEvent? happened);
}
