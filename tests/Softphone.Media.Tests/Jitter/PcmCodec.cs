using System.Runtime.InteropServices;

namespace Softphone.Media.Tests;

/// <summary>
/// A codec for tests: a count of samples, the frame as it is, and (with FEC) the frame before it. Concealment repeats what was decoded
/// last, FEC is perfect.
/// </summary>
internal sealed class PcmCodec : IAudioEncoder, IAudioDecoder, ICodecFactory
{
    private readonly short[] _before = new short[5760];
    private int _beforeLength;
    private short _last;

    public bool Fec { get; set; }

    public EncoderTuning Tuning { get; private set; } = EncoderTuning.Default;

    public bool Supports(string name) => true;

    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning) => new PcmCodec { Fec = tuning.Fec };

    public IAudioDecoder CreateDecoder(string name) => new PcmCodec();

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        MemoryMarshal.Write(payload, (ushort)pcm48k.Length);
        MemoryMarshal.AsBytes(pcm48k).CopyTo(payload[2..]);
        var length = 2 + 2 * pcm48k.Length;
        if (Fec && _beforeLength > 0)
        {
            MemoryMarshal.AsBytes(_before.AsSpan(0, _beforeLength)).CopyTo(payload[length..]);
            length += 2 * _beforeLength;
        }

        pcm48k.CopyTo(_before);
        _beforeLength = pcm48k.Length;
        return length;
    }

    public void Tune(EncoderTuning tuning)
    {
        Tuning = tuning;
        Fec = tuning.Fec;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k)
    {
        var samples = SamplesOf(payload);
        if (samples == 0) return 0;
        MemoryMarshal.Cast<byte, short>(payload.Slice(2, 2 * samples)).CopyTo(pcm48k);
        _last = pcm48k[samples - 1];
        return samples;
    }

    public int Conceal(int samples, Span<short> pcm48k)
    {
        for (var i = 0; i < samples; i++) pcm48k[i] = (short)(_last * (samples - i) / samples);
        _last = 0;
        return samples;
    }

    public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k)
    {
        var own = SamplesOf(next);
        var copy = next[Math.Min(next.Length, 2 + 2 * own)..];
        if (copy.Length != 2 * samples) return false;
        MemoryMarshal.Cast<byte, short>(copy).CopyTo(pcm48k);
        return true;
    }

    public int SamplesOf(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2) return 0;
        var samples = MemoryMarshal.Read<ushort>(payload);
        return payload.Length >= 2 + 2 * samples ? samples : 0;
    }

    public void Dispose()
    {
    }
}
