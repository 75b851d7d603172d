namespace Softphone.Media;

/// <summary>An encoder of libopus.</summary>
internal sealed unsafe class LibopusEncoding : IOpusEncoding
{
    private readonly OpusEncoderHandle _handle;

    /// <exception cref="MissingLibraryException">libopus is not installed.</exception>
    public LibopusEncoding(int complexity)
    {
        NativeLibraries.Require(NativeLibraries.Opus);
        _handle = Libopus.CreateEncoder(48_000, 1, Libopus.ApplicationVoip, out var error);
        if (error != 0 || _handle.IsInvalid) throw new InvalidOperationException($"libopus made no encoder: error {error}");
        Libopus.Control(_handle, Libopus.SetComplexity, complexity);
        Libopus.Control(_handle, Libopus.SetVbr, 1);
    }

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        fixed (short* pcm = pcm48k)
        fixed (byte* target = payload)
            return Libopus.Encode(_handle, pcm, pcm48k.Length, target, payload.Length);
    }

    public void SetBitrate(int bitsPerSecond) => Libopus.Control(_handle, Libopus.SetBitrate, bitsPerSecond);

    public void SetFec(bool on, int lossPercent)
    {
        Libopus.Control(_handle, Libopus.SetInbandFec, on ? 1 : 0);
        Libopus.Control(_handle, Libopus.SetPacketLossPercent, lossPercent);
    }

    public void Dispose() => _handle.Dispose();
}
