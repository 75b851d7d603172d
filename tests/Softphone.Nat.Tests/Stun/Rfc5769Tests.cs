using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>The sample messages of RFC 5769: read, verified, and written again octet for octet.</summary>
[Rfc("5769", "2", Line = "S41")]
public sealed class Rfc5769Tests
{
    private const string ShortTermPassword = "VOkJxbRl1RmTxUk/WvJxBt";
    private const string LongTermUsername = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";

    internal static byte[] Load(string name) => File.ReadAllBytes(Suites.Find($"suites/rfc5769/{name}.bin"));

    [Fact]
    public void Request_OfSection21_ReadsAndVerifies()
    {
        var message = Load("2.1-sample-request");
        Assert.True(StunReader.TryParse(message, out var reader, out _));
        Assert.Equal((StunClass.Request, StunMethod.Binding), (reader.Class, reader.Method));
        Assert.Equal("b7e7a701bc34d686fa87dfae", reader.TransactionId.ToString());
        Assert.True(reader.TryGetSoftware(out var software));
        Assert.Equal("STUN test client"u8, software);
        Assert.True(reader.TryGetUInt32(StunAttributeType.Priority, out var priority));
        Assert.Equal(0x6E0001FFu, priority);
        Assert.True(reader.TryGetUInt64(StunAttributeType.IceControlled, out var tieBreaker));
        Assert.Equal(0x932FF9B151263B36ul, tieBreaker);
        Assert.True(reader.TryGetUsername(out var username));
        Assert.Equal("evtj:h6vY"u8, username);
        using var key = StunCredentials.ShortTerm(ShortTermPassword);
        Assert.True(reader.VerifyIntegrity(key));
        Assert.True(reader.VerifyFingerprint());
    }

    [Theory]
    [InlineData("2.2-ipv4-response", "192.0.2.1:32853")]
    [InlineData("2.3-ipv6-response", "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void Response_ReadsVerifiesAndHoldsTheAddress(string name, string mapped)
    {
        var message = Load(name);
        Assert.True(StunReader.TryParse(message, out var reader, out _));
        Assert.Equal((StunClass.Success, StunMethod.Binding), (reader.Class, reader.Method));
        Assert.True(reader.TryGetAddress(StunAttributeType.XorMappedAddress, out var address));
        Assert.Equal(Address.Parse(mapped), address);
        using var key = StunCredentials.ShortTerm(ShortTermPassword);
        Assert.True(reader.VerifyIntegrity(key));
        Assert.True(reader.VerifyFingerprint());
    }

    [Fact]
    public void Request_OfSection24_VerifiesUnderTheLongTermKey()
    {
        Assert.True(StunReader.TryParse(Load("2.4-long-term-request"), out var reader, out _));
        using var key = StunCredentials.LongTermMd5(LongTermUsername, "example.org", "TheMatrIX");
        Assert.True(reader.VerifyIntegrity(key));
        Assert.False(reader.HasFingerprint);
    }

    [Fact]
    public void Request_OfSection21_WrittenAgain_IsTheSame()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, TransactionId.FromBytes(Convert.FromHexString("b7e7a701bc34d686fa87dfae")));
        writer.AddString(StunAttributeType.Software, "STUN test client");
        writer.AddUInt32(StunAttributeType.Priority, 0x6E0001FF);
        writer.AddUInt64(StunAttributeType.IceControlled, 0x932FF9B151263B36);
        AddSpacePadded(ref writer, buffer, StunAttributeType.Username, "evtj:h6vY", 3);
        using var key = StunCredentials.ShortTerm(ShortTermPassword);
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        Assert.Equal(Load("2.1-sample-request"), writer.Written.ToArray());
    }

