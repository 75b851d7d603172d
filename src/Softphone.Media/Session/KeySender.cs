namespace Softphone.Media;

/// <summary>Keys that are to be sent: as telephone events (RFC 4733), or as tones in the audio where the peer takes none.</summary>
internal sealed class KeySender(StreamContext stream)
{
    /// <summary>Level of each frequency of a key in the audio: about -9 dBm0, between the two that ITU-T Q.23 gives.</summary>
    private const double KeyDbfs = -12;

    private readonly DtmfSender _keys = new();

    /// <summary>Of the key that sounds.</summary>
    private ToneGenerator? _tone;

    /// <summary>Keys were queued, and the last was not told to be sent yet.</summary>
    private bool _isPending;

    private bool HasAWay => stream.Options.SendEvents is not null || stream.Options.KeysInBand;

    /// <summary>False, with nothing queued, when there is no way to send keys, one is unknown or too many wait.</summary>
    public bool TryEnqueue(string keys)
    {
        if (!HasAWay || !_keys.TryEnqueue(keys)) return false;
        _isPending |= _keys.IsBusy;
        return true;
    }

    /// <summary>A key that is due takes the frame's place: as a packet of its own, or as a tone over what was captured.</summary>
    /// <param name="start">Media position of the frame, in samples at 48 kHz.</param>
    /// <param name="frame">What was captured.</param>
    /// <param name="key">The packet that goes in the place of the frame.</param>
    /// <returns>The frame is not to be sent: the packet is.</returns>
    public bool TryTake(long start, Span<short> frame, out DtmfPacket key)
    {
        key = default;
        if (!_keys.IsBusy || !HasAWay) return false;
        var isDue = _keys.TryNext(start, frame.Length, stream.Options.SendEvents?.ClockRate ?? 48_000, out key);
        if (isDue && stream.Options.SendEvents is null) Sound(key, frame);
        return isDue && stream.Options.SendEvents is not null;
    }

    /// <summary>What was taken has left.</summary>
    public void Sent()
    {
        if (!_isPending || _keys.IsBusy) return;
        _isPending = false;
        stream.Events.Enqueue(new MediaEvent.DtmfSent());
    }

    /// <summary>The key's tone, then silence, over what was captured: a voice beneath would hide it from whoever listens for keys.</summary>
    private void Sound(in DtmfPacket key, Span<short> frame)
    {
        if (key.Marker) _tone = Tone.IsKey(key.Event.Key) ? new ToneGenerator(Tone.Dtmf(key.Event.Key, _keys.ToneLength.TotalSeconds), KeyDbfs) : null;
        if (_tone is null) frame.Clear();
        else _tone.Read(frame);
    }
}
