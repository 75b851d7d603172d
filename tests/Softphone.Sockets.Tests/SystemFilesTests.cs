namespace Softphone.Sockets.Tests;

public sealed class SystemFilesTests
{
    [Theory]
    [InlineData("search a.test b.test\nnameserver 192.0.2.1", "pbx", "pbx.a.test pbx.b.test pbx")]
    [InlineData("domain a.test\nsearch b.test.\nnameserver 192.0.2.1", "sip.pbx", "sip.pbx sip.pbx.b.test")]
    [InlineData("search a.test\noptions ndots:3 debug", "sip.pbx", "sip.pbx.a.test sip.pbx")]
    [InlineData("search a.test", "pbx.", "pbx")]
    [InlineData("", "pbx", "pbx")]
    [InlineData("search\noptions ndots:99 ndots:x", "a.b", "a.b")]
    public void ShortName_IsTriedInTheSearchList_AsNdotsSays(string file, string name, string expected) =>
        Assert.Equal(expected.Split(' '), DnsSettings.Parse(file).Candidates(name));

    [Theory]
    [InlineData("options timeout:1 attempts:4 rotate", 1, 4, true)]
    [InlineData("options timeout:30 attempts:900", 3, 5, false)]
    [InlineData("options timeout:0 attempts:0\n", 1, 1, false)]
    [InlineData("options timeout: attempts:-1 Rotate", 3, 2, false)]
    public void Options_AreReadWithinBounds(string file, int seconds, int attempts, bool rotates)
    {
        var settings = DnsSettings.Parse(file);
        Assert.Equal((TimeSpan.FromSeconds(seconds), attempts, rotates), (settings.Patience, settings.Attempts, settings.Rotates));
    }

    [Theory]
    [InlineData("PBX", "192.0.2.1 2001:db8::1")]
    [InlineData("pbx.example.", "192.0.2.1")]
    [InlineData("off", "")]
    [InlineData("bad", "")]
    [InlineData("192.0.2.1", "")]
    public void HostsFile_GivesAllAddressesOfANameOrAlias(string name, string expected)
    {
        const string text = "192.0.2.1\tpbx.example pbx # off\n2001:db8::1 pbx\r\n#192.0.2.3 off\nnonsense bad\n192.0.2.1 pbx\n192.0.2.9\n";
        Assert.Equal(expected, string.Join(' ', HostsFile.Find(text, name)));
    }
}
