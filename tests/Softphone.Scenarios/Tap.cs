using Softphone.Core;

namespace Softphone.Scenarios;

/// <summary>Stands between a host and the machine on it: keeps what arrives, so that a test can send it again damaged, and counts what leaves.</summary>
internal sealed class Tap(IMachine machine) : IMachine
{
    private const int MaxKept = 400;

    private readonly Dictionary<(PathId, byte), int> _kinds = [];

    /// <summary>What arrived, at most some of each path and first octet.</summary>
    public List<(PathId Path, Address Remote, byte[] Octets)> Heard { get; } = [];

    /// <summary>Changes what arrives; null leaves it.</summary>
    public Func<byte[], byte[]>? Mangle { get; set; }

    public int Sent { get; private set; }

    public long SentOctets { get; private set; }

    public Instant? NextTimeout => machine.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        var kind = (datagram.Path, datagram.Payload.IsEmpty ? (byte)0 : datagram.Payload[0]);
        var seen = _kinds.GetValueOrDefault(kind);
        if (seen < 40 && Heard.Count < MaxKept)
        {
            _kinds[kind] = seen + 1;
            Heard.Add((datagram.Path, datagram.Remote, datagram.Payload.ToArray()));
        }

        if (Mangle is { } mangle) machine.Receive(new Datagram(datagram.At, datagram.Path, datagram.Remote, mangle(datagram.Payload.ToArray())));
        else machine.Receive(datagram);
    }

    /// <summary>Hands the machine octets that never crossed the network.</summary>
    public void Inject(Instant now, PathId path, Address remote, ReadOnlySpan<byte> octets) => machine.Receive(new Datagram(now, path, remote, octets));

    public void Fail(in PathFailure failure) => machine.Fail(failure);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!machine.TryTransmit(buffer, out transmit)) return false;
        Sent++;
        SentOctets += transmit.Length;
        return true;
    }
}
