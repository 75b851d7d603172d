using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The capture of a phone: what its machine sends and receives, as packets in a file (--pcap) or in memory. Local addresses are those that the paths were bound to;
/// a TCP path that only connects has no port of its own and gets one made up from its number. SIP over TLS stands there in the
/// clear, as the machine sees it, without the keys of SRTP. Belongs to the pump thread until that has ended.
/// </summary>
internal sealed class PacketCapture : IDisposable
{
    private const int LongestPiece = 32_768;
    private const int MostStreams = 1024;
    private const ushort FirstDynamicPort = 49_152;

    private readonly IPacketSink _sink;
    private readonly Dictionary<PathId, Local> _paths = [];
    private readonly Dictionary<(PathId Path, Address Remote), Positions> _streams = [];
    private readonly byte[] _buffer = new byte[WirePacket.LongestHeaders + WirePacket.LongestUdpPayload];
    private readonly byte[] _masked = new byte[WirePacket.LongestUdpPayload];
    private uint _streamOctets = 1;

    /// <param name="sink">Where packets go; disposed with this.</param>
    public PacketCapture(IPacketSink sink) => _sink = sink;

    /// <summary>What ended the file early; null while all is well. The call goes on without it.</summary>
    public Fault? Failure => _sink.Failure;

    /// <summary>Creates the file, or empties it; it is written by a thread of its own.</summary>
    public static bool TryOpen(
        string file,
        Func<TimeSpan> endLimit,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PacketCapture? capture,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Fault? fault)
    {
        try
        {
            capture = new PacketCapture(new AsideCapture(file, new PcapFile(file), endLimit));
            fault = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            capture = null;
            fault = new Fault(Layer.Internal, $"the capture {file} cannot be written: {e.Message}", "name another file");
            return false;
        }
    }

    public void Opened(PathId path, Transport transport, in Address bound) =>
        _paths[path] = new Local(transport, bound.Port != 0 ? bound : bound with { Port = (ushort)(FirstDynamicPort + path.Value % (1 << 14)) });

    public void Closed(PathId path) => _paths.Remove(path);

    public void Sent(DateTimeOffset at, PathId path, in Address remote, ReadOnlySpan<byte> payload) => Write(at, path, remote, payload, isSent: true);

    public void Received(DateTimeOffset at, PathId path, in Address remote, ReadOnlySpan<byte> payload) => Write(at, path, remote, payload, isSent: false);

    public void Dispose() => _sink.Dispose();

    private void Write(DateTimeOffset at, PathId path, in Address remote, ReadOnlySpan<byte> payload, bool isSent)
    {
        // What a machine sends on a path that it has closed, or to an address of the other family, does not leave either.
        if (Failure is not null || !_paths.TryGetValue(path, out var local) || local.Address.Ip.IsV4 != remote.Ip.IsV4) return;
        var (from, to) = isSent ? (local.Address, remote) : (remote, local.Address);
        if (local.Transport != Transport.Udp) WriteStream(at, (path, remote), from, to, payload, isSent);
        else if (payload.Length <= WirePacket.LongestUdpPayload) _sink.Write(at, WirePacket.Udp(_buffer, from, to, KeyMask.IsIn(payload) ? Masked(payload) : payload));
    }

    private ReadOnlySpan<byte> Masked(ReadOnlySpan<byte> message)
    {
        var mask = new KeyMask();
        return Masked(message, ref mask);
    }

    private ReadOnlySpan<byte> Masked(scoped ReadOnlySpan<byte> piece, scoped ref KeyMask mask)
    {
        var copy = _masked.AsSpan(0, piece.Length);
        piece.CopyTo(copy);
        mask.Apply(copy);
        return copy;
    }

    private void WriteStream(
        DateTimeOffset at, (PathId Path, Address Remote) stream, in Address from, in Address to, ReadOnlySpan<byte> payload, bool isSent)
    {
        if (!_streams.TryGetValue(stream, out var next))
        {
            // A stream forgotten here goes on behind a gap: it starts after every octet written so far, and so after its own.
            if (_streams.Count == MostStreams) _streams.Clear();
            next = new Positions(_streamOctets, _streamOctets, default, default);
        }

        while (!payload.IsEmpty)
        {
            var piece = payload[..Math.Min(payload.Length, LongestPiece)];
            var (sequence, acknowledged) = isSent ? (next.Sent, next.Received) : (next.Received, next.Sent);
            var mask = isSent ? next.SentMask : next.ReceivedMask;
            _sink.Write(at, WirePacket.Tcp(_buffer, from, to, sequence, acknowledged, Masked(piece, ref mask)));
            next = isSent ? next with { SentMask = mask } : next with { ReceivedMask = mask };
            next = isSent ? next with { Sent = next.Sent + (uint)piece.Length } : next with { Received = next.Received + (uint)piece.Length };
            _streamOctets += (uint)piece.Length;
            payload = payload[piece.Length..];
        }

        _streams[stream] = next;
    }

    private readonly record struct Local(Transport Transport, Address Address);

    /// <summary>The sequence numbers that come next, for each direction, and whether a key goes on there.</summary>
    private readonly record struct Positions(uint Sent, uint Received, KeyMask SentMask, KeyMask ReceivedMask);
}
