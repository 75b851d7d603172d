using System.Text.Json;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>ice gather and turn test: flags, and what they find at the lab's own server, on loopback and in the virtual internet.</summary>
public sealed class IceAndTurnVerbTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Gather_WithEveryFlag_BecomesItsOptions()
    {
        _bench.Environment["SOFTPHONE_TURN_PASSWORD"] = "geheim";
        var options = await _bench.OptionsAsync<IceGatherOptions>(
            "ice", "gather", "--stun", "stun:s.example", "--turn", "turn:t.example,turns:t.example", "--turn-user", "me", "--components", "2", "--json");
        Assert.Equal((2, true), (options.Components, options.Json));
        Assert.Equal("stun:s.example", Assert.Single(options.Profile.Nat.Stun).ToString());
        var turn = Assert.Single(options.Profile.Nat.Turn);
        Assert.Equal("me", turn.User);
        Assert.Equal(["turn:t.example", "turns:t.example"], turn.Urls.Select(u => u.ToString()));
        Assert.Equal(new PasswordSource.Environment("SOFTPHONE_TURN_PASSWORD"), turn.Password);
    }

    [Fact]
    public async Task TurnTest_WithEveryFlag_BecomesItsOptions()
    {
        var options = await _bench.OptionsAsync<TurnTestOptions>("turn", "test", "--turn", "turn:t.example", "--for", "10s", "--rate", "500", "--size", "1200", "--json");
        Assert.Equal((TimeSpan.FromSeconds(10), 500, 1200, true), (options.For, options.Rate, options.Size, options.Json));
    }

    [Theory]
    [InlineData("--components \"3\" is not 1 or 2", "ice", "gather", "--components", "3")]
    [InlineData("--rate \"0\" is not 1 to 5000", "turn", "test", "--turn", "turn:t.example", "--rate", "0")]
    [InlineData("--size \"9\" is not 24 to 1200", "turn", "test", "--turn", "turn:t.example", "--size", "9")]
    [InlineData("there is no TURN server to test", "turn", "test")]
    public async Task Flags_WithAMistake_NameIt(string told, params string[] args)
    {
        Assert.Equal(2, await _bench.RunAsync(args));
        Assert.Contains(told, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8445", "5.1.1", Line = "I05")]
    public async Task Gather_AtTheLabsServer_TellsCandidatesAndWhenTheyCame()
    {
        using var server = new RealServer();
        var code = await new IceGatherVerb().RunAsync(new IceGatherOptions { Profile = ProfileOf(server), Json = true }, _bench.Context, CancellationToken.None);
        Assert.True(code == ExitCode.Ok, _bench.Error.ToString());
        var lines = Lines();
        var relay = Assert.Single(lines, l => l.GetProperty("ev").GetString() == "ice.candidate" && l.GetProperty("type").GetString() == "relay");
        Assert.StartsWith("127.0.0.1:", relay.GetProperty("addr").GetString(), StringComparison.Ordinal);
        Assert.Equal($"127.0.0.1:{server.Port}", relay.GetProperty("server").GetString());
        Assert.True(relay.GetProperty("after_ms").GetDouble() >= 0);
        Assert.Contains(lines, l => l.GetProperty("ev").GetString() == "ice.candidate" && l.GetProperty("type").GetString() == "host");
        Assert.Contains("A call could start after", lines[^1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("alice-secret", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gather_FromASilentServer_NamesItAndEndsWithEight()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = (ushort)((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        var profile = new Profile { Nat = new NatProfile { Stun = [new ServerUri(false, "127.0.0.1", port, Transport.Udp)], GatherBudget = TimeSpan.FromMilliseconds(50) } };
        Assert.Equal(ExitCode.IceFailed, await new IceGatherVerb().RunAsync(new IceGatherOptions { Profile = profile }, _bench.Context, CancellationToken.None));
        Assert.Contains($"STUN server 127.0.0.1:{port} did not answer", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gather_FromAPortWhereNobodyListens_SaysThatAndNotThatNothingCame()
    {
        int port;
        using (var closed = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0))) port = ((System.Net.IPEndPoint)closed.Client.LocalEndPoint!).Port;
        var profile = new Profile { Nat = new NatProfile { Stun = [new ServerUri(false, "127.0.0.1", (ushort)port, Transport.Udp)], GatherBudget = TimeSpan.FromSeconds(2) } };
        Assert.Equal(ExitCode.IceFailed, await new IceGatherVerb().RunAsync(new IceGatherOptions { Profile = profile }, _bench.Context, CancellationToken.None));
        Assert.Contains($"STUN server 127.0.0.1:{port} refuses UDP: nobody listens at this port", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8656", "3.1", Line = "T32")]
    public async Task TurnTest_AtTheLabsServer_RelaysAndEchoesByUdpAndTcp()
    {
        using var server = new RealServer();
        var options = new TurnTestOptions { Profile = ProfileOf(server, Transport.Udp, Transport.Tcp), For = TimeSpan.FromMilliseconds(200), Rate = 50, Json = true };
        var code = await new TurnTestVerb().RunAsync(options, _bench.Context, CancellationToken.None);
        var lines = Lines();
        Assert.True(code == ExitCode.Ok, $"{_bench.Out}{_bench.Error}");
        Assert.Equal(["udp", "tcp"], lines.Select(l => l.GetProperty("transport").GetString()));
        Assert.All(lines, line =>
        {
            Assert.Equal((10, 10), (line.GetProperty("sent").GetInt32(), line.GetProperty("received").GetInt32()));
            Assert.StartsWith("127.0.0.1:", line.GetProperty("relay").GetString(), StringComparison.Ordinal);
            Assert.True(line.GetProperty("rtt_max_ms").GetDouble() >= line.GetProperty("rtt_min_ms").GetDouble());
        });
    }

    [Fact]
    [Rfc("8656", "7.4", Line = "T13")]
    public async Task TurnTest_WithAWrongPassword_SaysSoAndShowsIt_Nowhere()
    {
        using var server = new RealServer();
        var profile = ProfileOf(server);
        profile = profile with { Nat = profile.Nat with { Turn = [profile.Nat.Turn[0] with { Password = new PasswordSource.Literal("wrong-one") }] } };
        var code = await new TurnTestVerb().RunAsync(new TurnTestOptions { Profile = profile }, _bench.Context, CancellationToken.None);
        Assert.NotEqual(ExitCode.Ok, code);
        Assert.Matches("by udp: (?!works)", _bench.Out.ToString());
        Assert.DoesNotContain("wrong-one", $"{_bench.Out}{_bench.Error}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Transport.Udp)]
    [InlineData(Transport.Tcp)]
    public void Echo_InTheVirtualInternet_CountsEveryRoundTrip(Transport transport)
    {
        var demo = new DemoWorld(new Softphone.Lab.DemoOptions { Latency = TimeSpan.FromMilliseconds(15) });
        var server = new RelayServer(DemoWorld.TurnAddress, "alice", DemoWorld.PasswordOf("alice")) { Transport = transport };
        var echo = new RelayEcho(server, new RelayEchoPlan(TimeSpan.FromSeconds(1), 50, 172, []), demo.HostA, demo.World.NewEntropy());
        demo.HostA.Run(echo);
        demo.World.Post(() => echo.Begin(demo.World.Now));
        Assert.True(demo.World.RunUntil(() => echo.IsOver, Instant.Zero + TimeSpan.FromSeconds(30)), $"{echo.Result}");
        Assert.Null(echo.Result.Fault);
        Assert.Equal(50, echo.Result.Sent);

        // There and back, each way to the server and from it: four times the line.
        Assert.All(echo.Result.RoundTrips, trip => Assert.Equal(60, trip, 0.5));
        Assert.Equal(50, echo.Result.RoundTrips.Count);
        Assert.Equal(DemoWorld.TurnAddress.Ip, echo.Result.Relayed.Ip);
    }

    private static Profile ProfileOf(RealServer server, params Transport[] transports) => new()
    {
        Nat = new NatProfile
        {
            Stun = [new ServerUri(false, "127.0.0.1", server.Port, Transport.Udp)],
            Turn =
            [
                new TurnProfile
                {
                    Urls = [.. (transports.Length == 0 ? [Transport.Udp] : transports).Select(t => new ServerUri(true, "127.0.0.1", server.Port, t))],
                    User = "alice",
                    Password = new PasswordSource.Literal("alice-secret"),
                },
            ],
        },
    };

    private List<JsonElement> Lines() => [.. _bench.Out.ToString().TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
}
