using System.Text.Json;
using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>The examples of the RFCs, and those of libsrtp where the suites lie beside the checkout.</summary>
public sealed class SrtpVectorTests
{
    [Theory]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C", 0, "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0")]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C", 0xFEFF, "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44")]
    [InlineData("57F82FE3613FD170A85EC93C40B1F0922EC4CB0DC025B58272147CC438944A98", 0, "92BDD28A93C3F52511C677D08B5515A49DA71B2378A854F67050756DED165BAC63C4868B7096D88421B563B8C94C9A31")]
    [InlineData("57F82FE3613FD170A85EC93C40B1F0922EC4CB0DC025B58272147CC438944A98", 0xFEFF, "CEA518C90FD91CED9CBB18C078A547113DBC4814F4DA5F00A08772B63C6A046D6EB246913062A16891433E97DD01A57F")]
    [Rfc("3711", "B.2")]
    [Rfc("6188", "7.1")]
    public void Keystream_OfTheExamples_IsTheirs(string key, int first, string expected)
    {
        using var mode = new CounterMode(Hex(key));
        var data = new byte[expected.Length / 2];
        mode.Apply(Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), first, data);
        Assert.Equal(expected, Convert.ToHexString(data));
    }

    [Theory]
    [InlineData("E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6", 0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData("E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6", 2, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData("E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6", 1,
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E47403576")]
    [InlineData("F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6", "3B04803DE51EE7C96423AB5B78D2", 0, "5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4")]
    [InlineData("F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6", "3B04803DE51EE7C96423AB5B78D2", 2, "FA31791685CA444A9E07C6C64E93")]
    [InlineData("F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6", "3B04803DE51EE7C96423AB5B78D2", 1, "FD9C32D39ED5FBB5A9DC96B30818454D1313DC05")]
    [Rfc("3711", "B.3")]
    [Rfc("6188", "7.2")]
    public void SessionKeys_OfTheExamples_AreTheirs(string key, string salt, int label, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(KeyDerivation.Derive(Hex(key), Hex(salt), (KeyDerivation.Label)label, expected.Length / 2)));

    [Theory]
    [InlineData("AEAD_AES_128_GCM", "F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833899D7F27BEB16A9152CF765EE4390CCE")]
    [InlineData("AEAD_AES_256_GCM", "32B1DE78A822FE12EF9F78FA332E33AAB18012389A58E2F3B50B2A0276FFAE0F1BA63799B87B7AA3DB36DFFFD6B0F9BB7878D7A76C13")]
    [Rfc("7714", "16.1.1")]
    [Rfc("7714", "16.2.1")]
    public void GcmOfRtp_OfTheExamples_IsTheirs(string suite, string expected)
    {
        const string header = "8040F17B8041F8D35501A0B2";
        const string plain = header + "47616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573";
        using var cipher = Cipher(suite, false);
        var packet = new byte[50 + cipher.Overhead];
        Hex(plain).CopyTo(packet, 0);
        cipher.Seal(packet, 12, 50, 0x5501A0B2, 0xF17B, 0);
        Assert.Equal(header + expected, Convert.ToHexString(packet));

        Assert.True(cipher.TryOpen(packet, 12, 0x5501A0B2, 0xF17B, 0));
        Assert.Equal(plain, Convert.ToHexString(packet.AsSpan(0, 50)));
    }

    [Theory]
    [InlineData("AEAD_AES_128_GCM", "63E94885DCDAB67CA727D7662F6B7E997FF5C0F76C06F32DC676A5F1730D6FDA4CE09B4686303DED0BB9275BC84AA45896CF4D2FC5ABF87245D9EADE")]
    [InlineData("AEAD_AES_256_GCM", "D50AE4D1F5CE5D304BA297E47D470C282C3ECE5DBFFE0A50A2EAA5C1110555BE8415F658C61DE0476F1B6FAD1D1EB30C4446839F57FF6F6CB26AC3BE")]
    [Rfc("7714", "17.1")]
    [Rfc("7714", "17.2")]
    public void GcmOfRtcp_OfTheExamples_IsTheirs(string suite, string expected)
    {
        const string header = "81C8000D4D617273";
        const string plain = header + "4E5450314E545032525450200000042A0000E9304C756E61DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF";
        using var cipher = Cipher(suite, true);
        var packet = new byte[52 + cipher.Overhead];
        Hex(plain).CopyTo(packet, 0);
        cipher.Seal(packet, 8, 52, 0x4D617273, 0x5D4, 0x8000_05D4);
        Assert.Equal(header + expected + "800005D4", Convert.ToHexString(packet));

        Assert.True(cipher.TryOpen(packet, 8, 0x4D617273, 0x5D4, 0x8000_05D4));
        Assert.Equal(plain, Convert.ToHexString(packet.AsSpan(0, 52)));
    }

    /// <summary>What libsrtp makes of the same packets: with both kinds of cipher, with an MKI, RTCP with its second index.</summary>
    [Theory]
    [InlineData("srtp_validate", "AES_CM_128_HMAC_SHA1_80", "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6", "")]
    [InlineData("srtp_validate_mki", "AES_CM_128_HMAC_SHA1_80", "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6", "e1f97a0d")]
    [InlineData("srtp_validate_aes_256", "AES_256_CM_HMAC_SHA1_80", "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b63b04803de51ee7c96423ab5b78d2", "")]
    [InlineData("srtp_validate_gcm", "AEAD_AES_128_GCM", "000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab", "")]
    [Rfc("3711", "3.3")]
    public void Packets_OfTheSuite_AreProtectedAndOpenedAlike(string name, string suite, string key, string mki)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Suites.Find("suites/srtp/libsrtp-validate.json")));
        var vector = file.RootElement.GetProperty(name);
        var master = new SrtpKey(SrtpSuite.Of(suite)!, Hex(key), Hex(mki));
        using var sender = new SrtpSender(master);
        using var receiver = new SrtpReceiver([master]);

        var plain = Hex(Text(vector, "srtp_plaintext_ref", "rtp_plaintext_ref"));
        var packet = new byte[plain.Length + SrtpSuite.MostOverhead];
        plain.CopyTo(packet, 0);
        Assert.True(sender.TryProtect(packet, plain.Length, out var length));
        Assert.Equal(Text(vector, "srtp_ciphertext"), Convert.ToHexStringLower(packet.AsSpan(0, length)));
        Assert.Equal(SrtpVerdict.Taken, receiver.Open(packet.AsSpan(0, length), out length));
        Assert.Equal(plain, packet[..length]);
        if (!vector.TryGetProperty("srtcp_ciphertext", out var report)) return;

        plain = Hex(Text(vector, "rtcp_plaintext_ref"));
        for (var i = 0; i < 2; i++)
        {
            plain.CopyTo(packet, 0);
            Assert.True(sender.TryProtectRtcp(packet, plain.Length, out length));
        }

        Assert.Equal(report.GetString(), Convert.ToHexStringLower(packet.AsSpan(0, length)));
        Assert.Equal(SrtpVerdict.Taken, receiver.OpenRtcp(packet.AsSpan(0, length), out length));
        Assert.Equal(plain, packet[..length]);
    }

    [Fact]
    [Rfc("3711", "4.3")]
    public void SessionKeys_OfTheSuite_AreTheirs()
    {
        var rows = File.ReadAllLines(Suites.Find("suites/srtp/rfc-kdf.tsv")).Where(l => l.Length > 0 && l[0] != '#').Skip(1).Select(l => l.Split('\t')).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
            Assert.Equal(row[4], Convert.ToHexString(KeyDerivation.Derive(Hex(row[1]), Hex(row[2]), (KeyDerivation.Label)int.Parse(row[3]), row[4].Length / 2)));
    }

    private static GcmCipher Cipher(string name, bool isRtcp)
    {
        var suite = SrtpSuite.Of(name)!;
        byte[] session = [.. Enumerable.Range(0, suite.KeyLength).Select(i => (byte)i)];
        return new GcmCipher(new SrtpKey(suite, new byte[suite.KeyLength + suite.SaltLength]), isRtcp, session, [.. "Quid pro quo"u8]);
    }

    private static string Text(JsonElement vector, params string[] names) =>
        names.Select(n => vector.TryGetProperty(n, out var v) ? v.GetString() : null).First(v => v is not null)!;

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
