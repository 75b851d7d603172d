using Softphone.Cli;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Demo_WithEveryFlag_BecomesItsOptions()
    {
        var options = await _bench.OptionsAsync<DemoOptions>(
            "demo", "--nat-a", "symmetric", "--nat-b", "udp-blocked", "--latency", "35ms", "--loss", "2%", "--seed", "42", "--for", "3s", "--tui", "--real-time", "--json");
        Assert.Equal(
            new DemoOptions
            {
                NatA = DemoNat.Symmetric,
                NatB = DemoNat.UdpBlocked,
                Latency = TimeSpan.FromMilliseconds(35),
                Loss = 0.02,
                Seed = 42,
                For = TimeSpan.FromSeconds(3),
                Tui = true,
                RealTime = true,
                Json = true,
            },
            options);
        Assert.True((await _bench.OptionsAsync<DemoOptions>("demo", "-v")).Verbose);
    }

    [Fact]
    public async Task Test_WithEveryFlag_BecomesItsOptions()
    {
        var options = await _bench.OptionsAsync<TestOptions>("test", "a.yaml", "b.yaml", "--junit", "o.xml", "--seed", "3", "--verbose", "--json");
        Assert.Equal(["a.yaml", "b.yaml"], options.Files);
        Assert.Equal(("o.xml", 3UL, true, true), (options.Junit, options.Seed, options.Verbose, options.Json));
        Assert.Equal(2, await _bench.RunAsync("test"));
    }

    [Fact]
    public async Task Demo_WithoutFlags_HasDefaults() => Assert.Equal(new DemoOptions(), await _bench.OptionsAsync<DemoOptions>("demo"));

    [Theory]
    [InlineData("none", "None")]
    [InlineData("firewall", "Firewall")]
    [InlineData("full-cone", "FullCone")]
    [InlineData("restricted-cone", "RestrictedCone")]
    [InlineData("port-restricted", "PortRestricted")]
    [InlineData("symmetric", "Symmetric")]
    [InlineData("udp-blocked", "UdpBlocked")]
    public async Task Demo_TakesEveryNatOfTheContract(string word, string nat)
    {
        var options = await _bench.OptionsAsync<DemoOptions>("demo", "--nat-a", word);
        Assert.Equal(nat, options.NatA.ToString());
        Assert.Equal(word, DemoCommand.NameOf(options.NatA));
    }

    [Fact]
    public async Task Call_WithEveryFlag_BecomesItsOptions()
    {
        _bench.AddProfile("office", "account: { uri: 'sip:201@pbx.example.net' }\nmedia: { codecs: [pcmu], srtp: off }");
        var wav = _bench.AddFile("hello.wav");
        var options = await _bench.OptionsAsync<CallVerbOptions>(
            "call", "sip:202@pbx.example.net", "--profile", "office", "--for", "20s", "--play", wav, "--record", "out.wav", "--dtmf", "1ww2#a", "--audio", "null",
            "--nat", "relay", "--codec", "opus,g722", "--srtp", "sdes", "--expect", "answered<5s", "audio=two-way", "--json", "--pcap", "c.pcap", "--report", "r.md");
        Assert.Equal("sip:202@pbx.example.net", options.Uri);
        Assert.Equal((TimeSpan.FromSeconds(20), wav, "out.wav", "1ww2#A"), (options.For, options.Play, options.Record, options.Dtmf));
        Assert.Equal((true, "c.pcap", "r.md"), (options.Json, options.Pcap, options.Report));
        Assert.Equal(["answered<5s", "audio=two-way"], options.Expect.Select(e => e.Text));
        Assert.Equal(new AudioProfile { Input = "null", Output = "null", Ring = "null" }, options.Profile.Audio);
        Assert.Equal((NatMode.Relay, SrtpMode.Sdes), (options.Profile.Nat.Mode, options.Profile.Media.Srtp));
        Assert.Equal([SdpCodec.Opus, SdpCodec.G722], options.Profile.Media.Codecs);
    }

    [Fact]
    public async Task Call_FlagsWinOverEnvironmentWhichWinsOverTheProfile()
    {
        _bench.AddProfile("office", "account: { uri: 'sip:201@pbx.example.net', expires: 100 }\nmedia: { srtp: off, dtmf: info }\nnat: { mode: none }");
        _bench.Environment["SOFTPHONE_SRTP"] = "try";
        _bench.Environment["SOFTPHONE_NAT"] = "ice";
        var options = await _bench.OptionsAsync<CallVerbOptions>("call", "202", "--nat", "relay");
        Assert.Equal("sip:202@pbx.example.net", options.Uri);
        Assert.Equal((NatMode.Relay, SrtpMode.Try, DtmfMode.Info, 100), (options.Profile.Nat.Mode, options.Profile.Media.Srtp, options.Profile.Media.Dtmf, options.Profile.Account.Expires));
    }

    [Theory]
    [InlineData("call", "--expect", "mos>=4.0", "loss<1%", "sip:a@b.example")]
    [InlineData("call", "sip:a@b.example", "--expect", "mos>=4.0", "--expect", "loss<1%")]
    [InlineData("call", "--expect", "mos>=4.0", "--json", "sip:a@b.example", "--expect", "loss<1%")]
    public async Task Expect_TakesExpressionsAndLeavesTheRest(params string[] args)
    {
        var options = await _bench.OptionsAsync<CallVerbOptions>(args);
        Assert.Equal("sip:a@b.example", options.Uri);
        Assert.Equal(["mos>=4.0", "loss<1%"], options.Expect.Select(e => e.Text));
    }

    [Theory]
    [InlineData("sip:bob@b.example", "sip:bob@b.example")]
    [InlineData("SIPS:bob@b.example;transport=tls", "SIPS:bob@b.example;transport=tls")]
    [InlineData("bob@192.0.2.1:5070", "sip:bob@192.0.2.1:5070")]
    [InlineData("bob", "sip:bob@pbx.example.net:5062")]
    [InlineData("tel:+15550100", "tel:+15550100")]
    public async Task Call_MakesAWholeAddressOfWhatWasTyped(string typed, string expected)
    {
        _bench.Environment["SOFTPHONE_URI"] = "sip:201@pbx.example.net:5062";
        Assert.Equal(expected, (await _bench.OptionsAsync<CallVerbOptions>("call", typed)).Uri);
    }

    [Fact]
    public async Task Call_OfABareUser_TakesADomainThatIsAnIPv6Address()
    {
        _bench.Environment["SOFTPHONE_URI"] = "sip:201@[2001:db8::1]";
        Assert.Equal("sip:bob@[2001:db8::1]", (await _bench.OptionsAsync<CallVerbOptions>("call", "bob")).Uri);
    }

    [Fact]
    public async Task Answer_WithEveryFlag_BecomesItsOptions()
    {
        Assert.Equal(2, await _bench.RunAsync("answer"));
        Assert.Contains("there is no account", _bench.Error.ToString());
        _bench.Environment["SOFTPHONE_URI"] = "sip:201@pbx.example.net";
        var options = await _bench.OptionsAsync<AnswerOptions>("answer", "--once", "--code", "486", "--echo", "--for", "1m", "--record", "x.wav", "--limit", "12");
        Assert.Equal((true, 486, true, TimeSpan.FromMinutes(1), "x.wav", 12), (options.Once, options.Code, options.Echo, options.For, options.Record, options.Limit));
        Assert.Null((await _bench.OptionsAsync<AnswerOptions>("answer")).Limit);
        Assert.Equal(2, await _bench.RunAsync("answer", "--limit", "0"));
        Assert.Contains("a number of calls from 1 to 1000", _bench.Error.ToString());
    }

    [Fact]
    public async Task Register_NeedsAnAccount()
    {
        Assert.Equal(2, await _bench.RunAsync("register", "--once"));
        Assert.Contains("there is no account", _bench.Error.ToString());
        _bench.Environment["SOFTPHONE_URI"] = "sip:201@pbx.example.net";
        var options = await _bench.OptionsAsync<RegisterOptions>("register", "--once", "--json");
        Assert.True(options.Once && options.Json);
    }

    [Fact]
    public async Task Options_AndNat_BecomeTheirOptions()
    {
        Assert.Equal("sip:pbx.example.net", (await _bench.OptionsAsync<RequestOptions>("options", "sip:pbx.example.net")).Uri);
        var nat = await _bench.OptionsAsync<NatOptions>("nat", "--stun", "stun:s.example,stun:t.example:99", "--json");
        Assert.Equal(["stun:s.example", "stun:t.example:99"], nat.Profile.Nat.Stun.Select(s => s.ToString()));
    }

    [Fact]
    public async Task Call_WithoutAnAccount_IsFromNobodyInParticular()
    {
        Assert.Equal("sip:anonymous@anonymous.invalid", (await _bench.OptionsAsync<CallVerbOptions>("call", "sip:bob@192.0.2.1")).Profile.Account.Uri);
        Assert.Equal("sip:anonymous@anonymous.invalid", (await _bench.OptionsAsync<RequestOptions>("options", "sip:192.0.2.1")).Profile.Account.Uri);
    }

    [Fact]
    public async Task NoVerb_StartsTheTerminalUi() => await _bench.OptionsAsync<TuiOptions>();

    [Theory]
    [InlineData("there is no verb \"cal\"", "cal", "sip:a@b")]
    [InlineData("--for \"20x\" is not a number with ms, s, m or h", "call", "sip:a@b", "--for", "20x")]
    [InlineData("--loss \"150%\" is not a share", "demo", "--loss", "150%")]
    [InlineData("--nat-a \"cone\" is not allowed: none, firewall, full-cone", "demo", "--nat-a", "cone")]
    [InlineData("seed", "demo", "--seed", "x")]
    [InlineData("--codec: \"mp3\" is not allowed: opus, g722, pcma, pcmu", "call", "sip:a@b", "--codec", "mp3")]
    [InlineData("--srtp \"maybe\" is not allowed: off, try", "call", "sip:a@b", "--srtp", "maybe")]
    [InlineData("--dtmf \"1x\"", "call", "sip:a@b", "--dtmf", "1x")]
    [InlineData("there is no file nowhere.wav", "call", "sip:a@b", "--play", "nowhere.wav")]
    [InlineData("the nearest is answered", "call", "sip:a@b", "--expect", "anwered<5s")]
    [InlineData("--code 200 is not 400 to 699", "answer", "--code", "200")]
    [InlineData("Required argument 'URI' missing", "call")]
    [InlineData("\"bob\" has no domain", "call", "bob")]
    [InlineData("is no SIP address", "call", "sip:@:x")]
    [InlineData("there is no profile", "call", "sip:a@b", "--profile", "nobody")]
    [InlineData("there is no STUN server", "nat")]
    [InlineData("--stun: \"stun:x:0\" is not allowed", "nat", "--stun", "stun:x:0")]
    [InlineData("--password", "call", "sip:a@b", "--password", "x")]
    public async Task Mistake_IsToldOnStandardError_AndEndsWithTwo(string message, params string[] args)
    {
        Assert.Equal(2, await _bench.RunAsync(args));
        Assert.Contains(message, _bench.Error.ToString());
        Assert.Empty(_bench.Out.ToString());
        Assert.Null(_bench.Given);
    }

    [Theory]
    [InlineData("demo", "--nat-a,--nat-b,--latency,--loss,--seed,--tui,--json,--real-time")]
    [InlineData("call", "--profile,--for,--play,--record,--dtmf,--audio,--nat,--codec,--srtp,--expect,--json,--pcap,--report")]
    [InlineData("answer", "--once,--code,--limit,--echo,--play,--record,--for,--profile,--json,--expect")]
    [InlineData("register", "--once,--profile,--json")]
    [InlineData("options", "--profile,--json")]
    [InlineData("nat", "--profile,--json")]
    [InlineData("profile", "list,show,check,add,edit,rename,delete,path")]
    public async Task Help_OfEveryVerb_HasItsFlagsAndAnExample(string verb, string flags)
    {
        Assert.Equal(0, await _bench.RunAsync(verb, "--help"));
        var help = _bench.Out.ToString();
        Assert.All(flags.Split(','), flag => Assert.Contains($" {flag}", help));
        Assert.Contains("Examples:\n  softphone " + verb, help.ReplaceLineEndings("\n"));
        Assert.Empty(_bench.Error.ToString());
    }

    [Theory]
    [InlineData("there is no verb \"cal\"; did you mean call?", "cal", "sip:a@b")]
    [InlineData("there is no verb \"Registr\"; did you mean register?", "Registr")]
    [InlineData("there is no verb \"matrx\" of lab; did you mean matrix?", "lab", "matrx")]
    [InlineData("there is no verb \"shw\" of profile; did you mean show?", "profile", "shw", "office")]
    [InlineData("there is no verb \"xyzzy\"; there are: demo, call, answer", "xyzzy")]
    [InlineData("there is no verb \"cal\"; did you mean call?", "help", "cal")]
    [InlineData("there is no verb \"matrx\" of lab; did you mean matrix?", "lab", "matrx", "--help")]
    public async Task UnknownVerb_IsAnsweredWithTheNearestOne(string message, params string[] args)
    {
        Assert.Equal(2, await _bench.RunAsync(args));
        Assert.Contains(message, _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _bench.Error.ToString().Trim().Split('\n').Length);
    }

    [Theory]
    [InlineData("call", "  6    busy")]
    [InlineData("answer", "  9    what was expected did not hold")]
    [InlineData("register", "  4    not authorised")]
    [InlineData("nat", "  7    DNS, transport or TLS failure")]
    [InlineData("lab matrix", "  130  interrupted")]
    [InlineData("profile", "  2    usage or profile error")]
    public async Task Help_AsAVerb_IsThatOfTheVerb_WithItsExitCodes(string verb, string code)
    {
        Assert.Equal(0, await _bench.RunAsync(["help", .. verb.Split(' ')]));
        var help = _bench.Out.ToString();
        Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
        Assert.Contains(code, help, StringComparison.Ordinal);
        using var other = new Bench();
        Assert.Equal(0, await other.RunAsync([.. verb.Split(' '), "--help"]));
        Assert.Equal(help, other.Out.ToString());
    }

    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("1.5", 1_500)]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    public async Task Time_WithoutAUnit_IsSeconds(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), (await _bench.OptionsAsync<DemoOptions>("demo", "--for", text)).For);

    [Theory]
    [InlineData("stun.example.net", "stun:stun.example.net")]
    [InlineData("192.0.2.1:19302", "stun:192.0.2.1:19302")]
    [InlineData("[2001:db8::1]", "stun:[2001:db8::1]:3478")]
    [InlineData("stuns:stun.example.net", "stuns:stun.example.net")]
    public async Task StunServer_ByHostAlone_IsTaken(string text, string uri) =>
        Assert.Equal(uri, Assert.Single((await _bench.OptionsAsync<NatOptions>("nat", "--stun", text)).Profile.Nat.Stun).ToString());

    [Theory]
    [InlineData("http://x")]
    [InlineData("stun://x")]
    [InlineData("ftp:x/y")]
    public async Task StunServer_OfAnotherScheme_IsRefused(string text)
    {
        Assert.Equal(2, await _bench.RunAsync("nat", "--stun", text));
        Assert.Contains($"\"{text}\" is not allowed", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(301, 3)]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(404, 3)]
    [InlineData(407, 4)]
    [InlineData(408, 5)]
    [InlineData(480, 5)]
    [InlineData(486, 6)]
    [InlineData(487, 5)]
    [InlineData(488, 10)]
    [InlineData(503, 3)]
    [InlineData(504, 5)]
    [InlineData(600, 6)]
    [InlineData(603, 3)]
    [InlineData(606, 10)]
    public void ExitCode_OfAStatus_IsThatOfTheContract(int status, int expected)
    {
        Assert.Equal(expected, (int)ExitCodes.Of(status, null));
        Assert.Equal(expected, (int)ExitCodes.Of(status, new Fault(Layer.Sip, "x")));
    }

    [Theory]
    [InlineData(Layer.Profile, 2)]
    [InlineData(Layer.Dns, 7)]
    [InlineData(Layer.Transport, 7)]
    [InlineData(Layer.Tls, 7)]
    [InlineData(Layer.Dtls, 7)]
    [InlineData(Layer.Sip, 3)]
    [InlineData(Layer.Authentication, 4)]
    [InlineData(Layer.Sdp, 10)]
    [InlineData(Layer.Stun, 8)]
    [InlineData(Layer.Turn, 8)]
    [InlineData(Layer.Ice, 8)]
    [InlineData(Layer.Media, 5)]
    [InlineData(Layer.Audio, 11)]
    [InlineData(Layer.Internal, 1)]
    public void ExitCode_OfAFault_IsThatOfItsLayer(Layer layer, int expected)
    {
        Assert.Equal(expected, (int)ExitCodes.Of(null, new Fault(layer, "x")));
        if (layer != Layer.Sip) Assert.Equal(expected, (int)ExitCodes.Of(503, new Fault(layer, "x")));
    }

    [Fact]
    public void ExitCode_OfNothingSpecial_IsZero() => Assert.Equal(ExitCode.Ok, ExitCodes.Of(null, null));
}
