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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [Rfc("8489", "14", Line = "S04")]
    public void Padding_IsZeroOnSend_NotCounted_AndIgnoredOnReceive(int length)
    {
        _buffer.AsSpan().Fill(0xEE);
        var value = Enumerable.Repeat((byte)0xAA, length).ToArray();
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.Add(StunAttributeType.Data, value);
        writer.AddUInt32(StunAttributeType.Priority, 7);
        var padded = (length + 3) / 4 * 4;
        Assert.Equal(20 + 4 + padded + 8, writer.Length);
        Assert.Equal(length, _buffer[23]);
        Assert.All(_buffer[(24 + length)..(24 + padded)], octet => Assert.Equal(0, octet));
        _buffer.AsSpan(24 + length, padded - length).Fill(0x55);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.TryGet(StunAttributeType.Data, out var read));
        Assert.Equal(value, read.ToArray());
        Assert.True(reader.TryGetUInt32(StunAttributeType.Priority, out _));
    }

    [Fact]
    [Rfc("8489", "14", Line = "S06")]
    public void Attribute_Repeated_OnlyTheFirstCounts()
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddUInt32(StunAttributeType.Priority, 2);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.TryGetUInt32(StunAttributeType.Priority, out var priority));
        Assert.Equal(1u, priority);
        var all = new List<uint>();
        foreach (var attribute in reader.Attributes) all.Add(attribute.Value[3]);
        Assert.Equal([1u, 2u], all);
    }

    [Fact]
    [Rfc("8489", "6.3.1", Line = "S07")]
    [Rfc("8489", "6.3", Line = "S08")]
    public void UnknownRequired_AreListedOnce_OptionalOnesIgnored()
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        foreach (var type in new ushort[] { 0x7001, 0x8777, 0x7002, 0x7001, StunAttributeType.Priority, 0x7FFF, 0xFFFF })
            writer.AddUInt32(type, 0);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Span<ushort> unknown = stackalloc ushort[8];
        Assert.Equal([0x7001, 0x7002, 0x7FFF], unknown[..reader.UnknownRequired(StunUnderstood.Ice, unknown)].ToArray());
        Assert.Equal([0x7001, 0x7002, StunAttributeType.Priority, 0x7FFF], unknown[..reader.UnknownRequired(StunUnderstood.Binding, unknown)].ToArray());
        Assert.Equal([0x7001, 0x7002], unknown[..reader.UnknownRequired(StunUnderstood.Ice, unknown[..2])].ToArray());
        Assert.True(reader.HasUnknownRequired(StunUnderstood.Turn));

        var reply = StunWriter.Reply(new byte[100], reader, StunClass.Error);
        reply.AddErrorCode(StunErrorCode.UnknownAttribute);
        reply.AddUnknownAttributes([0x7001, 0x7002, 0x7FFF]);
        Assert.True(StunReader.TryParse(reply.Written, out var error, out _));
        Assert.True(error.TryGet(StunAttributeType.UnknownAttributes, out var types));
        Assert.Equal("700170027FFF", Convert.ToHexString(types));
        Assert.False(error.HasUnknownRequired(StunUnderstood.Binding));
    }

    [Fact]
    [Rfc("8489", "14.5", Line = "S09")]
    [Rfc("8489", "14.6", Line = "S09")]
    public void Attributes_BehindIntegrity_AreNotSeen()
    {
        using var key = new IntegrityKey("key"u8);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddIntegrity(key);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddUInt32(0x7001, 1);
        writer.AddIntegritySha256(key);
        writer.AddUInt32(StunAttributeType.Lifetime, 1);
        writer.AddFingerprint();
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.False(reader.UseCandidate);
        Assert.False(reader.Has(StunAttributeType.Lifetime));
        Assert.False(reader.HasUnknownRequired(StunUnderstood.Ice));
        var types = new List<ushort>();
        foreach (var attribute in reader.Attributes) types.Add(attribute.Type);
        Assert.Equal(
            [StunAttributeType.Priority, StunAttributeType.MessageIntegrity, StunAttributeType.MessageIntegritySha256, StunAttributeType.Fingerprint], types);
        Assert.True(reader.VerifyIntegrity(key));
        Assert.True(reader.VerifyIntegritySha256(key));
        Assert.True(reader.VerifyFingerprint());
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
    [InlineData(StunAttributeType.MappedAddress, "192.0.2.1:65535")]
    [InlineData(StunAttributeType.XorMappedAddress, "192.0.2.1:32853")]
    [InlineData(StunAttributeType.MappedAddress, "[2001:db8::1]:1")]
    [InlineData(StunAttributeType.XorMappedAddress, "[2001:db8::1]:1")]
    [InlineData(StunAttributeType.XorPeerAddress, "[2001:db8::1]:0")]
    [InlineData(StunAttributeType.XorRelayedAddress, "255.255.255.255:0")]
    [InlineData(StunAttributeType.OtherAddress, "10.0.0.1:3479")]
    [Rfc("8489", "14.1", Line = "S10")]
    [Rfc("8489", "14.2", Line = "S10")]
    public void Address_RoundTrips(int type, string text)
    {
        var address = Address.Parse(text);
        var writer = new StunWriter(_buffer, StunClass.Success, StunMethod.Binding, Id);
        writer.AddAddress((ushort)type, address);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.TryGetAddress((ushort)type, out var read));
        Assert.Equal(address, read);
        Assert.True(reader.TryGet((ushort)type, out var value));
        Span<byte> plain = stackalloc byte[16];
        var length = address.Ip.WriteTo(plain);
        Assert.Equal(!StunAttributeType.IsXored((ushort)type), value[4..].SequenceEqual(plain[..length]));
    }

    [Theory]
    [InlineData("0001000A")]
    [InlineData("0000000A01020304")]
    [InlineData("0003000A01020304")]
    [InlineData("0001000A0102030405")]
    [InlineData("0002000A01020304")]
    [InlineData("")]
    [Rfc("8489", "14.1", Line = "S10")]
    public void Address_OfUnknownFamilyOrWrongLength_IsNone(string hex)
    {
        var writer = new StunWriter(_buffer, StunClass.Success, StunMethod.Binding, Id);
        writer.Add(StunAttributeType.MappedAddress, Convert.FromHexString(hex));
        writer.Add(StunAttributeType.XorMappedAddress, Convert.FromHexString(hex));
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.False(reader.TryGetAddress(StunAttributeType.MappedAddress, out _));
        Assert.False(reader.TryGetAddress(StunAttributeType.XorMappedAddress, out _));
    }

    [Theory]
    [InlineData("00000401", 401)]
    [InlineData("0000030061", 300)]
    [InlineData("00000663", 699)]
    [InlineData("FFFFFC01", 401)]
    [InlineData("00000200", null)]
    [InlineData("00000700", null)]
    [InlineData("00000464", null)]
    [InlineData("000004", null)]
    [Rfc("8489", "14.8", Line = "S11")]
    public void ErrorCode_OutsideItsRange_IsNone(string hex, int? expected)
    {
        var writer = new StunWriter(_buffer, StunClass.Error, StunMethod.Binding, Id);
        writer.Add(StunAttributeType.ErrorCode, Convert.FromHexString(hex));
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.Equal(expected is not null, reader.TryGetErrorCode(out var code, out _));
        Assert.Equal(expected ?? 0, code);
    }

    [Fact]
    [Rfc("8489", "14.8", Line = "S11")]
    public void ErrorCode_Reason_Has763OctetsAtMost()
    {
        var writer = new StunWriter(_buffer, StunClass.Error, StunMethod.Binding, Id);
        writer.AddErrorCode(500, new string('x', 763));
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.TryGetErrorCode(out _, out var reason));
        Assert.Equal(763, reason.Length);
        Assert.Throws<ArgumentException>(() => new StunWriter(new byte[1000], StunClass.Error, StunMethod.Binding, Id).AddErrorCode(500, new string('x', 764)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StunWriter(new byte[1000], StunClass.Error, StunMethod.Binding, Id).AddErrorCode(299));
    }

    [Theory]
    [InlineData(StunAttributeType.Username, 508)]
    [InlineData(StunAttributeType.Realm, 763)]
    [InlineData(StunAttributeType.Nonce, 763)]
    [InlineData(StunAttributeType.Software, 763)]
    [Rfc("8489", "14.3", Line = "S12")]
    [Rfc("8489", "14.9", Line = "S12")]
    public void Text_HasALimit_OnSendAndOnReceive(int type, int longest)
    {
        Assert.True(Read(longest));
        Assert.False(Read(longest + 1));
        Assert.Throws<ArgumentException>(
            () => new StunWriter(new byte[1000], StunClass.Request, StunMethod.Binding, Id).AddString((ushort)type, new string('x', longest + 1)));

        bool Read(int length)
        {
            // Written under another type, because the writer refuses what is too long.
            var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, Id);
            writer.AddString(0x7FFF, new string('x', length));
            _buffer[20] = (byte)(type >> 8);
            _buffer[21] = (byte)type;
            Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
            return (ushort)type switch
            {
                StunAttributeType.Username => reader.TryGetUsername(out _),
                StunAttributeType.Realm => reader.TryGetRealm(out _),
                StunAttributeType.Nonce => reader.TryGetNonce(out _),
                _ => reader.TryGetSoftware(out _),
            };
        }
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
        Assert.Equal(100, Run());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var good = Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, good);

        int Run()
        {
            var verified = 0;
            for (var i = 0; i < 100; i++)
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
