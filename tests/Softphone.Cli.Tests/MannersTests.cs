using System.Text.Json;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>What people type who know other command lines, and what they are told.</summary>
public sealed class MannersTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("http://x")]
    [InlineData("https://pbx.example.net/bob")]
    [InlineData("mailto:bob@example.net")]
    [InlineData("h323:bob@example.net")]
    public async Task Call_OfWhatIsNoTelephone_IsRefused(string typed)
    {
        Assert.Equal(2, await _bench.RunAsync("call", typed));
        Assert.Contains("only sip:, sips: and tel: addresses can", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("options")]
    public async Task Number_WithoutAnAccount_IsRefusedBeforeAnythingIsSent(string verb)
    {
        Assert.Equal(2, await _bench.RunAsync(verb, "tel:+4930123"));
        Assert.Contains("only a server can reach, and there is no account", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_AsAVerb_IsTheVersion()
    {
        Assert.Equal(0, await _bench.RunAsync("version"));
        Assert.Matches("^[0-9]+\\.[0-9]+", _bench.Out.ToString());
    }

    [Theory]
    [InlineData("register")]
    [InlineData("options", "sip:x@example.net")]
    [InlineData("nat", "--stun", "127.0.0.9")]
    [InlineData("ice", "gather")]
    [InlineData("turn", "test")]
    [InlineData("call", "sip:x@example.net")]
    [InlineData("answer")]
    public async Task Verb_ThatSpeaksToANetwork_ShowsWhatItSays(params string[] verb)
    {
        await _bench.RunAsync([.. verb.TakeWhile(v => !v.StartsWith("sip:", StringComparison.Ordinal) && !v.StartsWith('-')), "--help"]);
        foreach (var flag in (string[])["-v, --verbose", "--pcap", "--report"]) Assert.Contains(flag, _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profile", "add")]
    [InlineData("profile", "delete")]
    [InlineData("profile", "list")]
    [InlineData("calls", "show")]
    [InlineData("keys")]
    [InlineData("register")]
    public async Task Help_OfEveryVerb_HasItsExitCodes(params string[] verb)
    {
        await _bench.RunAsync(["help", .. verb]);
        Assert.Contains("Exit codes:", _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("usage or profile error", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileCheck_WhereAPasswordCannotBeHad_SaysSo()
    {
        await _bench.RunAsync("profile", "add", "a", "--uri", "sip:a@example.net", "--password-env", "NOT_SET_ANYWHERE");
        await _bench.RunAsync("profile", "add", "b", "--uri", "sip:b@example.net", "--password-command", "echo no key >&2; exit 3");
        await _bench.RunAsync("profile", "add", "c", "--uri", "sip:c@example.net", "--password-command", "echo hunter2");
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "a"));
        Assert.Contains("the variable NOT_SET_ANYWHERE, which should hold the password, is not set", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "b"));
        Assert.Contains("ended with 3 (no key)", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await _bench.RunAsync("profile", "check", "c"));
        Assert.DoesNotContain("hunter2", $"{_bench.Out}{_bench.Error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileList_AsJson_IsALineForEach()
    {
        await _bench.RunAsync("profile", "add", "a", "--uri", "sip:a@example.net", "--stun", "stun.example.net");
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_bench.Context.Profiles.PathOf("a"))!, "bad.yaml"), "acount: {}\n");
        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _bench.RunAsync("profile", "list", "--json"));
        var lines = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["a", "bad"], lines.Select(l => l.GetProperty("profile").GetString()));
        Assert.Equal("sip:a@example.net", lines[0].GetProperty("uri").GetString());
        Assert.Contains("acount", lines[1].GetProperty("mistake").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_WithMistakes_ListsThemAndEndsWith2()
    {
        var file = new KeptFolders(_bench.Context.Environment).Keys;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Assert.Equal(0, await _bench.RunAsync("keys"));
        Assert.Matches("hold +Space", _bench.Out.ToString());
        File.WriteAllText(file, "hold: F6\nholt: z\n");
        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(2, await _bench.RunAsync("keys"));
        Assert.Matches("hold +F6 ", _bench.Out.ToString());
        Assert.Contains($"{file}:2: there is no action \"holt\": did you mean hold?", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001000C2112A4420102030405060708090A0B0C", "Binding request")]
    [InlineData("0101000C2112A4420102030405060708090A0B0C002000080001A147E112A643", "Binding success, mapped 192.0.2.1:32853")]
    public void Stun_OnALine_SaysWhatItIs(string hex, string line)
    {
        var octets = Convert.FromHexString(hex);
        octets[3] = (byte)(octets.Length - 20);
        Assert.Equal(line, StunLine.Of(octets));
    }

    [Theory]
    [InlineData("80000001")]
    [InlineData("0016000021120000")]
    [InlineData("")]
    public void Stun_OfOtherPackets_SaysNothing(string hex) => Assert.Null(StunLine.Of(Convert.FromHexString(hex)));
}
