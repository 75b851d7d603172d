namespace Softphone.Media;

/// <summary>
/// Opus (RFC 6716) for speech: 48 kHz mono, VOIP mode, variable bit rate that keeps to its average, complexity 9. FEC costs a little quality when nothing is
/// lost, so it is off until the far end reports loss (<see cref="Tune"/>).
/// </summary>
public sealed class OpusEncoder : IAudioEncoder
{
    private const int Complexity = 9;

    // The largest packet that a sender should make (RFC 6716 §3.2.1 bounds a frame at 1275 octets).
    private const int MaxPacket = 1276;

    private readonly IOpusEncoding _library;
    private BitrateAccount _account;
    private int _allowedBps;
    private int _askedBps;

    /// <exception cref="MissingLibraryException">libopus was asked for and is not installed.</exception>
    public OpusEncoder(EncoderTuning tuning, OpusLibrary library = OpusLibrary.Best)
    {
        _library = OpusDecoder.IsNative(library) ? new LibopusEncoding(Complexity) : new ManagedOpusEncoding(Complexity);
        Tune(tuning);
    }

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        Ask(_account.NextBps);
        var length = _library.Encode(pcm48k, payload[..Math.Min(payload.Length, MaxPacket)]);
        if (length < 0) throw new ArgumentException($"a frame of {pcm48k.Length} samples into {payload.Length} octets: Opus error {length}");

        // A packet of two octets or less need not be sent (RFC 6716 §2.1.9).
        if (length <= 2) length = 0;
        _account.Spend(pcm48k.Length, length);
        return length;
    }

    public void Tune(EncoderTuning tuning)
    {
        if (tuning.BitrateBps != _allowedBps) _account = new BitrateAccount(tuning.BitrateBps);
        _allowedBps = tuning.BitrateBps;
        _library.SetFec(tuning.Fec, Math.Clamp(tuning.ExpectedLossPercent, 0, 100));
    }

    public void Dispose() => _library.Dispose();

    private void Ask(int bitsPerSecond)
    {
        if (bitsPerSecond == _askedBps) return;
        _askedBps = bitsPerSecond;
        _library.SetBitrate(bitsPerSecond);
    }
}
