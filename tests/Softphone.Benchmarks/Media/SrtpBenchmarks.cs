using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Benchmarks;

/// <summary>20 ms of G.711, 160 octets and the header, protected and opened again; beside libsrtp2 where that is installed.</summary>
public class SrtpBenchmarks
{
    private const int Length = RtpHeader.Length + 160;

    private readonly byte[] _packet = new byte[Length + SrtpSuite.MostOverhead];
    private readonly byte[] _forged = new byte[Length + 10];
    private Way _cm = null!;
    private Way _cm256 = null!;
    private Way _gcm = null!;
    private LibSrtp? _theirCm;
    private LibSrtp? _theirGcm;
    private ushort _theirSequence;
    private ushort _theirGcmSequence;

    [GlobalSetup]
    public void Setup()
    {
        _cm = new Way(SrtpSuite.AesCm128Tag80);
        _cm256 = new Way(SrtpSuite.AesCm256Tag80);
        _gcm = new Way(SrtpSuite.AeadAes128Gcm);
        new RtpHeader(0, 1, 160, 0xCAFE, false).Write(_forged);
        if (!LibSrtp.IsPresent) return;
        _theirCm = new LibSrtp(false, new byte[30]);
        _theirGcm = new LibSrtp(true, new byte[28]);
    }

    [Benchmark(Description = "protect and open 160 octets, AES-CM-128, tag of 80"), Aim(Nanoseconds = 1500, Bytes = 0)]
    public int Counter() => Pass(_cm);

    [Benchmark(Description = "the same by libsrtp2, AES-CM-128, tag of 80")]
    public int CounterOfLibSrtp() => _theirCm!.Pass(Next(++_theirSequence), Length);

    [Benchmark(Description = "protect and open 160 octets, AES-CM-256, tag of 80"), Aim(Bytes = 0)]
    public int LongCounter() => Pass(_cm256);

    [Benchmark(Description = "protect and open 160 octets, AES-GCM-128"), Aim(Bytes = 0)]
    public int Gcm() => Pass(_gcm);

    [Benchmark(Description = "the same by libsrtp2, AES-GCM-128")]
    public int GcmOfLibSrtp() => _theirGcm!.Pass(Next(++_theirGcmSequence), Length);

    [Benchmark(Description = "refuse a forged packet, AES-CM-128"), Aim(Bytes = 0)]
    public SrtpVerdict Forged() => _cm.Receiver.Open(_forged, out _);

    /// <summary>How our times stand to theirs.</summary>
    internal static IEnumerable<string> Ratios(IReadOnlyList<Figure> figures)
    {
        foreach (var cipher in new[] { "AES-CM-128, tag of 80", "AES-GCM-128" })
        {
            var ours = figures.FirstOrDefault(f => f.Name == $"protect and open 160 octets, {cipher}")?.Nanoseconds;
            var theirs = figures.FirstOrDefault(f => f.Name == $"the same by libsrtp2, {cipher}")?.Nanoseconds;
            if (ours is null) continue;
            yield return theirs is null
                ? $"SRTP with {cipher}: libsrtp2 is not installed (package libsrtp2-1), so there is nothing to compare with"
                : $"SRTP with {cipher}: {ours / theirs:0.00} times the time of libsrtp2";
        }
    }

    private Span<byte> Next(ushort sequence)
    {
        _packet.AsSpan(0, Length).Clear();
        new RtpHeader(0, sequence, 160, 0xCAFE, false).Write(_packet);
        return _packet;
    }

    private int Pass(Way way)
    {
        Next(++way.Sequence);
        way.Sender.TryProtect(_packet, Length, out var length);
        if (way.Receiver.Open(_packet.AsSpan(0, length), out length) != SrtpVerdict.Taken) throw new InvalidOperationException("a packet of our own was refused");
        return length;
    }

    private sealed class Way
    {
        public Way(SrtpSuite suite)
        {
            var octets = new byte[suite.KeyLength + suite.SaltLength];
            new SeededEntropy(1).Fill(octets);
            var key = new SrtpKey(suite, octets);
            Sender = new SrtpSender(key);
            Receiver = new SrtpReceiver([key]);
        }

        public SrtpSender Sender { get; }

        public SrtpReceiver Receiver { get; }

        public ushort Sequence;
    }
}
