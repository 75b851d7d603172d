using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Gathering where few sockets can still be opened.</summary>
public sealed class ScarceTests
{
    private static readonly string[] Addresses = ["198.51.100.7", "10.0.0.7", "2001:db8::7", "192.168.9.7"];

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("203.0.113.9", null)]
    [InlineData(null, null)]
    public void Gather_WithFewSocketsLeft_TakesTheAddressOfSignallingAndNoOther(string? preferred, string? taken)
    {
        var network = new Network { IsScarce = true };
        var addresses = Gather(network, preferred);
        Assert.Equal(2, network.Opened.Count);
        Assert.Single(addresses.Distinct());
        if (taken is not null) Assert.Equal(taken, addresses[0]);
    }

    [Fact]
    public void Gather_WithFewSocketsLeftAndSignallingAtLoopback_TakesOneAddressBesides()
    {
        var addresses = Gather(new Network { IsScarce = true }, "127.0.0.1", usesLoopback: true);
        Assert.Equal(4, addresses.Count);
        Assert.Equal("127.0.0.1", addresses[0]);
        Assert.Equal(2, addresses.Distinct().Count());
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData(null)]
    public void Gather_WithSocketsEnough_TakesAll(string? preferred) =>
        Assert.Equal(Addresses.Order(), Gather(new Network(), preferred).Distinct().Order());

    private static List<string> Gather(Network network, string? preferred, bool usesLoopback = false)
    {
        var options = new MediaTransportOptions { UseLoopback = usesLoopback, PreferredAddress = preferred is null ? default : IpAddress.Parse(preferred) };
        new MediaTransport(options, network, new SeededEntropy(1), Trace.Off, "a").Gather(default, true);
        return network.Opened;
    }

    private sealed class Network : INetwork
    {
        public bool IsScarce { get; init; }

        public List<string> Opened { get; } = [];

        public IReadOnlyList<LocalInterface> Interfaces => [new("lo", IpAddress.LoopbackV4, 8, InterfaceKind.Loopback, false, false), .. Addresses.Select((a, i) => new LocalInterface($"eth{i}", IpAddress.Parse(a), 24, InterfaceKind.Wired, false, false))];

        public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
        {
            Opened.Add(local.ToString());
            (path, bound, error) = (new PathId(Opened.Count), new Address(local, (ushort)(40_000 + Opened.Count)), default);
            return true;
        }

        public void Close(PathId path)
        {
        }

        public void Disconnect(PathId path, Address remote)
        {
        }

        public bool TryRoute(IpAddress remote, out IpAddress local)
        {
            local = default;
            return false;
        }
    }
}
