using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class StunCredentialsTests
{
    [Theory]
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("\u03C0\u00DF\u00E5", "\u03C0\u00DF\u00E5")]
    [InlineData("Jack of \u2666s", "Jack of \u2666s")]
    [InlineData("foo\u1680bar", "foo bar")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("\U0001F511", "\U0001F511")]
    [Rfc("8265", "4.3", Line = "S16")]
    [Rfc("8489", "9.1.1", Line = "S16")]
    public void OpaqueString_MapsSpacesAndKeepsTheRest(string text, string expected)
    {
        Assert.True(OpaqueString.TryPrepare(text, out var prepared));
        Assert.Equal(expected, prepared);
    }

    [Theory]
    [InlineData("")]
    [InlineData("my cat is a \tby")]
    [InlineData("a\u00ADb")]
    [InlineData("a\u200Db")]
    [InlineData("\uE000")]
    [InlineData("a\u2028b")]
    [Rfc("8265", "4.3", Line = "S16")]
    public void OpaqueString_Disallowed_IsRefused_AndUsedAsItStands(string text)
    {
        Assert.False(OpaqueString.TryPrepare(text, out _));
        Assert.Equal(text, OpaqueString.Prepare(text));
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("e\u0302\u0301", "\u1EBF")]
    [InlineData("e\u0323\u0302", "\u1EC7")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u03B1\u0301", "\u03AC")]
    [InlineData("\u0438\u0306", "\u0439")]
    [InlineData("x\u0301", "x\u0301")]
    [Rfc("8265", "4.2.2", Line = "S16")]
    public void OpaqueString_Composes(string text, string expected) => Assert.Equal(expected, OpaqueString.Prepare(text));

    [Theory]
    [InlineData("user", "realm", "pass", "8493fbc53ba582fb4c044c456bdc40eb")]
    [Rfc("8489", "9.2.2", Line = "S17")]
    public void LongTermKey_ByMd5_IsThatOfTheRfc(string user, string realm, string password, string key)
    {
        using var derived = StunCredentials.LongTermMd5(user, realm, password);
        using var expected = new IntegrityKey(Convert.FromHexString(key));
        AssertSame(expected, derived);
    }

    [Fact]
    [Rfc("8489", "9.2.2", Line = "S17")]
    [Rfc("8489", "18.5.1.2", Line = "S17")]
    public void LongTermKeys_ArePreparedBeforeTheyAreHashed()
    {
        var input = "us\u00E9r:re alm:p\u00E4ss"u8;
        using var md5 = StunCredentials.LongTermMd5("use\u0301r", "re\u00A0alm", "pa\u0308ss");
        using var sha256 = StunCredentials.LongTermSha256("use\u0301r", "re\u00A0alm", "pa\u0308ss");
        using var expectedMd5 = new IntegrityKey(MD5.HashData(input));
        using var expectedSha256 = new IntegrityKey(SHA256.HashData(input));
        AssertSame(expectedMd5, md5);
        AssertSame(expectedSha256, sha256);
    }

    [Theory]
    [InlineData("obMatJos2AAAA", true, StunSecurityFeatures.None)]
    [InlineData("obMatJos2AAABrest", true, StunSecurityFeatures.PasswordAlgorithms)]
    [InlineData("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA", true, StunSecurityFeatures.UsernameAnonymity)]
    [InlineData("obMatJos2AAAD", true, StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity)]
    [InlineData("obMatJos2AAA", false, StunSecurityFeatures.None)]
    [InlineData("obMatJos2AA*A", false, StunSecurityFeatures.None)]
    [InlineData("obMatJos2AAA=", false, StunSecurityFeatures.None)]
    [InlineData("f//499k954d6OL34oL9FSTvy64sA", false, StunSecurityFeatures.None)]
    [Rfc("8489", "9.2", Line = "S20")]
    [Rfc("8489", "18.1", Line = "S20")]
    public void Nonce_Cookie_IsReadAndIssued(string nonce, bool has, StunSecurityFeatures expected)
    {
        Assert.Equal(has, StunNonce.TryReadFeatures(Encoding.ASCII.GetBytes(nonce), out var features));
        Assert.Equal(expected, features);
        if (!has) return;
        var prefix = new byte[StunNonce.PrefixLength];
        StunNonce.WritePrefix(prefix, features);
        Assert.Equal(nonce[..StunNonce.PrefixLength], Encoding.ASCII.GetString(prefix));
    }

    [Theory]
    [InlineData("", StunPasswordAlgorithm.None)]
    [InlineData("00010000", StunPasswordAlgorithm.Md5)]
    [InlineData("0002000000010000", StunPasswordAlgorithm.Sha256)]
    [InlineData("0009000501020304050000000001000000020000", StunPasswordAlgorithm.Sha256)]
    [InlineData("00090000", StunPasswordAlgorithm.None)]
    [InlineData("000100000002", StunPasswordAlgorithm.None)]
    [InlineData("0002FFFF", StunPasswordAlgorithm.None)]
    [Rfc("8489", "14.11", Line = "S19")]
    public void Algorithms_StrongestKnown_IsChosen(string hex, StunPasswordAlgorithm expected) =>
        Assert.Equal(expected, StunPasswordAlgorithms.Strongest(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("realm", "", null, false)]
    [InlineData(null, "nonce", null, false)]
    [InlineData("realm", "nonce", null, true)]
    [InlineData("realm", "obMatJos2AAABn", null, false)]
    [InlineData("realm", "obMatJos2AAABn", "00010000", true)]
    [InlineData("realm", "obMatJos2AAABn", "00090000", false)]
    [Rfc("8489", "9.2.5", Line = "S21")]
    [Rfc("8489", "9.2.4", Line = "S22")]
    public void Challenge_IncompleteOrWeakened_IsNotAnswered(string? realm, string? nonce, string? algorithms, bool expected)
    {
        using var client = new StunLongTermClient("user", "pass");
        Assert.Equal(expected, Challenge(client, realm, nonce, algorithms));
        Assert.Equal(expected, client.IsChallenged);
    }

    [Fact]
    [Rfc("8489", "9.2.1", Line = "S21")]
    public void Challenge_WeakerThanTheOneBefore_IsNotAnswered()
    {
        using var client = new StunLongTermClient("user", "pass");
        Assert.True(Challenge(client, "realm", "obMatJos2AAABn", "0001000000020000"));
        Assert.False(Challenge(client, "realm", "plain", null));
        Assert.False(Challenge(client, "realm", "obMatJos2AAABm", "00010000"));
        Assert.True(Challenge(client, "realm", "obMatJos2AAABm", "0001000000020000"));
    }

    [Theory]
    [InlineData("nonce", null)]
    [InlineData("obMatJos2AAADn", "0001000000020000")]
    public void Overhead_IsWhatSigningAdds(string nonce, string? algorithms)
    {
        using var client = new StunLongTermClient("user", "pass");
        Assert.Equal(0, client.Overhead);
        Challenge(client, "realm", nonce, algorithms);
        var writer = new StunWriter(new byte[500], StunClass.Request, StunMethod.Refresh, default);
        client.Sign(ref writer);
        Assert.Equal(client.Overhead, writer.Length - 20);
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("0001000000020000", false, true)]
    [InlineData("00010000", false, true)]
    [Rfc("8489", "9.2.5", Line = "S25")]
    public void Verify_TakesOnlyTheIntegrityThatTheRequestHad(string? algorithms, bool takesSha1, bool takesSha256)
    {
        using var client = new StunLongTermClient("user", "pass");
        Challenge(client, "realm", "nonce", algorithms);
        using var key = algorithms == "0001000000020000"
            ? StunCredentials.LongTermSha256("user", "realm", "pass")
            : StunCredentials.LongTermMd5("user", "realm", "pass");
        foreach (var isSha1 in new[] { true, false })
        {
            var writer = new StunWriter(new byte[100], StunClass.Success, StunMethod.Refresh, default);
            if (isSha1) writer.AddIntegrity(key);
            else writer.AddIntegritySha256(key);
            Assert.True(StunReader.TryParse(writer.Written, out var response, out _));
            Assert.Equal(isSha1 ? takesSha1 : takesSha256, client.Verify(response));
        }
    }

    private static bool Challenge(StunLongTermClient client, string? realm, string? nonce, string? algorithms)
    {
        var writer = new StunWriter(new byte[500], StunClass.Error, StunMethod.Allocate, default);
        writer.AddErrorCode(401);
        if (realm is not null) writer.AddString(StunAttributeType.Realm, realm);
        if (nonce is not null) writer.AddString(StunAttributeType.Nonce, nonce);
        if (algorithms is not null) writer.Add(StunAttributeType.PasswordAlgorithms, Convert.FromHexString(algorithms));
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        return client.TryChallenge(reader, out _);
    }

    private static void AssertSame(IntegrityKey expected, IntegrityKey actual)
    {
        var writer = new StunWriter(new byte[100], StunClass.Request, StunMethod.Binding, TransactionId.Next(new SeededEntropy(1)));
        writer.AddIntegrity(expected);
        Assert.True(StunReader.TryParse(writer.Written, out var reader, out _));
        Assert.True(reader.VerifyIntegrity(actual));
    }
}
