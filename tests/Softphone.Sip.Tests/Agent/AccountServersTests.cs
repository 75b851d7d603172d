using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Who is a server of an account: what its names lead to by DNS, and nobody else.</summary>
public sealed class AccountServersTests
{
    private readonly SipNet _net = new();
    private readonly Resolver _resolver = new AgentCore(new SipAgentOptions(), new SeededEntropy(1), new Trace(), null!).Resolver;

    public AccountServersTests()
    {
        _net.Services["_sip._udp.example.com"] = [new(10, 0, 5060, "one.example.com"), new(20, 0, 5070, "two.example.com")];
        _net.Services["_sip._tcp.example.com"] = [new(10, 0, 5060, "three.example.com")];
        _net.Services["_sips._tcp.example.com"] = [new(10, 0, 5061, "four.example.com")];
        for (var i = 0; i < 4; i++) _net.Hosts[$"{new[] { "one", "two", "three", "four" }[i]}.example.com"] = [IpAddress.Parse($"198.51.100.{i + 1}")];
        _net.Hosts["two.example.com"] = [.. _net.Hosts["two.example.com"], IpAddress.Parse("2001:db8::2")];
        _net.Hosts["example.com"] = [IpAddress.Parse("203.0.113.80")];
        _net.Hosts["other.example.com"] = [IpAddress.Parse("203.0.113.81")];
    }

    [Theory]
    [InlineData("198.51.100.1:5060", Transport.Udp, true)]
    [InlineData("198.51.100.1:5060", Transport.Tcp, true)]
    [InlineData("198.51.100.2:5070", Transport.Udp, true)]
    [InlineData("[2001:db8::2]:5070", Transport.Udp, true)]
    [InlineData("198.51.100.3:5060", Transport.Tcp, true)]
    [InlineData("198.51.100.4:5061", Transport.Tls, true)]
    [InlineData("198.51.100.1:5062", Transport.Udp, false)]
    [InlineData("198.51.100.2:5060", Transport.Udp, false)]
    [InlineData("198.51.100.4:5061", Transport.Tcp, false)]
    [InlineData("198.51.100.1:5060", Transport.Tls, false)]
    [InlineData("203.0.113.80:5060", Transport.Udp, false)]
    [InlineData("203.0.113.81:5060", Transport.Udp, false)]
    [Rfc("3261", "22.1", Line = "sip A6")]
    [Rfc("3263", "4.2")]
    public void Name_WithServices_IsEveryPlaceOfThem(string place, Transport transport, bool isServer) =>
        Assert.Equal(isServer, Known("sip:alice@example.com").Holds(Flow(place, transport)));

    [Theory]
    [InlineData("sip:alice@example.com", "198.51.100.4:5061", Transport.Tls, true)]
    [InlineData("sip:alice@example.com;transport=tls", "198.51.100.1:5060", Transport.Udp, true)]
    [InlineData("sips:alice@example.com", "198.51.100.4:5061", Transport.Tls, true)]
    [InlineData("sips:alice@example.com", "198.51.100.1:5060", Transport.Udp, false)]
    [InlineData("sip:alice@example.com:5090", "203.0.113.80:5090", Transport.Tcp, true)]
    [InlineData("sip:alice@example.com:5090", "203.0.113.80:5060", Transport.Udp, false)]
    [InlineData("sip:alice@192.0.2.9", "192.0.2.9:5060", Transport.Udp, true)]
    [InlineData("sip:alice@192.0.2.9", "192.0.2.9:5061", Transport.Tls, true)]
    [InlineData("sip:alice@192.0.2.9", "192.0.2.9:5062", Transport.Udp, false)]
    [InlineData("sip:alice@nowhere.example.org", "203.0.113.80:5060", Transport.Udp, false)]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Aor_SaysWhereTheServersAre(string aor, string place, Transport transport, bool isServer) =>
        Assert.Equal(isServer, Known(aor).Holds(Flow(place, transport)));

    [Theory]
    [InlineData("198.51.100.2", true)]
    [InlineData("198.51.100.4", true)]
    [InlineData("2001:db8::2", true)]
    [InlineData("203.0.113.80", false)]
    [InlineData("203.0.113.81", false)]
    public void IsFrom_CountsServersThatAreNotInUse(string ip, bool isServer) =>
        Assert.Equal(isServer, Known("sip:alice@example.com").IsFrom(IpAddress.Parse(ip)));

