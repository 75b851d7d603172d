using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class StunMessageTests
{
    private static readonly TransactionId Id = TransactionId.FromBytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData("", "shorter")]
    [InlineData("000100002112A4420102030405060708090A0B", "shorter")]
    [InlineData("400100002112A4420102030405060708090A0B0C", "top two bits")]
    [InlineData("800100002112A4420102030405060708090A0B0C", "top two bits")]
    [InlineData("000100022112A4420102030405060708090A0B0C0000", "multiple of four")]
    [InlineData("000100042112A4420102030405060708090A0B0C", "not that of the message")]
    [InlineData("000100002112A4420102030405060708090A0B0C00000000", "not that of the message")]
    [InlineData("000100002112A4430102030405060708090A0B0C", "cookie")]
    [InlineData("000100082112A4420102030405060708090A0B0C0006000500000000", "past the end")]
    [InlineData("000100042112A4420102030405060708090A0B0C0006FFFF", "past the end")]
    [InlineData("0001000C2112A4420102030405060708090A0B0C802800040000000000060000", "follows FINGERPRINT")]
    [InlineData("000100082112A4420102030405060708090A0B0C8028000300000000", "FINGERPRINT is not")]
    [InlineData("000100082112A4420102030405060708090A0B0C0008000400000000", "MESSAGE-INTEGRITY is not")]
    [InlineData("000100082112A4420102030405060708090A0B0C001C000400000000", "MESSAGE-INTEGRITY-SHA256 is not")]
    [Rfc("8489", "5", Line = "S01")]
    [Rfc("8489", "6.3", Line = "S01")]
    [Rfc("8489", "14", Line = "S05")]
    [Rfc("8489", "14.7", Line = "S15")]
    public void Parse_NotWellFormed_IsRefusedWithTheReason(string hex, string why)
    {
        Assert.False(StunReader.TryParse(Convert.FromHexString(hex), out _, out var error));
        Assert.Contains(why, error.What, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8489", "5", Line = "S02")]
    public void Type_EveryMethodAndClass_RoundTrips()
    {
        for (var method = 0; method < 0x1000; method++)
        {
            foreach (var @class in Enum.GetValues<StunClass>())
            {
                var writer = new StunWriter(_buffer, @class, (StunMethod)method, Id);
                Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
                Assert.Equal((@class, (StunMethod)method), (reader.Class, reader.Method));
            }
        }
    }

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, 0x0001)]
    [InlineData(StunClass.Success, StunMethod.Binding, 0x0101)]
    [InlineData(StunClass.Error, StunMethod.Binding, 0x0111)]
    [InlineData(StunClass.Indication, StunMethod.Send, 0x0016)]
    [InlineData(StunClass.Error, StunMethod.ChannelBind, 0x0119)]
    [Rfc("8489", "5", Line = "S02")]
    public void Type_IsInterleaved(StunClass @class, StunMethod method, int type)
    {
        var written = new StunWriter(_buffer, @class, method, Id).Written;
        Assert.Equal(type, written[0] << 8 | written[1]);
    }

    [Fact]
    [Rfc("8489", "5", Line = "S03")]
    public void TransactionId_MillionDraws_AreDistinctAndEveryBitIsUsed()
    {
        var entropy = new SeededEntropy(1);
        var seen = new HashSet<TransactionId>(1_000_000);
        var ones = new int[96];
        var octets = new byte[12];
        for (var i = 0; i < 1_000_000; i++)
        {
            var id = TransactionId.Next(entropy);
            Assert.True(seen.Add(id));
            if (i % 100 != 0) continue;
            id.WriteTo(octets);
            for (var bit = 0; bit < 96; bit++) ones[bit] += octets[bit / 8] >> bit % 8 & 1;
        }

        Assert.All(ones, n => Assert.InRange(n, 4700, 5300));
    }

    [Fact]
    [Rfc("8489", "14.6", Line = "S09")]
    public void Integrity_BehindSha256_IsNotSeen()
    {
        using var key = new IntegrityKey("key"u8);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddIntegritySha256(key);
        writer.AddIntegrity(key);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.False(reader.HasIntegrity);
        Assert.False(reader.VerifyIntegrity(key));
        Assert.True(reader.VerifyIntegritySha256(key));
    }

    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(20, 16, true)]
    [InlineData(28, 32, false)]
    [InlineData(32, 32, true)]
    [InlineData(16, 32, false)]
    [Rfc("8489", "14.6", Line = "S14")]
    public void IntegritySha256_CutShort_IsTakenOnlyWhereTheUsageAllows(int length, int shortest, bool expected)
    {
        using var key = new IntegrityKey("key"u8);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddIntegritySha256(key);

        // A cut attribute is signed with the length that it has.
        var end = 20;
        _buffer[3] = (byte)(4 + length);
        var mac = System.Security.Cryptography.HMACSHA256.HashData("key"u8, _buffer.AsSpan(0, end));
        mac.AsSpan(0, length).CopyTo(_buffer.AsSpan(end + 4));
        _buffer[end + 3] = (byte)length;
        Assert.True(StunReader.TryParse(_buffer.AsSpan(0, end + 4 + length), out var reader, out _));
        Assert.Equal(expected, reader.VerifyIntegritySha256(key, shortest));
    }

    [Fact]
    [Rfc("8489", "14.5", Line = "S13")]
    public void Integrity_UnderAnotherKeyOrAbsent_IsRefused()
    {
        using var key = new IntegrityKey("key"u8);
        using var other = new IntegrityKey("kez"u8);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        Assert.True(StunReader.TryParse(writer.Written, out var bare, out _));
        Assert.False(bare.VerifyIntegrity(key) || bare.VerifyIntegritySha256(key) || bare.VerifyFingerprint());
        writer.AddIntegrity(key);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.VerifyIntegrity(key));
        Assert.False(reader.VerifyIntegrity(other));
    }

    [Fact]
    [Rfc("8489", "14.7", Line = "S15")]
    public void Crc_HasItsCheckValue() => Assert.Equal(0xCBF43926u ^ 0x5354554Eu, FingerprintOf("123456789"u8.ToArray()));

    [Fact]
    [Rfc("3489", "8.1", Line = "S38")]
    [Rfc("8489", "11", Line = "S38")]
    public void Classic_RequestWithoutCookie_IsReadWhenAskedFor_AndAnsweredWithAll128Bits()
    {
        var writer = StunWriter.Classic(_buffer, StunClass.Request, StunMethod.Binding, Id, cookie: 0xDEADBEEF);
        writer.AddUInt32(StunAttributeType.ChangeRequest, 6);
        Assert.False(StunReader.TryParse(writer.Written, out _, out _));
        Assert.True(StunReader.TryParseClassic(writer.Written, out var request, out _));
        Assert.True(request.IsClassic);
        Assert.True(request.TryGetUInt32(StunAttributeType.ChangeRequest, out var change));
        Assert.Equal(6u, change);
        var reply = StunWriter.Reply(new byte[100], request, StunClass.Success);
        reply.AddAddress(StunAttributeType.MappedAddress, Address.Parse("192.0.2.1:1234"));
        Assert.Equal(writer.Written[4..20], reply.Written[4..20]);
        Assert.True(StunReader.TryParseClassic(reply.Written, out var response, out _));
        Assert.True(response.TryGetAddress(StunAttributeType.MappedAddress, out var mapped));
        Assert.Equal(Address.Parse("192.0.2.1:1234"), mapped);
        Assert.True(StunReader.TryParseClassic(new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id).Written, out var modern, out _));
        Assert.False(modern.IsClassic);
    }

    [Fact]
    public void Writer_WithoutRoom_SaysSo()
    {
        Assert.Throws<ArgumentException>(() => new StunWriter(new byte[19], StunClass.Request, StunMethod.Binding, Id));
        Assert.Throws<ArgumentException>(() => new StunWriter(new byte[27], StunClass.Request, StunMethod.Binding, Id).AddUInt32(1, 1));
        Assert.Throws<ArgumentException>(() => new StunWriter(new byte[70_000], StunClass.Request, StunMethod.Binding, Id).Add(1, new byte[65_535]));
    }

    [Fact]
    [Rfc("8489", "14", Line = "S44")]
    public void Message_ParseVerifyAndBuild_AllocateNothing()
    {
        using var key = StunCredentials.ShortTerm("VOkJxbRl1RmTxUk/WvJxBt");
        var mapped = Address.Parse("[2001:db8::1]:4000");
        var buffer = _buffer;
        Assert.Equal(1000, Run());
        var before = Allocated.Now;
        var good = Run();
        Allocated.AssertNoneSince(before);
        Assert.Equal(1000, good);

        int Run()
        {
            var verified = 0;
            for (var i = 0; i < 1000; i++)
            {
                var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
                writer.AddString(StunAttributeType.Username, "evtj:h6vY");
                writer.AddUInt64(StunAttributeType.IceControlled, 7);
                writer.AddAddress(StunAttributeType.XorMappedAddress, mapped);
                writer.AddErrorCode(487, "Role Conflict");
                writer.AddIntegrity(key);
                writer.AddIntegritySha256(key);
                writer.AddFingerprint();
                if (StunReader.TryParse(writer.Written, out var reader, out _)
                    && reader.TryGetAddress(StunAttributeType.XorMappedAddress, out var read) && read == mapped
                    && reader.TryGetErrorCode(out _, out _)
                    && !reader.HasUnknownRequired(StunUnderstood.Ice)
                    && reader.VerifyIntegrity(key) && reader.VerifyIntegritySha256(key) && reader.VerifyFingerprint())
                    verified++;
            }

            return verified;
        }
    }

    /// <summary>The checksum as the writer makes it, over octets that are no message.</summary>
    private static uint FingerprintOf(byte[] octets)
    {
        var of = typeof(StunReader).Assembly.GetType("Softphone.Nat.Crc32")!.GetMethod("Of")!.CreateDelegate<Checksum>();
        return of(octets) ^ 0x5354554Eu;
    }

    private delegate uint Checksum(ReadOnlySpan<byte> octets);
}
