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
}
