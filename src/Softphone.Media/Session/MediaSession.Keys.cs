using Softphone.Core;

namespace Softphone.Media;

/// <content>Keys: as telephone events (RFC 4733), or as tones in the audio where the peer takes none.</content>
public sealed partial class MediaSession
{
    /// <summary>Level of each frequency of a key in the audio: about -9 dBm0, between the two that ITU-T Q.23 gives.</summary>
    private const double KeyDbfs = -12;

    /// <summary>20 ms.</summary>
    private const int ListenedAtOnce = 960;

    private readonly DtmfSender _keys = new();
    private readonly DtmfListener _listener = new();
    private ToneGenerator? _keyTone;
    private bool _keysPending;

    /// <summary>
    /// Queues keys: 0-9 * # A-D, ! for a hook flash, w for a pause of 500 ms. They are sent in the place of audio while frames are captured;
    /// <see cref="MediaEvent.DtmfSent"/> follows the last.
    /// </summary>
    /// <returns>
    /// False, with nothing queued, when the peer takes no telephone events and <see cref="MediaOptions.KeysInBand"/> is off, a key is unknown
    /// or too many wait.
    /// </returns>
    public bool SendDtmf(Instant now, string keys)
    {
        if (_closed || (_options.SendEvents is null && !_options.KeysInBand) || !_keys.TryEnqueue(keys)) return false;
        _keysPending |= _keys.IsBusy;
        return true;
    }

    /// <summary>A key that is due takes the frame's place; true when a packet of its own did, and the frame is not to be sent.</summary>
    private bool SendKeys(Instant now, long start, int frame)
    {
        if (!_keys.IsBusy || (_options.SendEvents is null && !_options.KeysInBand)) return false;
        var isDue = _keys.TryNext(start, frame, _options.SendEvents?.ClockRate ?? 48_000, out var key);
        if (isDue && _options.SendEvents is { } events) SendKey(now, events, key);
        else if (isDue) SoundKey(key, _frame.AsSpan(0, frame));
        if (_keysPending && !_keys.IsBusy)
        {
            _keysPending = false;
            _events.Enqueue(new MediaEvent.DtmfSent());
        }

        return isDue && _options.SendEvents is not null;
    }

    private void HearKeys(Span<short> heard)
    {
        for (; heard.Length > 0; heard = heard[Math.Min(heard.Length, ListenedAtOnce)..])
            if (_listener.TryTake(heard[..Math.Min(heard.Length, ListenedAtOnce)], out var key, out var durationMs)) _events.Enqueue(new MediaEvent.DtmfReceived(key, durationMs, "inband"));
    }

    private void SendKey(Instant now, EventFormat format, in DtmfPacket key)
    {
        key.Event.Write(_packet.AsSpan(RtpHeader.Length));
        Send(now, format.PayloadType, Timestamp(key.Start, format.ClockRate) + key.Offset, key.Marker, TelephoneEvent.Length);
        _talkspurt = false;
    }

    /// <summary>The key's tone, then silence, over what was captured: a voice beneath would hide it from whoever listens for keys.</summary>
    private void SoundKey(in DtmfPacket key, Span<short> frame)
    {
        if (key.Marker) _keyTone = Tone.IsKey(key.Event.Key) ? new ToneGenerator(Tone.Dtmf(key.Event.Key, _keys.ToneLength.TotalSeconds), KeyDbfs) : null;
        if (_keyTone is null) frame.Clear();
        else _keyTone.Read(frame);
    }
}
