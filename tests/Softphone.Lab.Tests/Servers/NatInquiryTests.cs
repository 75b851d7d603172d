using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>What is said of a NAT where servers are silent, refuse or are none: "UDP blocked" needs more than one silence.</summary>
public sealed class NatInquiryTests
{
    private static readonly NatServer Dead = new("dead.test", Address.Parse("203.0.113.77:3478"));
    private static readonly NatServer DeadToo = new("dead.too", Address.Parse("203.0.113.78:3478"));
    private static readonly NatServer Alive = new("alive.test", StunBench.Server);

    private readonly StunBench _bench = new();
    private readonly List<NatInquiry.Event> _events = [];

    [Theory]
    [InlineData("none")]
    [InlineData("port-restricted")]
    [InlineData("udp-blocked")]
    public void OneServer_ThatIsDead_DoesNotAnswerAndNothingIsSaidOfUdp(string type)
    {
        var fault = Assert.IsType<NatInquiry.Event.Failed>(Ask(type, Dead)).Fault;
        Assert.Equal(Layer.Transport, fault.Layer);
        Assert.Contains("STUN server 203.0.113.77:3478 does not answer", fault.What, StringComparison.Ordinal);
        Assert.Contains("a second server", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoAddressesOfOneServer_AreOneServer() =>
        Assert.IsType<NatInquiry.Event.Failed>(Ask("none", Dead, DeadToo with { Name = Dead.Name }));

    [Fact]
    public void TwoServers_BothSilent_AreUdpBlocked()
    {
        var found = Assert.IsType<NatInquiry.Event.Completed>(Ask("udp-blocked", Dead, DeadToo)).Behaviour;
        Assert.Equal("UDP blocked", found.Classic);
        Assert.Equal(2, _events.OfType<NatInquiry.Event.Silent>().Count());
    }

    [Fact]
    public void OneServer_SilentByUdpAndThereByTcp_IsUdpBlocked()
    {
        var found = Assert.IsType<NatInquiry.Event.Completed>(Ask("udp-blocked", Alive)).Behaviour;
        Assert.Equal("UDP blocked", found.Classic);
        Assert.Contains("203.0.113.10:3478 answers by TCP and not by UDP", found.Evidence);
    }

    [Theory]
    [InlineData("none", "open")]
    [InlineData("symmetric", "symmetric")]
    public void SecondServer_ThatAnswers_TellsAndTheFirstIsNamed(string type, string classic)
    {
        Assert.Equal(classic, Assert.IsType<NatInquiry.Event.Completed>(Ask(type, Dead, Alive)).Behaviour.Classic);
        Assert.Contains("203.0.113.77:3478 does not answer", Assert.Single(_events.OfType<NatInquiry.Event.Silent>()).Fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "refuses UDP")]
    [InlineData("talker", "sends what is no answer (")]
    [InlineData("echo", "sends what is no answer (")]
    public void Server_ThatIsNone_ShowsThatUdpPasses(string kind, string said)
    {
        var host = Bench.PublicHost(_bench.World, "web", "203.0.113.80");
        if (kind != "nobody")
        {
            var listener = Bench.On(host, 3478, echoes: kind == "echo");
            if (kind == "talker") listener.Probe.Reply = "HTTP/1.1 400 Bad Request";
        }

        var fault = Assert.IsType<NatInquiry.Event.Failed>(Ask("port-restricted", new NatServer("web.test", Address.Parse("203.0.113.80:3478")), Dead)).Fault;
        Assert.Contains(said, fault.What, StringComparison.Ordinal);
    }

    private NatInquiry.Event Ask(string type, params NatServer[] servers)
    {
        var host = Bench.NattedHost(_bench.World, type);
        var inquiry = new NatInquiry(host, new SeededEntropy(7), servers);
        host.Run(inquiry, _ =>
        {
            while (inquiry.TryEvent(out var happened)) _events.Add(happened);
        });
        host.Post(() => inquiry.Start(_bench.World.Now));
        Assert.True(_bench.World.RunUntil(() => _events.Exists(e => e is not NatInquiry.Event.Silent), Instant.Zero + TimeSpan.FromSeconds(90)));
        return _events[^1];
    }
}
