using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// The gate between a stream and its paths: what leaves waits here, protected where keys were agreed on (RFC 3711), and what comes is opened.
/// Owned by one <see cref="MediaSession"/>.
/// </summary>
internal sealed class StreamGate(Trace trace, string name) : IDisposable
{
    /// <summary>So many forged packets and not one that was taken: the two sides have other keys.</summary>
    private const int ManyForged = 50;

    /// <summary>No stream that we agree on has longer packets: 120 ms of G.711 are half of it.</summary>
    private const int LongestProtected = 2048;

    private readonly TransmitQueue _transmits = new(8192, 1 << 18);
    private byte[] _opened = [];
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;

    /// <summary>Keys are in force. What they have done is kept without it too: a branch that rang, and answers after another, brings the same key again.</summary>
    private bool _isSecure;
    private long _taken;
    private bool _isWornTold;

    /// <summary>Too short or too long, or no RTP or RTCP by form.</summary>
    public long Malformed { get; private set; }

    /// <summary>Their tag is not of the peer's key, or they name no key that we know.</summary>
    public long Forged { get; private set; }

    /// <summary>They came before, or later than the replay window reaches.</summary>
    public long Replayed { get; private set; }

    /// <summary>RTCP that says of itself that it is not encrypted.</summary>
    public long Unprotected { get; private set; }

    /// <summary>Ends protection, begins it, or goes on with other keys; counters of a source go on (RFC 3711 §3.3.1).</summary>
    /// <returns>Our packets are protected with a key that is new.</returns>
    public bool Secure(Instant now, MediaSecurity? security)
    {
        var was = _isSecure;
        _isSecure = security is not null;
        if (security is null)
        {
            if (was && trace.IsOn) trace.Emit(new MediaTrace.Secured(now, name, ""));
            return false;
        }

        if (_opened.Length == 0) _opened = new byte[LongestProtected];
        if (_receiver is null) _receiver = new SrtpReceiver(security.Receive);
        else _receiver.Change(security.Receive);
        var isNew = _sender?.Key.Equals(security.Send) != true;
        if (isNew)
        {
            // A peer that was plain in between has let go of its counters (RFC 3711 §3.3.1), and counts from the beginning under the new key.
            var before = _sender;
            _sender = new SrtpSender(security.Send, was ? before : null);
            before?.Dispose();
            _isWornTold = false;
        }

        if ((isNew || !was) && trace.IsOn) trace.Emit(new MediaTrace.Secured(now, name, security.Send.Suite.Name));
        return isNew;
    }

    /// <summary>Queues a packet. What may not be protected is not sent.</summary>
    /// <param name="path">Where it leaves.</param>
    /// <param name="buffer">The packet, and room behind it for <see cref="SrtpSuite.MostOverhead"/>.</param>
    /// <param name="length">Octets of the packet.</param>
    /// <param name="isReport">It is RTCP.</param>
    /// <returns>The key has, with this packet, nearly done what a key may.</returns>
    public bool Send(PathId path, Span<byte> buffer, int length, bool isReport)
    {
        if (_isSecure && _sender is { } sender && !(isReport ? sender.TryProtectRtcp(buffer, length, out length) : sender.TryProtect(buffer, length, out length))) return false;
        _transmits.Enqueue(path, default, buffer[..length]);
        if (!_isSecure || _isWornTold || _sender?.IsWorn != true) return false;
        _isWornTold = true;
        return true;
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _transmits.TryDequeue(buffer, out transmit);

    /// <summary>The packet as it was before it was protected; false where it is not the peer's, and nothing may come of it.</summary>
    public bool TryOpen(in Datagram datagram, bool isReport, out Datagram plain)
    {
        plain = datagram;
        if (!_isSecure || _receiver is not { } receiver) return true;
        if (datagram.Payload.Length > _opened.Length)
        {
            Malformed++;
            return false;
        }

        var packet = _opened.AsSpan(0, datagram.Payload.Length);
        datagram.Payload.CopyTo(packet);
        var verdict = isReport ? receiver.OpenRtcp(packet, out var length) : receiver.Open(packet, out length);
        if (verdict == SrtpVerdict.Taken)
        {
            _taken++;
            plain = new Datagram(datagram.At, datagram.Path, datagram.Remote, packet[..length]);
            return true;
        }

        Count(datagram.At, verdict);
        return false;
    }

    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
    }

    private void Count(Instant now, SrtpVerdict verdict)
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
                if (Forged == ManyForged && _taken == 0 && trace.IsOn) trace.Emit(new MediaTrace.KeysDiffer(now, name));
                break;
        }
    }
}
