using Softphone.Captures;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Captures.Tests;

/// <summary>Stands between a virtual host and its phone, and writes down what goes by, as a capture on that host would have it.</summary>
internal sealed class LabCapture(IMachine machine, VirtualHost host) : IMachine
{
    private readonly Dictionary<(PathId Path, Address Remote), (uint Sent, uint Received)> _streams = [];

    public WireScript Wire { get; } = new();

    public Instant? NextTimeout => machine.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        Write(datagram.At, datagram.Path, datagram.Remote, datagram.Payload, isSent: false);
        machine.Receive(datagram);
    }

    public void Fail(in PathFailure failure) => machine.Fail(failure);

    public void Advance(Instant now) => machine.Advance(now);

    public void Sent(Instant now) => machine.Sent(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!machine.TryTransmit(buffer, out transmit)) return false;
        if (transmit.Use != StreamUse.End) Write(host.World.Now, transmit.Path, transmit.Remote, buffer[..transmit.Length], isSent: true);
        return true;
    }

    private void Write(Instant at, PathId path, Address remote, ReadOnlySpan<byte> payload, bool isSent)
    {
        if (payload.IsEmpty || !host.TryBound(path, out var transport, out var local) || local.Ip.IsV4 != remote.Ip.IsV4) return;
        if (local.Port == 0) local = local with { Port = (ushort)(49_152 + path.Value) };
        Wire.Now = (at - Instant.Zero).TotalSeconds;
        var (from, to) = isSent ? (local.ToString(), remote.ToString()) : (remote.ToString(), local.ToString());
        if (transport == Transport.Udp)
        {
            Wire.Udp(from, to, payload);
            return;
        }

        var (sent, received) = _streams.GetValueOrDefault((path, remote), (1u, 1u));
        Wire.Tcp(from, to, isSent ? sent : received, isSent ? received : sent, payload);
        _streams[(path, remote)] = isSent ? (sent + (uint)payload.Length, received) : (sent, received + (uint)payload.Length);
    }
}
