namespace Softphone.Phone.Tests;

/// <summary>The tls section of a profile.</summary>
public sealed class TlsSettingsTests
{
    private const string Digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData($"sha256:{Digits}")]
    [InlineData("SHA-256:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    [InlineData("00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF")]
    [InlineData("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    public void Fingerprint_AsToolsPrintIt_HasOneForm(string text) =>
        Assert.Equal([$"sha256:{Digits}"], Read($"account: {{ uri: sip:a@b }}\ntls:\n  fingerprint: \"{text}\"\n").Tls.Fingerprints);

    [Theory]
    [InlineData("sha1:00112233445566778899aabbccddeeff00112233")]
    [InlineData("sha256:0011")]
    [InlineData("sha256:")]
    [InlineData($"sha256:{Digits}00")]
    [InlineData("sha256:zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData($"md5:{Digits}")]
    public void Fingerprint_OfAnotherKind_IsAMistakeWithItsLine(string text)
    {
        Assert.False(ProfileReader.TryRead($"account: {{ uri: sip:a@b }}\ntls:\n  fingerprint: \"{text}\"\n", "f", out _, out var errors));
        var error = Assert.Single(errors);
        Assert.Equal(3, error.Line);
        Assert.Contains("sha256: and 64 hexadecimal digits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_OfARefusal_IsTakenAsItStands() =>
        Assert.Equal([$"sha256:{Digits}"], Read($"account: {{ uri: sip:a@b }}\ntls: {{fingerprint: \"sha256:{Digits}\"}}\n").Tls.Fingerprints);

    [Theory]
    [InlineData("office.pem", "/etc/phone/profiles/office.pem")]
    [InlineData("../ca/office.pem", "/etc/phone/profiles/../ca/office.pem")]
    [InlineData("/etc/ssl/office.pem", "/etc/ssl/office.pem")]
    [InlineData("~/office.pem", "~/office.pem")]
    [InlineData("system", "system")]
    public void CaFile_OfAProfile_IsBesideIt(string written, string meant)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("paths of another system");
        Assert.True(ProfileReader.TryRead($"account: {{ uri: sip:a@b }}\ntls: {{ ca: {written} }}\n", "/etc/phone/profiles/office.yaml", out var profile, out _));
        Assert.Equal([meant], profile.Tls.Ca);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("tls: { ca: a.pem }", false)]
    [InlineData("tls: { ca: [system, a.pem] }", true)]
    [InlineData($"tls: {{ fingerprint: '{Digits}' }}", false)]
    [InlineData($"tls: {{ fingerprint: '{Digits}', ca: system }}", true)]
    public void System_IsTrusted_WhereNothingElseIsNamedOrItIs(string tls, bool isTrusted) => Assert.Equal(isTrusted, Read($"account: {{ uri: sip:a@b }}\n{tls}\n").Tls.TrustsSystem);

    [Theory]
    [InlineData("tls:\n  cafile: a", "tls.ca")]
    [InlineData("tls:\n  fingerprints: a", "tls.fingerprint")]
    [InlineData("tsl:\n  ca: a", "tls")]
    [InlineData("account:\n  fingerprint: a", "tls.fingerprint")]
    public void Key_Mistaken_ComesWithTheNearest(string text, string nearest)
    {
        Assert.False(ProfileReader.TryRead(text, "f", out _, out var errors));
        Assert.Contains(errors, e => e.Message.EndsWith($"the nearest known key is {nearest}", StringComparison.Ordinal));
    }

    [Fact]
    public void Variables_StandOverTheFile()
    {
        var environment = new Dictionary<string, string> { ["SOFTPHONE_TLS_CA"] = "system,/a.pem", ["SOFTPHONE_TLS_FINGERPRINT"] = Digits };
        var profile = ProfileOverrides.Apply(Read("account: { uri: sip:a@b }\ntls: { ca: x }"), environment, new Dictionary<string, string>(), new Dictionary<string, string>(), out var errors);
        Assert.Empty(errors);
        Assert.Equal(["system", "/a.pem"], profile.Tls.Ca);
        Assert.Equal([$"sha256:{Digits}"], profile.Tls.Fingerprints);
        Assert.Equal(["/a.pem"], profile.Tls.CaFiles);
    }

    [Fact]
    public void Written_ReadsBackTheSame()
    {
        var profile = Read($"account: {{ uri: sip:a@b }}\ntls: {{ ca: [system, '/with space/a.pem'], fingerprint: ['{Digits}'] }}");
        foreach (var text in (string[])[ProfileWriter.Write(profile), ProfileWriter.WriteNew(profile, withSecrets: true)])
        {
            Assert.Equal(profile.Tls.Ca, Read(text).Tls.Ca);
            Assert.Equal(profile.Tls.Fingerprints, Read(text).Tls.Fingerprints);
        }
    }

    private static Profile Read(string text)
    {
        Assert.True(ProfileReader.TryRead(text, "f.yaml", out var profile, out var errors), string.Join('\n', errors));
        return profile;
    }
}
