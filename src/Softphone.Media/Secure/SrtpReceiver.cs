namespace Softphone.Media;

/// <summary>
/// Opens what the peer sends under its master keys (RFC 3711 §3.3). A packet that is not the peer's changes nothing and allocates nothing.
/// When the keys change, those before are kept until the new ones are in use. Not for two threads at once.
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    /// <summary>
    /// So many packets under a new key, and what still comes under the old one is later than any line makes it.
    /// </summary>
    private const int Overlap = 100;

    private List<SrtpReceivingKey> _keys;
    private List<SrtpReceivingKey> _before = [];
    private int _opened;

    /// <param name="keys">The peer's keys; several are told apart by their MKI.</param>
    public SrtpReceiver(IReadOnlyList<SrtpKey> keys) => _keys = [.. keys.Select(k => new SrtpReceivingKey(k))];

    public IEnumerable<SrtpKey> Keys => _keys.Select(k => k.Key);

    /// <summary>The peer agreed on other keys. What it knew is kept where a key stays.</summary>
    public void Change(IReadOnlyList<SrtpKey> keys)
    {
        var known = _keys.Concat(_before).ToList();
        var next = keys.Select(k => known.Find(c => c.Key.Equals(k)) ?? new SrtpReceivingKey(k)).ToList();
        if (next.SequenceEqual(_keys)) return;
        var before = _keys.Where(k => !next.Contains(k)).ToList();
        foreach (var gone in _before.Where(k => !next.Contains(k))) gone.Dispose();
        (_keys, _before, _opened) = (next, before, 0);
    }

    /// <summary>Opens an RTP packet in place.</summary>
    /// <param name="packet">What came; it stays as it is where it is not taken.</param>
    /// <param name="length">Octets of the plain packet.</param>
    public SrtpVerdict Open(Span<byte> packet, out int length)
    {
        length = 0;
        var header = SrtpForm.RtpHeaderLength(packet);
        if (header == 0) return SrtpVerdict.Malformed;
        var verdict = SrtpVerdict.UnknownKey;
        foreach (var key in _keys)
        {
            verdict = key.Open(packet, header, Elsewhere(key, SrtpForm.Ssrc(packet)), out length);
            if (verdict == SrtpVerdict.Taken)
            {
                if (_before.Count > 0 && ++_opened >= Overlap) Forget();
                return verdict;
            }

            if (verdict != SrtpVerdict.UnknownKey) break;
        }

        foreach (var key in _before)
            if (key.Open(packet, header, null, out length) == SrtpVerdict.Taken) return SrtpVerdict.Taken;
        return verdict;
    }

    /// <summary>Opens a compound RTCP packet in place.</summary>
    public SrtpVerdict OpenRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < SrtpForm.RtcpHeader || packet[0] >> 6 != 2) return SrtpVerdict.Malformed;
        var verdict = SrtpVerdict.UnknownKey;
        foreach (var key in _keys)
        {
            verdict = key.OpenRtcp(packet, out length);
            if (verdict == SrtpVerdict.Taken) return verdict;
            if (verdict != SrtpVerdict.UnknownKey) break;
        }

        foreach (var key in _before)
            if (key.OpenRtcp(packet, out length) == SrtpVerdict.Taken) return SrtpVerdict.Taken;
        return verdict;
    }

    public void Dispose()
    {
        Forget();
        foreach (var key in _keys) key.Dispose();
        _keys.Clear();
    }

    private void Forget()
    {
        foreach (var key in _before) key.Dispose();
        _before.Clear();
    }

    // The roll-over counter of a source goes on under another key (RFC 3711 §3.3.1).
    private ulong? Elsewhere(SrtpReceivingKey key, uint ssrc)
    {
        if (_keys.Count + _before.Count == 1) return null;
        foreach (var other in _before)
            if (other.HighestOf(ssrc) is { } highest) return highest;
        foreach (var other in _keys)
            if (other != key && other.HighestOf(ssrc) is { } highest) return highest;
        return null;
    }
}