    [Theory]
    [InlineData("2.2-ipv4-response", "192.0.2.1:32853")]
    [InlineData("2.3-ipv6-response", "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void Response_WrittenAgain_IsTheSame(string name, string mapped)
    {
        var expected = Load(name);
        Assert.True(StunReader.TryParse(Load("2.1-sample-request"), out var request, out _));
        var buffer = new byte[200];
        var writer = StunWriter.Reply(buffer, request, StunClass.Success);
        AddSpacePadded(ref writer, buffer, StunAttributeType.Software, "test vector", 1);
        writer.AddAddress(StunAttributeType.XorMappedAddress, Address.Parse(mapped));
        using var key = StunCredentials.ShortTerm(ShortTermPassword);
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        Assert.Equal(expected, writer.Written.ToArray());
    }

    [Fact]
    public void Request_OfSection24_WrittenAgain_IsTheSame()
    {
        var writer = new StunWriter(
            new byte[200], StunClass.Request, StunMethod.Binding, TransactionId.FromBytes(Convert.FromHexString("78ad3433c6ad72c029da412e")));
        writer.AddString(StunAttributeType.Username, LongTermUsername);
        writer.AddString(StunAttributeType.Nonce, "f//499k954d6OL34oL9FSTvy64sA");
        writer.AddString(StunAttributeType.Realm, "example.org");
        using var key = StunCredentials.LongTermMd5(LongTermUsername, "example.org", "TheMatrIX");
        writer.AddIntegrity(key);
        Assert.Equal(Load("2.4-long-term-request"), writer.Written.ToArray());
    }

    [Theory]
    [InlineData("2.1-sample-request", true)]
    [InlineData("2.2-ipv4-response", true)]
    [InlineData("2.3-ipv6-response", true)]
    [InlineData("2.4-long-term-request", false)]
    public void Message_WithAnyOctetChanged_IsRefused(string name, bool isShortTerm)
    {
        var message = Load(name);
        using var key = isShortTerm
            ? StunCredentials.ShortTerm(ShortTermPassword)
            : StunCredentials.LongTermMd5(LongTermUsername, "example.org", "TheMatrIX");
        for (var at = 0; at < message.Length; at++)
        {
            for (var change = 1; change < 256; change++)
            {
                message[at] ^= (byte)change;
                Assert.False(
                    StunReader.TryParse(message, out var reader, out _) && reader.VerifyIntegrity(key) && (!isShortTerm || reader.VerifyFingerprint()),
                    $"octet {at} changed by {change:x2} went through");
                message[at] ^= (byte)change;
            }
        }
    }

    /// <summary>RFC 8489 appendix B.1 as erratum 6268 corrects it.</summary>
    [Fact]
    [Rfc("8489", "B.1", Line = "S41")]
    [Rfc("8489", "14.6", Line = "S14")]
    [Rfc("8489", "14.4", Line = "S18")]
    public void Request_OfRfc8489AppendixB1_IsWrittenAndVerified()
    {
        var writer = new StunWriter(
            new byte[200], StunClass.Request, StunMethod.Binding, TransactionId.FromBytes(Convert.FromHexString("78ad3433c6ad72c029da412e")));
        var userhash = StunCredentials.Userhash(LongTermUsername, "example.org");
        Assert.Equal("4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704", Convert.ToHexStringLower(userhash));
        writer.Add(StunAttributeType.Userhash, userhash);
        writer.AddString(StunAttributeType.Nonce, "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA");
        writer.AddString(StunAttributeType.Realm, "example.org");
        writer.AddUInt16(StunAttributeType.PasswordAlgorithm, (ushort)StunPasswordAlgorithm.Sha256);
        using var key = StunCredentials.LongTermSha256(LongTermUsername, "example.org", "TheMatrIX");
        writer.AddIntegritySha256(key);
        Assert.Equal(0x90 + 20, writer.Length);
        Assert.Equal("b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65", Convert.ToHexStringLower(writer.Written[^32..]));
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.VerifyIntegritySha256(key));
        Assert.True(reader.TryGetNonce(out var nonce) && StunNonce.TryReadFeatures(nonce, out var features) && features == StunSecurityFeatures.UsernameAnonymity);
    }

    /// <summary>The samples pad with spaces where we pad with zeros: the text goes in with its padding, then the length is put right.</summary>
    private static void AddSpacePadded(ref StunWriter writer, byte[] buffer, ushort type, string text, int spaces)
    {
        var at = writer.Length;
        writer.AddString(type, text + new string(' ', spaces));
        buffer[at + 3] = (byte)text.Length;
    }
}