    /// <summary>One place of each family under one name, and nothing else, is one server.</summary>
    [Theory]
    [InlineData("sip:alice@both.example.com:5080", "198.51.100.7:5080", "[2001:db8::7]:5080")]
    [InlineData("sip:alice@both.example.com:5080", "[2001:db8::7]:5080", "198.51.100.7:5080")]
    [InlineData("sip:alice@both.example.com:5080", "198.51.100.7:5060", null)]
    [InlineData("sip:alice@both.example.com:5080", "198.51.100.8:5080", null)]
    [InlineData("sip:alice@example.com", "198.51.100.2:5070", null)]
    [InlineData("sip:alice@many.example.com:5080", "[2001:db8::7]:5080", null)]
    [InlineData("sip:alice@192.0.2.9", "192.0.2.9:5060", null)]
    public void OtherFamily_OfAServer_IsKnownWhereItIsOneMachine(string aor, string place, string? other)
    {
        _net.Hosts["both.example.com"] = [IpAddress.Parse("2001:db8::7"), IpAddress.Parse("198.51.100.7")];
        _net.Hosts["many.example.com"] = [.. _net.Hosts["both.example.com"], IpAddress.Parse("198.51.100.8")];
        Assert.Equal(other, Known(aor).OtherFamilyOf(new Target(Transport.Udp, Address.Parse(place)))?.Address.ToString());
    }

    [Fact]
    public void Registrar_ThatDemandsTls_IsNoServerInTheClear()
    {
        var servers = Known("sip:alice@192.0.2.9", registrar: "sip:192.0.2.9;transport=tls", transport: Transport.Tls);
        Assert.True(servers.Holds(Flow("192.0.2.9:5061", Transport.Tls)));
        Assert.False(servers.Holds(Flow("192.0.2.9:5060", Transport.Udp)));
    }

    [Fact]
    public void Server_ThatMoves_IsKnownByItsOldAddressForAnHour()
    {
        var servers = Known("sip:alice@other.example.com");
        var old = Flow("203.0.113.81:5060", Transport.Udp);
        _net.Hosts["other.example.com"] = [IpAddress.Parse("203.0.113.99")];
        _net.Run(3000);
        Survey(servers);
        Assert.True(servers.Holds(old));
        Assert.True(servers.Holds(Flow("203.0.113.99:5060", Transport.Udp)));
        _net.Run(3000);
        Survey(servers);
        Assert.False(servers.Holds(old));
    }

    [Fact]
    [Rfc("8767", "4")]
    public void Server_OfWhichDnsSaysNothingMore_StaysOne()
    {
        var servers = Known("sip:alice@other.example.com");
        _net.Hosts.Clear();
        _net.Run(30_000);
        Survey(servers);
        Assert.True(servers.Holds(Flow("203.0.113.81:5060", Transport.Udp)));
    }

    [Fact]
    public void NameWithoutEnd_IsBounded()
    {
        var servers = Known("sip:alice@other.example.com");
        for (var i = 0; i < 100; i++) servers.Learn(_net.Now + TimeSpan.FromSeconds(i), Uri("sip:other.example.com"), [new Target(Transport.Udp, new Address(IpAddress.FromV4((uint)(0x0A000000 + i)), 5060))]);
        Assert.False(servers.IsFrom(IpAddress.Parse("10.0.0.35")));
        Assert.True(servers.IsFrom(IpAddress.Parse("10.0.0.99")));
    }

    [Theory]
    [InlineData("sip:other.example.com", true)]
    [InlineData("sip:x@OTHER.Example.com;transport=tcp", true)]
    [InlineData("sip:other.example.com:5060", false)]
    [InlineData("sip:deep.other.example.com", false)]
    [InlineData("sip:example.com", false)]
    public void Learn_TakesOnlyWhatTheProfileNames(string hop, bool isLearned)
    {
        var servers = Known("sip:alice@other.example.com");
        servers.Learn(_net.Now, Uri(hop), [new Target(Transport.Udp, Address.Parse("203.0.113.9:5060"))]);
        Assert.Equal(isLearned, servers.IsFrom(IpAddress.Parse("203.0.113.9")));
    }

    private AccountServers Known(string aor, string? registrar = null, Transport? transport = null)
    {
        var servers = new AccountServers(new SipAccount { Aor = Uri(aor), Registrar = registrar is null ? null : Uri(registrar), Transport = transport });
        Survey(servers);
        return servers;
    }

    private void Survey(AccountServers servers)
    {
        servers.Survey(_net.Now, _resolver);
        while (_resolver.TryQuery(out var query)) _resolver.Answer(_net.Now, _net.Resolve(query));
    }

    private static Flow Flow(string place, Transport transport) => new(new PathId(1), Address.Parse(place), transport);
}
