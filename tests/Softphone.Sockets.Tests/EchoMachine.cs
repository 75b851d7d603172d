using System.Collections.Concurrent;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

/// <summary>Sends back what it receives, and records what it is told. Observed from the test's thread through the queues alone.</summary>
internal sealed class EchoMachine : IMachine
{
    private readonly TransmitQueue _out = new();

    public BlockingCollection<(PathId Path, Address Remote, byte[] Payload)> Received { get; } = [];

    public BlockingCollection<PathFailure> Failures { get; } = [];

    public BlockingCollection<Instant> Advances { get; } = [];

    /// <summary>How much was received; on the pump thread.</summary>
    public int Count { get; private set; }

    public bool Echoes { get; init; } = true;

    public Instant? NextTimeout { get; set; }

    public void Send(PathId path, Address remote, ReadOnlySpan<byte> payload, StreamUse use = StreamUse.Open) => _out.Enqueue(path, remote, payload, use);

    public void Receive(in Datagram datagram)
    {
        Count++;
        Received.Add((datagram.Path, datagram.Remote, datagram.Payload.ToArray()));
        if (Echoes) _out.Enqueue(datagram.Path, datagram.Remote, datagram.Payload);
    }

    /// <summary>Called when time has passed; on the pump thread.</summary>
    public Action? AtAdvance { get; set; }

    public void Fail(in PathFailure failure) => Failures.Add(failure);

    public void Advance(Instant now)
    {
        NextTimeout = null;
        Advances.Add(now);
        AtAdvance?.Invoke();
    }

    /// <summary>Called when something is taken to be sent; on the pump thread.</summary>
    public Action? Taken { get; init; }

    public BlockingCollection<Instant> Left { get; } = [];

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!_out.TryDequeue(buffer, out transmit)) return false;
        Taken?.Invoke();
        return true;
    }

    public void Sent(Instant now) => Left.Add(now);
}
