using Softphone.Core;

namespace Softphone.Media;

/// <content>SRTP and SRTCP (RFC 3711) between the stream and its paths.</content>
public sealed partial class MediaSession
{
    /// <summary>So many forged packets and not one that was taken: the two sides have other keys.</summary>
    private const int ManyForged = 50;

    /// <summary>No stream that we agree on has longer packets: 120 ms of G.711 are half of it.</summary>
    private const int LongestProtected = 2048;

    private byte[] _opened = [];
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private long _unprotected, _forged, _replayed;
    private long _openedPackets;
    private bool _wornTold;

    /// <summary>Ends protection, begins it, or goes on with other keys; counters of a source go on (RFC 3711 §3.3.1).</summary>
    private void Secure(Instant now, MediaSecurity? security)
    {
        if (security is null)
        {
            if (_sender is null) return;
            _sender.Dispose();
            _receiver!.Dispose();
            (_sender, _receiver) = (null, null);
            if (_trace.IsOn) _trace.Emit(new MediaTrace.Secured(now, _name, ""));
            return;
        }

        if (_opened.Length == 0) _opened = new byte[LongestProtected];
        if (_receiver is null) _receiver = new SrtpReceiver(security.Receive);
        else _receiver.Change(security.Receive);
        if (_sender is not null && _sender.Key.Equals(security.Send)) return;
        var before = _sender;
        _sender = new SrtpSender(security.Send, before);
        before?.Dispose();
        _wornTold = false;
        // The first number in the lower half, so that who misses the beginning of the stream does not guess wrong (RFC 3711 §3.3.1).
        if (_sentPackets == 0) _sequence &= 0x7FFF;
        if (_trace.IsOn) _trace.Emit(new MediaTrace.Secured(now, _name, security.Send.Suite.Name));
    }

    /// <summary>Queues what stands in the buffer, protected where the stream is. What may not be protected is not sent.</summary>
    private void Dispatch(PathId path, byte[] buffer, int length, bool isReport)
    {
        if (_sender is { } sender)
        {
            if (!(isReport ? sender.TryProtectRtcp(buffer, length, out length) : sender.TryProtect(buffer, length, out length))) return;
            if (sender.IsWorn && !_wornTold)
            {
                _wornTold = true;
                _events.Enqueue(new MediaEvent.KeyWorn());
            }
        }

        _transmits.Enqueue(path, default, buffer.AsSpan(0, length));
    }

    /// <summary>The packet as it was before it was protected; false where it is not the peer's, and nothing may come of it.</summary>
    private bool TryOpen(in Datagram datagram, bool isReport, out Datagram plain)
    {
        plain = datagram;
        if (_receiver is not { } receiver) return true;
        if (datagram.Payload.Length > _opened.Length)
        {
            _malformed++;
            return false;
        }

        var packet = _opened.AsSpan(0, datagram.Payload.Length);
        datagram.Payload.CopyTo(packet);
        var verdict = isReport ? receiver.OpenRtcp(packet, out var length) : receiver.Open(packet, out length);
        if (verdict == SrtpVerdict.Taken)
        {
            _openedPackets++;
            plain = new Datagram(datagram.At, datagram.Path, datagram.Remote, packet[..length]);
            return true;
        }

        switch (verdict)
        {
            case SrtpVerdict.Malformed:
                _malformed++;
                break;
            case SrtpVerdict.Replayed:
                _replayed++;
                break;
            case SrtpVerdict.Unencrypted:
                _unprotected++;
                break;
            default:
                _forged++;
                if (_forged == ManyForged && _openedPackets == 0 && _trace.IsOn) _trace.Emit(new MediaTrace.KeysDiffer(datagram.At, _name));
                break;
        }

        return false;
    }
}
