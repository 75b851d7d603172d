namespace Softphone.Media;

/// <summary>Opus to 48 kHz mono, with libopus' concealment and the in-band FEC of the next packet (RFC 6716 §2.1.7).</summary>
public sealed unsafe class OpusDecoder : IAudioDecoder
{
    private const int Rate = 48_000;

    /// <summary>2.5 ms, of which every Opus frame and every concealment is a multiple.</summary>
    private const int Step = 120;

    /// <summary>120 ms, the longest packet.</summary>
    private const int Longest = 5760;

    private readonly OpusDecoderHandle _handle;

    /// <exception cref="MissingLibraryException">libopus is not installed.</exception>
    public OpusDecoder()
    {
        NativeLibraries.Require(NativeLibraries.Opus);
        _handle = Libopus.CreateDecoder(Rate, 1, out var error);
        if (error != 0 || _handle.IsInvalid) throw new InvalidOperationException($"libopus made no decoder: error {error}");
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k) =>
        payload.IsEmpty ? 0 : Run(payload, pcm48k, fec: 0);

    public int Conceal(int samples, Span<short> pcm48k)
    {
        var wanted = Math.Min(samples, pcm48k.Length);
        var written = 0;
        while (wanted - written >= Step)
        {
            var part = Math.Min(Longest, (wanted - written) / Step * Step);
            var made = Run([], pcm48k.Slice(written, part), fec: 0);
            if (made <= 0) break;
            written += made;
        }

        if (written == wanted) return written;
        Span<short> rest = stackalloc short[Step];
        if (wanted - written >= Step || Run([], rest, fec: 0) == 0) rest.Clear();
        while (written < wanted)
        {
            var part = Math.Min(Step, wanted - written);
            rest[..part].CopyTo(pcm48k[written..]);
            written += part;
        }

        return written;
    }

    public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k) =>
        samples > 0 && samples % Step == 0 && samples <= pcm48k.Length && CarriesCopy(next)
            && Run(next, pcm48k[..samples], fec: 1) == samples;

    public int SamplesOf(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return 0;
        fixed (byte* octets = payload) return Math.Max(0, Libopus.CountSamples(octets, payload.Length, Rate));
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>
    /// Whether a packet holds low bit-rate redundancy (RFC 6716 §4.2.3–4.2.4): a SILK frame begins with one voice flag for each 20 ms
    /// and then the flag asked for, all as plain bits. CELT-only packets (configurations 16 and up) never do.
    /// </summary>
    internal static bool CarriesCopy(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] >= 0x80) return false;
        var frames = stackalloc byte*[Libopus.MaxFrames];
        var sizes = stackalloc short[Libopus.MaxFrames];
        fixed (byte* octets = payload)
        {
            if (Libopus.Parse(octets, payload.Length, null, frames, sizes, null) <= 0 || sizes[0] == 0) return false;
            var configuration = payload[0] >> 3;
            var silkFrames = configuration < 12 && (configuration & 3) >= 2 ? configuration & 3 : 1;
            var stereo = (payload[0] & 4) != 0;
            var first = frames[0][0];
            return ((first >> (7 - silkFrames)) & 1) != 0 || (stereo && ((first >> (6 - 2 * silkFrames)) & 1) != 0);
        }
    }

    private int Run(ReadOnlySpan<byte> payload, Span<short> pcm48k, int fec)
    {
        fixed (byte* octets = payload)
        fixed (short* pcm = pcm48k)
        {
            var capacity = Math.Min(pcm48k.Length, Longest) / Step * Step;
            return Math.Max(0, Libopus.Decode(_handle, octets, payload.Length, pcm, capacity, fec));
        }
    }
}
