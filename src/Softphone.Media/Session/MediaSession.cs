using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// One audio stream of one call: encoder, RTP, RTCP, jitter buffer, decoder and telephone events as one machine. Its paths are the two
/// components of <see cref="MediaPath"/>; the transport below maps them to addresses, encrypts and decrypts. RFC 3550, 3551, 4733, 7587.
/// </summary>
public sealed class MediaSession : IMachine<MediaEvent>, IDisposable
{
    public MediaSession(MediaOptions options, ICodecFactory codecs, IEntropy entropy, Instant now, Trace? trace = null, string source = "media")
    {
    }

    public Instant? NextTimeout => null;

    /// <summary>One frame from the microphone, 48 kHz mono: 10 or 20 ms.</summary>
    public void Capture(Instant now, ReadOnlySpan<short> pcm48k)
    {
    }

    /// <summary>The next frame for the loudspeaker, 48 kHz mono: 10 or 20 ms. Always filled.</summary>
    public void Playout(Instant now, Span<short> pcm48k) => pcm48k.Clear();

    /// <summary>Queues keys: 0-9 * # A-D, ! for a hook flash, w for a pause of 500 ms.</summary>
    public bool SendDtmf(Instant now, string keys) => false;

    /// <summary>Which way audio may flow from now on (hold and resume).</summary>
    public void SetDirection(Instant now, AudioDirection direction)
    {
    }

    /// <summary>Sends silence in place of what is captured, and keeps everything else as it is.</summary>
    public void SetMuted(bool muted)
    {
    }

    /// <summary>A new offer and answer; our source, sequence numbers and timestamps go on (RFC 3264 §8).</summary>
    public void Update(Instant now, MediaOptions options)
    {
    }

    /// <summary>Says goodbye by RTCP and sends no more.</summary>
    public void Close(Instant now)
    {
    }

    public MediaStatistics Snapshot(Instant now) => throw new NotSupportedException();

    public void Receive(in Datagram datagram)
    {
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    public bool TryEvent([NotNullWhen(true)] out MediaEvent? happened)
    {
        happened = null;
        return false;
    }

    public void Dispose()
    {
    }
}
