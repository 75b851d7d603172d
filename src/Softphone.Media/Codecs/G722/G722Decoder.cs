namespace Softphone.Media;

/// <summary>G.722 at 64 kbit/s back to 16 kHz.</summary>
internal sealed class G722Decoder : IBlockDecoder
{
    private readonly G722Band _low = new(isLow: true);
    private readonly G722Band _high = new(isLow: false);
    private readonly int[] _taps = new int[24];

    public int Rate => 16_000;

    public int SamplesPerOctet => 2;

    public void Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        for (var i = 0; i < payload.Length; i++)
        {
            var low = _low.Decode(payload[i] & 63);
            var high = _high.Decode(payload[i] >> 6);
            Array.Copy(_taps, 2, _taps, 0, 22);
            _taps[22] = low + high;
            _taps[23] = low - high;
            int first = 0, second = 0;
            for (var tap = 0; tap < 12; tap++)
            {
                second += _taps[2 * tap] * G722Tables.Mirror[tap];
                first += _taps[2 * tap + 1] * G722Tables.Mirror[11 - tap];
            }

            pcm[2 * i] = (short)Math.Clamp(first >> 11, short.MinValue, short.MaxValue);
            pcm[2 * i + 1] = (short)Math.Clamp(second >> 11, short.MinValue, short.MaxValue);
        }
    }
}
