using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// The gate between a stream and its paths: what leaves waits here, protected where keys were agreed on (RFC 3711), and what comes is opened.
/// Where keys come by a handshake nothing passes before it (RFC 5764 §5.1). Owned by one <see cref="MediaSession"/>.
/// </summary>
internal sealed class StreamGate(Trace trace, string name) : IDisposable
{
    /// <summary>So many forged packets and not one that was taken: the two sides have other keys.</summary>
    private const int ManyForged = 50;

    /// <summary>No stream that we agree on has longer packets: 120 ms of G.711 are half of it.</summary>
    private const int LongestProtected = 2048;

    /// <summary>The peer may have the keys before us by the time of one flight: so many packets of its first words are kept.</summary>
    private const int MostHeld = 16;

    private readonly TransmitQueue _transmits = new(8192, 1 << 18);
    private readonly GateLane _media = new(trace, name);
    private readonly Queue<Held> _held = [];
    private byte[] _opened = [];

    /// <summary>RTCP where it has keys of its own; null where it shares those of RTP.</summary>
    private GateLane? _reports;

    /// <summary>Too short or too long, or no RTP or RTCP by form.</summary>
    public long Malformed { get; private set; }

    /// <summary>Their tag is not of the peer's key, or they name no key that we know.</summary>
    public long Forged { get; private set; }

    /// <summary>They came before, or later than the replay window reaches.</summary>
    public long Replayed { get; private set; }

    /// <summary>RTCP that says of itself that it is not encrypted.</summary>
    public long Unprotected { get; private set; }

    /// <summary>Packets that wait for keys.</summary>
    public int HeldCount => _held.Count;

    /// <summary>What was agreed on takes effect.</summary>
    /// <returns>Our packets are protected with a key that is new.</returns>
    public bool Secure(Instant now, MediaOptions options)
    {
        if (_opened.Length == 0 && options.Security is not null) _opened = new byte[LongestProtected];
        if (options.SecuresReportsApart) (_reports ??= new GateLane(Trace.Off, name)).Secure(now, options.ReportSecurity, isAwaited: true);
        else if (_reports is not null) DropReports();
        return _media.Secure(now, options.Security, options.AwaitsKeys);
    }

    /// <summary>Queues a packet. What may not be protected is not sent.</summary>
    /// <param name="path">Where it leaves.</param>
    /// <param name="buffer">The packet, and room behind it for <see cref="SrtpSuite.MostOverhead"/>.</param>
    /// <param name="length">Octets of the packet.</param>
    /// <param name="isReport">It is RTCP.</param>
    /// <returns>The key has, with this packet, nearly done what a key may.</returns>
    public bool Send(PathId path, Span<byte> buffer, int length, bool isReport)
    {
        var lane = LaneOf(isReport);
        if (!lane.TryProtect(buffer, ref length, isReport)) return false;
        _transmits.Enqueue(path, default, buffer[..length]);
        return lane.IsWorn();
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _transmits.TryDequeue(buffer, out transmit);

    /// <summary>The packet as it was before it was protected; false where it is not the peer's, and nothing may come of it.</summary>
    public bool TryOpen(in Datagram datagram, bool isReport, out Datagram plain)
    {
        plain = datagram;
        var lane = LaneOf(isReport);
        if (lane.IsWaiting)
        {
            if (_held.Count < MostHeld && datagram.Payload.Length <= LongestProtected) _held.Enqueue(new Held(datagram.Path, datagram.Remote, datagram.Payload.ToArray()));
            return false;
        }

        if (!lane.IsSecure) return true;
        if (datagram.Payload.Length > _opened.Length)
        {
            Malformed++;
            return false;
        }

        var packet = _opened.AsSpan(0, datagram.Payload.Length);
        datagram.Payload.CopyTo(packet);
        var verdict = lane.Open(packet, isReport, out var length);
        if (verdict == SrtpVerdict.Taken)
        {
            plain = new Datagram(datagram.At, datagram.Path, datagram.Remote, packet[..length]);
            return true;
        }

        Count(datagram.At, verdict, lane);
        return false;
    }

    /// <summary>What came before the keys did, once they are there.</summary>
    public bool TryTakeHeld([NotNullWhen(true)] out Held? held)
    {
        held = null;
        return !_media.IsWaiting && _held.TryDequeue(out held);
    }

    public void Dispose()
    {
        _media.Dispose();
        DropReports();
    }

    private GateLane LaneOf(bool isReport) => isReport && _reports is { } reports ? reports : _media;

    private void DropReports()
    {
        _reports?.Dispose();
        _reports = null;
    }

    private void Count(Instant now, SrtpVerdict verdict, GateLane lane)
    {
        switch (verdict)
        {
            case SrtpVerdict.Malformed:
                Malformed++;
                break;
            case SrtpVerdict.Replayed:
                Replayed++;
                break;
            case SrtpVerdict.Unencrypted:
                Unprotected++;
                break;
            default:
                Forged++;
                if (Forged == ManyForged && lane.Taken == 0 && trace.IsOn) trace.Emit(new MediaTrace.KeysDiffer(now, name));
                break;
        }
    }

    /// <summary>A packet that waits for its keys.</summary>
    public sealed record Held(PathId Path, Address Remote, byte[] Octets);
}
