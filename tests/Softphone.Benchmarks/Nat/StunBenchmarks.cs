using System.Text;
using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Benchmarks;

/// <summary>What every connectivity check costs: reading, proving and writing a STUN message.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class StunBenchmarks
{
    private static readonly TransactionId Id = TransactionId.FromBytes("0123456789ab"u8);
    private readonly IntegrityKey _key = new(Encoding.UTF8.GetBytes("a-password-of-24-letters"));
    private readonly byte[] _buffer = new byte[256];
    private byte[] _check = [];

    [GlobalSetup]
    public void Setup() => _check = _buffer[..BuildCheck()].ToArray();

    [Benchmark(Description = "parse a check")]
    public bool Parse() => StunReader.TryParse(_check, out _, out _);

    [Benchmark(Description = "parse, find the user name")]
    public int FindAttribute() => StunReader.TryParse(_check, out var reader, out _) && reader.TryGetUsername(out var name) ? name.Length : 0;

    [Benchmark(Description = "verify MESSAGE-INTEGRITY (HMAC-SHA1)")]
    public bool VerifyIntegrity() => StunReader.TryParse(_check, out var reader, out _) && reader.VerifyIntegrity(_key);

    [Benchmark(Description = "verify FINGERPRINT (CRC-32)")]
    public bool VerifyFingerprint() => StunReader.TryParse(_check, out var reader, out _) && reader.VerifyFingerprint();

    [Benchmark(Description = "build a check, signed")]
    public int BuildCheck()
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddString(StunAttributeType.Username, "remoteUfrag:localUfrag");
        writer.AddUInt32(StunAttributeType.Priority, 1_845_501_695);
        writer.AddUInt64(StunAttributeType.IceControlling, 0x0123_4567_89AB_CDEF);
        writer.AddIntegrity(_key);
        writer.AddFingerprint();
        return writer.Length;
    }

    [Benchmark(Description = "classify a packet")]
    public PacketKind Classify() => Demultiplexer.Classify(_check);
}
