using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>A host with a probe and one socket, for tests of the world.</summary>
internal sealed class Bench
{
    private Bench(VirtualHost host, Probe probe, PathId path, Address bound)
    {
        Host = host;
        Probe = probe;
        Path = path;
        Bound = bound;
    }

    public VirtualHost Host { get; }

    public Probe Probe { get; }

    public PathId Path { get; }

    public Address Bound { get; }

    public static Bench On(VirtualHost host, ushort port = 0, Transport transport = Transport.Udp, bool echoes = false, string? serverName = null)
    {
        var probe = new Probe { Echoes = echoes };
        host.Run(probe);
        Assert.True(host.TryOpen(transport, host.Interfaces[1].Address, port, out var path, out var bound, out _, serverName));
        return new Bench(host, probe, path, bound);
    }

    public void Send(Address to, string text)
    {
        Probe.Send(Path, to, text);
        Host.Settle();
    }

    public static VirtualHost PublicHost(World world, string name, string ip, Link? link = null) =>
        world.AddHost(name, world.Public, IpAddress.Parse(ip), link);

    /// <summary>A LAN 10.0.1.0/24 behind 203.0.113.101 (or routed 198.51.100.0/26 when the type does not translate), with one host.</summary>
    public static VirtualHost NattedHost(World world, string type, Link? wan = null) => NattedHost(world, NatBehavior.Named(type), wan);

    public static VirtualHost NattedHost(World world, NatBehavior behavior, Link? wan = null)
    {
        var lan = behavior.Translates
            ? world.AddLan("natA", IpAddress.Parse("10.0.1.0"), 24, behavior, world.Public, wan, IpAddress.Parse("203.0.113.101"))
            : world.AddLan("natA", IpAddress.Parse("198.51.100.0"), 26, behavior, world.Public, wan);
        return world.AddHost("hostA", lan, IpAddress.Parse(behavior.Translates ? "10.0.1.2" : "198.51.100.2"));
    }
}
