namespace Softphone.Media;

/// <summary>G.722 at 64 kbit/s: 16 kHz speech split into two bands, an octet for every two samples (RFC 3551 §4.5.2).</summary>
internal sealed class G722Encoder : IBlockEncoder
{
    private readonly G722Band _low = new(isLow: true);
    private readonly G722Band _high = new(isLow: false);
    private readonly int[] _taps = new int[24];

    public int Rate => 16_000;

    public int SamplesPerOctet => 2;

    public void Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        for (var i = 0; i < pcm.Length / 2; i++)
        {
            Array.Copy(_taps, 2, _taps, 0, 22);
            _taps[22] = pcm[2 * i];
            _taps[23] = pcm[2 * i + 1];
            int odd = 0, even = 0;
            for (var tap = 0; tap < 12; tap++)
            {
                odd += _taps[2 * tap] * G722Tables.Mirror[tap];
                even += _taps[2 * tap + 1] * G722Tables.Mirror[11 - tap];
            }

            payload[i] = (byte)((_high.Encode((even - odd) >> 14) << 6) | _low.Encode((even + odd) >> 14));
        }
    }
}
