using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli.Tests;

/// <summary>lab serve: flags, users and what is said.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Serve_WithEveryFlag_BecomesItsOptions()
    {
        var options = await _bench.OptionsAsync<ServeOptions>(
            "lab", "serve", "--listen", "192.168.1.10", "--alternate", "192.168.1.11", "--domain", "office.lan", "--user", "a", "--user", "b", "--users", "u", "--sip-port", "5070",
            "--sips-port", "0", "--stun-port", "3480", "--alternate-port", "3481", "--turns-port", "443", "--relay-ports", "50000-50999", "--certificate", "c", "--key", "k",
            "--quota", "3", "--capacity", "9", "--allow-peer", "10.0.0.0/8", "--allow-peer", "fd00::/8", "--deny-peer", "10.1.0.0/16", "--for", "5s", "--json");
        Assert.Equal((IpAddress.Parse("192.168.1.10"), IpAddress.Parse("192.168.1.11"), "office.lan"), (options.Listen, options.Alternate, options.Domain));
        Assert.Equal(["a", "b"], options.Users);
        Assert.Equal(("u", 5070, 0, 3480, 3481, 443), (options.UsersFile, options.SipPort, options.SipsPort, options.StunPort, options.AlternatePort, options.TurnsPort));
        Assert.Equal(((ushort)50_000, (ushort)50_999), options.RelayPorts);
        Assert.Equal(("c", "k", 3, 9, TimeSpan.FromSeconds(5), true), (options.Certificate, options.Key, options.Quota, options.Capacity, options.For, options.Json));
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], options.AllowPeers.Select(b => b.ToString()));
        Assert.Equal(["10.1.0.0/16"], options.DenyPeers.Select(b => b.ToString()));
    }

    [Fact]
    public async Task Serve_WithoutFlags_IsOnLoopback() =>
        Assert.Equal(IpAddress.LoopbackV4, (await _bench.OptionsAsync<ServeOptions>("lab", "serve")).Listen);

    [Theory]
    [InlineData("say --public", "--listen", "8.8.8.8")]
    [InlineData("no address of one machine", "--listen", "0.0.0.0")]
    [InlineData("another address of the same kind", "--alternate", "::1")]
    [InlineData("another address of the same kind", "--alternate", "127.0.0.1")]
    [InlineData("--relay-ports \"9-5\"", "--relay-ports", "9-5")]
    [InlineData("--quota \"0\"", "--quota", "0")]
    [InlineData("--allow-peer \"10.0.0.0/33\"", "--allow-peer", "10.0.0.0/33")]
    [InlineData("--key needs --certificate", "--key", "k.pem")]
    [Rfc("8656", "21", Line = "T41")]
    public async Task Serve_WithAWrongFlag_NamesItAndEndsWith2(string said, params string[] flags)
    {
        Assert.Equal(2, await _bench.RunAsync(["lab", "serve", .. flags]));
        Assert.Contains(said, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Users_ComeFromTheFileAndTheEnvironment_AndAreAskedForLast()
    {
        _bench.Environment[ServeUsers.Variable] = "";
        var file = _bench.AddFile("users");
        File.WriteAllText(file, "# the office\n\nreception: one two\nworkshop:three\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var users = ServeUsers.Resolve(new ServeOptions { UsersFile = file, Users = ["guest"] }, _bench.Context, name => $"{name}-asked");
        Assert.Equal(["guest=guest-asked", "reception=one two", "workshop=three"], users.Select(u => $"{u.Key}={u.Value}").Order());

        _bench.Environment[ServeUsers.Variable] = "common";
        users = ServeUsers.Resolve(new ServeOptions(), _bench.Context, _ => null);
        Assert.Equal(["alice=common", "bob=common"], users.Select(u => $"{u.Key}={u.Value}").Order());
    }

    [Theory]
    [InlineData("reception\n", "users:1: not")]
    [InlineData("a: 1\na: 2\n", "a is there twice")]
    [InlineData("a b: 1\n", "users:1: not")]
    public void Users_FileWithAMistake_IsNamedWithItsLine(string text, string said)
    {
        var file = _bench.AddFile("users");
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains(said, Assert.Throws<UsageException>(() => ServeUsers.Resolve(new ServeOptions { UsersFile = file }, _bench.Context, _ => null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_FileThatOthersMayRead_OrNoPasswordAtAll_IsRefused()
    {
        var none = Assert.Throws<UsageException>(() => ServeUsers.Resolve(new ServeOptions(), _bench.Context, _ => null));
        Assert.Contains("alice has no password", none.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        var file = _bench.AddFile("users");
        File.WriteAllText(file, "a: 1\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<UsageException>(() => ServeUsers.Resolve(new ServeOptions { UsersFile = file }, _bench.Context, _ => null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("192.168.1.10", false, true)]
    [InlineData("203.0.113.10", false, false)]
    [Rfc("8656", "21", Line = "T41")]
    public void Setup_LetsRelaysReachWhatTheirClientsReachAnyway(string listen, bool loopback, bool lan)
    {
        var setup = new ServeSetup(new ServeOptions { Listen = IpAddress.Parse(listen) }, new Dictionary<string, string> { ["a"] = "1" });
        Assert.All([setup.Turn.Peers, setup.Sip.Peers], peers => Assert.Equal((loopback, lan), (peers.AllowsLoopback, peers.AllowsPrivate)));
    }

    [Fact]
    public void Ready_TellsAProfileThatThePhoneTakes_AndNoPassword()
    {
        var setup = new ServeSetup(new ServeOptions { Domain = "office.lan", Listen = IpAddress.Parse("192.168.1.10") }, new Dictionary<string, string> { ["reception"] = "geheim" });
        var fingerprint = string.Concat(Enumerable.Repeat("A0", 32));
        var ready = setup.Ready(DateTimeOffset.UnixEpoch, fingerprint);
        Assert.DoesNotContain("geheim", JsonEvents.Line(ready), StringComparison.Ordinal);
        _bench.AddProfile("lab", ready.Profile);
        Assert.True(_bench.Context.Profiles.TryLoad("lab", out var profile, out var mistakes), string.Join(", ", mistakes));
        Assert.Equal("sip:reception@office.lan", profile.Account.Uri);
        Assert.Equal([$"sha256:{fingerprint.ToLowerInvariant()}"], profile.Tls.Fingerprints);
        Assert.Contains("# over TLS: sip:192.168.1.10:5061;transport=tls", ready.Profile, StringComparison.Ordinal);
        Assert.Contains(ready.Services, s => s is { Name: "TURN", Transport: "tls", Addr: "192.168.1.10:5349" });
    }

    [Theory]
    [InlineData(PathError.InUse, "something else does already", "--sip-port")]
    [InlineData(PathError.NotPermitted, "the system forbids it", "above 1023")]
    [InlineData(PathError.Unreachable, "does not have that address", "--listen")]
    public void Fault_OfTheStart_NamesLayerValueAndWayOut(PathError error, string what, string remedy)
    {
        var fault = new ServeSetup(new ServeOptions(), new Dictionary<string, string> { ["a"] = "1" }).Explain("SIP", error);
        Assert.Equal(Layer.Transport, fault.Layer);
        Assert.Contains("127.0.0.1:5060", fault.What, StringComparison.Ordinal);
        Assert.Contains(what, fault.What, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Reporter_TellsABindingOnceAndACallFromItsStartToItsEnd()
    {
        var reporter = new ServeReporter(_ => DateTimeOffset.UnixEpoch);
        var from = Address.Parse("10.0.0.5:5060");
        var bound = new SipServerTrace.Bound(default, "sip", "alice", "sip:alice@10.0.0.5", from, TimeSpan.FromMinutes(1));
        string? Line(TraceEntry entry) => reporter.Of(entry) is { } line ? JsonEvents.Line(line)[39..] : null;
        Assert.Equal("""ev":"serve.registration","state":"bound","user":"alice","contact":"sip:alice@10.0.0.5","addr":"10.0.0.5:5060","expires_s":60}""", Line(bound));
        Assert.Null(Line(bound));
        Assert.Equal("""ev":"serve.call","call":"call/1","state":"started","from":"sip:a@x","to":"sip:b@x"}""", Line(new SipServerTrace.CallStarted(default, "sip", "id", "sip:a@x", "sip:b@x")));
        Assert.Equal("""ev":"serve.call","call":"call/1","state":"answered","from":"sip:a@x","to":"sip:b@x","status":200}""", Line(new SipServerTrace.CallAnswered(default, "sip", "id", 200)));
        Assert.Equal("""ev":"serve.call","call":"call/1","state":"ended","from":"sip:a@x","to":"sip:b@x"}""", Line(new SipServerTrace.CallEnded(default, "sip", "id")));
        Assert.Null(Line(new SipServerTrace.CallEnded(default, "sip", "id")));
        Assert.Equal(
            """ev":"serve.allocation","state":"released","user":"alice","client":"10.0.0.5:5060","relay":"10.0.0.5:5060","packets":3,"bytes":9,"reason":"expired"}""",
            Line(new TurnServerTrace.Released(default, "turn", "alice", from, from, "expired", 3, 9)));
    }
}
