using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>SIP at an address that was named: there, or nowhere.</summary>
public sealed class ListenTests
{
    private readonly VirtualHost _host;

    public ListenTests()
    {
        var world = new World(1);
        _host = world.AddHost("a", world.Public, IpAddress.Parse("198.51.100.1"), Link.OfMilliseconds(5));
    }

    [Theory]
    [InlineData("198.51.100.1", 5060)]
    [InlineData("198.51.100.1", 0)]
    [InlineData("127.0.0.92", 5070)]
    public void Listen_AtAnAddressOfTheHost_IsThereAndNowhereElse(string at, ushort port)
    {
        var phone = Phone(at, port);
        Assert.DoesNotContain(phone.Events, e => e is PhoneEvent.NotReachable);
        Assert.False(_host.TryOpen(Transport.Udp, IpAddress.Parse(at), port == 0 ? (ushort)49_152 : port, out _, out _, out var error));
        Assert.Equal(PathError.InUse, error);
    }

    [Theory]
    [InlineData("192.0.2.5", 5060, "is no address of this machine")]
    [InlineData("2001:db8::5", 5060, "is no address of this machine")]
    [InlineData("192.0.2.5", 0, "is no address of this machine")]
    public void Listen_AtAnAddressOfNobody_IsTold(string at, ushort port, string words) => AssertTold(Phone(at, port), words);

    [Theory]
    [InlineData(Transport.Udp)]
    [InlineData(Transport.Tcp)]
    public void Listen_AtAPortThatIsTaken_IsTold(Transport transport) =>
        AssertTold(Phone("198.51.100.1", 5060, host => Assert.True(host.TryOpen(transport, IpAddress.Parse("198.51.100.1"), 5060, out _, out _, out _))), "is taken by another program");

    private static void AssertTold(VirtualPhone phone, string words)
    {
        var told = Assert.Single(phone.Events.OfType<PhoneEvent.NotReachable>());
        Assert.Equal(Layer.Transport, told.Fault.Layer);
        Assert.Contains(words, told.Fault.What, StringComparison.Ordinal);
        Assert.NotEmpty(told.Fault.Remedy);
    }

    private VirtualPhone Phone(string at, ushort port, Action<VirtualHost>? before = null)
    {
        before?.Invoke(_host);
        var phone = new VirtualPhone(_host, new PhoneOptions { Name = "a", SipAddress = IpAddress.Parse(at), SipPort = port }, new CodecFactory());
        phone.Do((m, now) => m.Start(now));
        return phone;
    }
}
