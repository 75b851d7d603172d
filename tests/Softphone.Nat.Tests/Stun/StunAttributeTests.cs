using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>What single attributes hold, and which of them are seen.</summary>
public sealed class StunAttributeTests
{
    private static readonly TransactionId Id = TransactionId.FromBytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    private readonly byte[] _buffer = new byte[2048];

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
}
