using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>A sender, a wire and a puller around one buffer. Its decoder writes down which frames it was given.</summary>
internal sealed class JitterBench(ulong seed, bool fec = false) : IAudioDecoder
{
    private readonly SeededEntropy _chance = new(seed);
    private readonly PcmCodec _codec = new() { Fec = fec };
    private readonly PcmCodec _decoder = new();
    private readonly List<(double At, RtpHeader Header, int Clock, byte[] Payload)> _wire = [];
    private readonly short[] _pcm = new short[JitterBufferTests.Frame];
    private readonly byte[] _octets = new byte[4 * JitterBufferTests.Frame + 16];
    private double _ms;
    private double _sentMs;
    private long _media;
    private uint _timestamp = uint.MaxValue - 200_000;
    private ushort _sequence = 65_400;
    private int _number;

    public JitterBuffer Buffer { get; } = new(JitterOptions.Default);

    public List<int> Decoded { get; } = [];

    public short[] Output { get; private set; } = [];

    public int Clock { get; set; } = 48_000;

    public int Waiting => Buffer.Waiting;

    public void Send(int lossPercent = 0, int duplicatePercent = 0, double jitterMs = 0, double networkMs = 5)
    {
        if (_sentMs > _ms) return;
        Speech.Fill(_media, _pcm);
        var length = _codec.Encode(_pcm, _octets.AsSpan(4));
        BinaryPrimitives.WriteInt32LittleEndian(_octets, _number++);
        var header = new RtpHeader(0, _sequence++, _timestamp, 1);
        Next();
        if (_chance.NextInt(100) < lossPercent) return;
        var copies = _chance.NextInt(100) < duplicatePercent ? 2 : 1;
        for (var i = 0; i < copies; i++)
            _wire.Add((_ms + networkMs + jitterMs * _chance.NextDouble(), header, Clock, _octets[..(4 + length)]));
    }

    public void Quiet(bool update)
    {
        if (_sentMs > _ms) return;
        if (update) _wire.Add((_ms + 5, new RtpHeader(0, _sequence++, _timestamp, 1), Clock, [1]));
        Next();
    }

    public void Jump(int sequence, int timestamp)
    {
        _sequence = (ushort)(_sequence + sequence);
        _timestamp += (uint)timestamp;
    }

    /// <summary>Something happens that no sender should do, or a few packets of one that loses, repeats and reorders.</summary>
    public void Mischief()
    {
        switch (_chance.NextInt(60))
        {
            case 0:
                Jump(_chance.NextInt(70_000), 0);
                break;
            case 1:
                Jump(0, (int)_chance.NextUInt32());
                break;
            case 2:
                Buffer.Reset();
                break;
            case 3:
                Buffer.PutOther(_sequence++);
                break;
            case 4:
                _ms += _chance.NextInt(2000);
                break;
            case 5:
                Clock = Clock == 8000 ? 48_000 : 8000;
                break;
            case < 12:
                Quiet(_chance.NextInt(2) == 0);
                break;
            default:
                Send(10, 10, 100);
                break;
        }
    }

    public JitterStatistics Pull(int samples)
    {
        _ms += samples / 48.0;
        foreach (var (at, header, clock, payload) in _wire.Where(p => p.At <= _ms).OrderBy(p => p.At).ToArray())
            Buffer.Put(At(at), header, clock, this, payload);
        _wire.RemoveAll(p => p.At <= _ms);
        Output = new short[samples];
        Buffer.Pull(At(_ms), Output);
        return Buffer.Statistics;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k)
    {
        if (payload.Length < 4) return Conceal(JitterBufferTests.Frame, pcm48k);
        Decoded.Add(BinaryPrimitives.ReadInt32LittleEndian(payload));
        return _decoder.Decode(payload[4..], pcm48k);
    }

    public int Conceal(int samples, Span<short> pcm48k) => _decoder.Conceal(samples, pcm48k);

    public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k) =>
        next.Length > 4 && _decoder.TryRecover(next[4..], samples, pcm48k);

    public int SamplesOf(ReadOnlySpan<byte> payload) => payload.Length < 4 ? JitterBufferTests.Frame : _decoder.SamplesOf(payload[4..]);

    public void Dispose()
    {
    }

    private static Instant At(double ms) => new((long)(ms * 1e6));

    private void Next()
    {
        _sentMs += 20;
        _media += JitterBufferTests.Frame;
        _timestamp += (uint)(Clock / 50);
        if (_sentMs < _ms - 100) _sentMs = _ms;
    }
}
