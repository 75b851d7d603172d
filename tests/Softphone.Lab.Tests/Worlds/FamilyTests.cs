using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>IPv6 LANs, dual stack, NAT64, and what DNS tells their hosts.</summary>
public class FamilyTests
{
    private static readonly IpAddress V4 = IpAddress.Parse("203.0.113.2");
    private static readonly IpAddress V6 = IpAddress.Parse("2001:db8:ffff::2");

    private readonly World _world = new(seed: 1, new Trace());

    [Fact]
    [Rfc("6092", "3.1")]
    public void V6LanBehindAFirewall_LetsInOnlyAnswers()
    {
        var lan = _world.AddLan("home6", IpAddress.Parse("2001:db8:1::"), 64, NatBehavior.Firewall, _world.Public);
        var a = Bench.On(_world.AddHost("a", lan, IpAddress.Parse("2001:db8:1::2")));
        var b = Bench.On(Bench.PublicHost(_world, "b", V6.ToString()), 7, echoes: true);
        b.Send(a.Bound, "too early");
        _world.RunUntil(At(1));
        a.Send(b.Bound, "x");
        _world.RunUntil(At(2));
        Assert.Equal("x", Assert.Single(a.Probe.Received).Text);
        Assert.Equal(a.Bound, b.Probe.Received[0].From);
        Assert.Equal("1 filtered at home6", _world.Counters.DropsInWords);
    }

    [Fact]
    public void DualStackLan_EachFamilyHasItsGateway()
    {
        var lan = _world.AddLan("home", IpAddress.Parse("10.0.1.0"), 24, NatBehavior.PortRestricted, _world.Public, null, IpAddress.Parse("203.0.113.101"));
        _world.AddGateway(lan, "home6", IpAddress.Parse("2001:db8:1::"), 64, NatBehavior.Firewall, _world.Public);
        var host = _world.AddHost("a", lan, IpAddress.Parse("10.0.1.2"));
        host.Attach(lan, IpAddress.Parse("2001:db8:1::2"), name: "eth0");
        var server = _world.AddHost("s", _world.Public, V4);
        server.Attach(_world.Public, V6);
        var s = Bench.On(server, 7);
        Assert.True(server.TryOpen(Transport.Udp, V6, 7, out _, out var s6, out _));
        var a = Bench.On(host);
        Assert.True(host.TryOpen(Transport.Udp, IpAddress.Parse("2001:db8:1::2"), 0, out var path6, out var bound6, out _));
        a.Send(s.Bound, "four");
        a.Probe.Send(path6, s6, "six");
        host.Settle();
        _world.RunUntil(At(1));
        Assert.Equal(["203.0.113.101", bound6.Ip.ToString()], s.Probe.Received.Select(r => r.From.Ip.ToString()));
        Assert.Equal([8, 24, 64], host.Interfaces.Select(i => i.PrefixLength));
    }

    [Fact]
    [Rfc("6146", "3.5")]
    [Rfc("6147", "5.1")]
    public void Nat64_V6OnlyHost_ReachesAnIpv4Server()
    {
        var lan = _world.AddLan("mobile", IpAddress.Parse("2001:db8:1::"), 64, NatBehavior.Firewall, _world.Public);
        _world.AddNat64(lan, "nat64", NatBehavior.PortRestricted, _world.Public, null, IpAddress.Parse("203.0.113.64"));
        var host = _world.AddHost("a", lan, IpAddress.Parse("2001:db8:1::2"));
        var s = Bench.On(Bench.PublicHost(_world, "s", V4.ToString()), 7, echoes: true);
        _world.Names.Add("s.test", V4).Add("six.test", V6);
        Assert.Equal("64:ff9b::cb00:7102", Resolved(host, "s.test"));
        Assert.Equal(V6.ToString(), Resolved(host, "six.test"));
        var a = Bench.On(host);
        var to = new Address(IpAddress.Parse("64:ff9b::cb00:7102"), 7);
        a.Send(to, "x");
        a.Send(to with { Port = 9 }, "nobody there");
        _world.RunUntil(At(1));
        Assert.Equal("203.0.113.64", Assert.Single(s.Probe.Received).From.Ip.ToString());
        Assert.Equal((to, "x"), Assert.Single(a.Probe.Received.Select(r => (r.From, r.Text))));
        Assert.Equal((to with { Port = 9 }, PathError.Refused), Assert.Single(a.Probe.Failures.Select(f => (f.Remote, f.Error))));
    }

    [Fact]
    public void Resolve_GivesTheFamiliesThatTheHostHas()
    {
        _world.Names.Add("s.test", V6, V4);
        Assert.Equal(V4.ToString(), Resolved(Bench.PublicHost(_world, "a", "203.0.113.1"), "s.test"));
        Assert.Equal(V6.ToString(), Resolved(Bench.PublicHost(_world, "b", "2001:db8::1"), "s.test"));
    }

    [Theory]
    [InlineData(700, 0, false, 0.7, false)]
    [InlineData(9000, 0, false, 5, true)]
    [InlineData(0, 0, true, 5, true)]
    [InlineData(20, 1, false, 0.52, false)]
    [InlineData(4000, 2, false, 5, false)]
    [InlineData(4000, 3, false, 5, true)]
    public void Resolve_SlowSilentOrDeadDns_AnswersLateOrFails(int delayMs, int silent, bool dead, double after, bool failed)
    {
        _world.Names.Add("s.test", V4);
        _world.Names.SilentServers = silent;
        _world.Names.Delay = TimeSpan.FromMilliseconds(delayMs);
        _world.Names.IsDead = dead;
        var host = Bench.PublicHost(_world, "a", "203.0.113.1");
        (Instant At, NameAnswer Answer)? got = null;
        host.Resolve(new NameQuery(1, "s.test", NameRecord.Address), a => got = (_world.Now, a));
        Assert.Null(got);
        _world.RunUntil(At(10));
        Assert.Equal((Instant.Zero + TimeSpan.FromSeconds(after), failed), (got!.Value.At, got.Value.Answer.Failed));
    }

    private static string Resolved(VirtualHost host, string name)
    {
        var text = "";
        host.Resolve(new NameQuery(1, name, NameRecord.Address), a => text = string.Join(' ', a.Addresses));
        return text;
    }

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
