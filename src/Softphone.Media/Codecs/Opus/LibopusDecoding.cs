namespace Softphone.Media;

/// <summary>A decoder of libopus.</summary>
internal sealed unsafe class LibopusDecoding : IOpusDecoding
{
    private readonly OpusDecoderHandle _handle;

    /// <exception cref="MissingLibraryException">libopus is not installed.</exception>
    public LibopusDecoding()
    {
        NativeLibraries.Require(NativeLibraries.Opus);
        _handle = Libopus.CreateDecoder(OpusDecoder.Rate, 1, out var error);
        if (error != 0 || _handle.IsInvalid) throw new InvalidOperationException($"libopus made no decoder: error {error}");
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k, bool fec)
    {
        fixed (byte* octets = payload)
        fixed (short* pcm = pcm48k)
            return Math.Max(0, Libopus.Decode(_handle, octets, payload.Length, pcm, pcm48k.Length, fec ? 1 : 0));
    }

    public void Dispose() => _handle.Dispose();
}
