using System.Text;
using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Benchmarks;

/// <summary>What every connectivity check costs: reading, proving and writing a STUN message of 108 octets.</summary>
public class StunBenchmarks
{
    private static readonly TransactionId Id = TransactionId.FromBytes("0123456789ab"u8);
    private readonly IntegrityKey _key = new(Encoding.UTF8.GetBytes("a-password-of-24-letters"));
    private readonly byte[] _buffer = new byte[256];
    private readonly byte[][] _mixed = new byte[16][];
    private byte[] _check = [];
    private byte[] _check256 = [];

    [GlobalSetup]
    public void Setup()
    {
        _check = _buffer[..BuildCheck()].ToArray();
        var writer = Begin();
        writer.AddIntegritySha256(_key);
        writer.AddFingerprint();
        _check256 = writer.Written.ToArray();
        for (var i = 0; i < _mixed.Length; i++) _mixed[i] = [(byte)(i % 3 == 0 ? 0x80 : i % 5 == 0 ? 0x40 : 0), (byte)(i % 2 == 0 ? 200 : 1)];
    }

    [Benchmark(Description = "parse a check"), Aim(Nanoseconds = 40, Bytes = 0)]
    public StunClass Parse() => StunReader.TryParse(_check, out var reader, out _) ? reader.Class : StunClass.Error;

    [Benchmark(Description = "parse a check, find its user name"), Aim(Bytes = 0)]
    public int FindAttribute() => StunReader.TryParse(_check, out var reader, out _) && reader.TryGetUsername(out var name) ? name.Length : 0;

    [Benchmark(Description = "parse, verify MESSAGE-INTEGRITY (HMAC-SHA1)"), Aim(Nanoseconds = 1000, Bytes = 0)]
    public bool VerifyIntegrity() => StunReader.TryParse(_check, out var reader, out _) && reader.VerifyIntegrity(_key);

    [Benchmark(Description = "parse, verify MESSAGE-INTEGRITY-SHA256"), Aim(Nanoseconds = 1000, Bytes = 0)]
    public bool VerifyIntegritySha256() => StunReader.TryParse(_check256, out var reader, out _) && reader.VerifyIntegritySha256(_key);

    [Benchmark(Description = "parse, verify FINGERPRINT (CRC-32)"), Aim(Bytes = 0)]
    public bool VerifyFingerprint() => StunReader.TryParse(_check, out var reader, out _) && reader.VerifyFingerprint();

    [Benchmark(Description = "build a check, signed (HMAC-SHA1) and fingerprinted"), Aim(Bytes = 0)]
    public int BuildCheck()
    {
        var writer = Begin();
        writer.AddIntegrity(_key);
        writer.AddFingerprint();
        return writer.Length;
    }

    [Benchmark(Description = "tell STUN, RTP, RTCP and channel data apart", OperationsPerInvoke = 16), Aim(Bytes = 0)]
    public int Classify()
    {
        var sum = 0;
        foreach (var packet in _mixed) sum += (int)Demultiplexer.Classify(packet);
        return sum;
    }

    private StunWriter Begin()
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddString(StunAttributeType.Username, "remoteUfrag:localUfrag");
        writer.AddUInt32(StunAttributeType.Priority, 1_845_501_695);
        writer.AddUInt64(StunAttributeType.IceControlling, 0x0123_4567_89AB_CDEF);
        return writer;
    }
}
