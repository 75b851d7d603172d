using System.Text;
using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>A test's machine: sends what it is told to and writes down what it gets. May echo.</summary>
internal sealed class Probe : IMachine
{
    private readonly TransmitQueue _out = new();

    public List<(Instant At, PathId Path, Address From, string Text)> Received { get; } = [];

    public List<PathFailure> Failures { get; } = [];

    public List<Instant> Woken { get; } = [];

    public bool Echoes { get; init; }

    /// <summary>What everything is answered with.</summary>
    public string? Reply { get; set; }

    public Instant? NextTimeout { get; set; }

    public void Send(PathId path, Address to, string text, StreamUse use = StreamUse.Open) => _out.Enqueue(path, to, Encoding.ASCII.GetBytes(text), use);

    public void End(PathId path, Address to) => _out.EnqueueEnd(path, to);

    public void Send(PathId path, Address to, ReadOnlySpan<byte> bytes) => _out.Enqueue(path, to, bytes);

    public void Receive(in Datagram datagram)
    {
        Received.Add((datagram.At, datagram.Path, datagram.Remote, Encoding.Latin1.GetString(datagram.Payload)));
        if (Reply is { } text) Send(datagram.Path, datagram.Remote, text);
        if (Echoes) _out.Enqueue(datagram.Path, datagram.Remote, datagram.Payload);
    }

    public void Fail(in PathFailure failure) => Failures.Add(failure);

    public void Advance(Instant now)
    {
        if (NextTimeout is not { } due || due > now) return;
        Woken.Add(now);
        NextTimeout = null;
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);
}
