namespace Softphone.Media;

/// <summary>Opus to 48 kHz mono, with the concealment of its library and the in-band FEC of the next packet (RFC 6716 §2.1.7).</summary>
public sealed class OpusDecoder : IAudioDecoder
{
    internal const int Rate = Pcm.Rate;

    /// <summary>2.5 ms, of which every Opus frame and every concealment is a multiple.</summary>
    private const int Step = 120;

    /// <summary>120 ms, the longest packet.</summary>
    private const int Longest = 5760;

    private readonly IOpusDecoding _library;

    /// <exception cref="MissingLibraryException">libopus was asked for and is not installed.</exception>
    public OpusDecoder(OpusLibrary library = OpusLibrary.Best) =>
        _library = IsNative(library) ? new LibopusDecoding() : new ManagedOpusDecoding();

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k) =>
        OpusPacket.TryRead(payload, out _) ? Run(payload, pcm48k, fec: false) : 0;

    public int Conceal(int samples, Span<short> pcm48k)
    {
        var wanted = Math.Min(samples, pcm48k.Length);
        var written = 0;
        while (wanted - written >= Step)
        {
            var part = Math.Min(Longest, (wanted - written) / Step * Step);
            var made = Run([], pcm48k.Slice(written, part), fec: false);
            if (made <= 0) break;
            written += made;
        }

        if (written == wanted) return written;
        Span<short> rest = stackalloc short[Step];
        if (wanted - written >= Step || Run([], rest, fec: false) == 0) rest.Clear();
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
            && Run(next, pcm48k[..samples], fec: true) == samples;

    public int SamplesOf(ReadOnlySpan<byte> payload) => OpusPacket.TryRead(payload, out var packet) ? packet.Samples : 0;

    public void Dispose() => _library.Dispose();

    internal static bool IsNative(OpusLibrary library) =>
        library == OpusLibrary.Native || (library == OpusLibrary.Best && NativeLibraries.IsPresent(NativeLibraries.Opus));

    /// <summary>
    /// Whether a packet holds low bit-rate redundancy (RFC 6716 §4.2.3–4.2.4): a SILK frame begins with one voice flag for each 20 ms
    /// and then the flag asked for, all as plain bits. CELT-only packets (configurations 16 and up) never do.
    /// </summary>
    internal static bool CarriesCopy(ReadOnlySpan<byte> payload)
    {
        if (!OpusPacket.TryRead(payload, out var packet) || payload[0] >= 0x80 || packet.First.IsEmpty) return false;
        var first = packet.First[0];
        var configuration = payload[0] >> 3;
        var silkFrames = configuration < 12 && (configuration & 3) >= 2 ? configuration & 3 : 1;
        var stereo = (payload[0] & 4) != 0;
        return ((first >> (7 - silkFrames)) & 1) != 0 || (stereo && ((first >> (6 - 2 * silkFrames)) & 1) != 0);
    }

    private int Run(ReadOnlySpan<byte> payload, Span<short> pcm48k, bool fec) =>
        _library.Decode(payload, pcm48k[..(Math.Min(pcm48k.Length, Longest) / Step * Step)], fec);
}
