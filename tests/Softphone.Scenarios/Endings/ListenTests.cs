using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

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
    [InlineData("127.0.0.92", 5070)]
    [InlineData("::1", 5080)]
    public void Listen_AtAnAddressOfTheHost_IsThereAndNowhereElse(string at, ushort port)
    {
        var phone = Phone(at, port);
        Assert.DoesNotContain(phone.Events, e => e is PhoneEvent.NotReachable);
        Assert.Equal([Transport.Udp, Transport.Tcp], phone.Events.OfType<PhoneEvent.Listening>().Where(e => e.Address == new Address(IpAddress.Parse(at), port)).Select(e => e.Transport));
        Assert.False(_host.TryOpen(Transport.Udp, IpAddress.Parse(at), port, out _, out _, out var error));
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
        AssertTold(Phone("198.51.100.1", 5060, host => Assert.True(host.TryOpen(transport, IpAddress.Parse("198.51.100.1"), 5060, out _, out _, out _))), "is in use by another program");

    /// <summary>Without a server of its own the phone is where the one who is called can be reached from.</summary>
    [Theory]
    [InlineData("198.51.100.9")]
    [InlineData("::1")]
    public void Start_TowardsWhoIsCalled_IsOfItsFamily(string called)
    {
        var remote = IpAddress.Parse(called);
        var phone = new VirtualPhone(_host, new PhoneOptions { Name = "a", SipPort = 5060, Towards = SipUri.Parse(remote.IsV6 ? $"sip:x@[{called}]" : $"sip:x@{called}") }, new CodecFactory());
        phone.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:anonymous@anonymous.invalid") });
        phone.Do((m, now) => m.Start(now));
        var local = remote.IsLoopback ? remote : _host.Interfaces.First(i => !i.Address.IsLoopback && i.Address.IsV6 == remote.IsV6).Address;
        Assert.False(_host.TryOpen(Transport.Udp, local, 5060, out _, out _, out _));
    }

    /// <summary>A socket of each family that leads anywhere, and of the one in which somebody is called.</summary>
    [Theory]
    [InlineData("203.0.113.5", "sip:x@[::1]", "198.51.100.1 ::1")]
    [InlineData("203.0.113.5", "sip:x@198.51.100.9", "198.51.100.1 2001:db8:9::1")]
    [InlineData("2001:db8::5", "sip:x@example.com", "198.51.100.1 2001:db8:9::1")]
    [InlineData("127.0.0.1", "sip:x@example.com", "127.0.0.1")]
    [Rfc("6157", "3.1")]
    public void Start_OfADualStackHost_OpensBothFamilies(string registrar, string called, string locals)
    {
        _host.Attach(_host.World.Public, IpAddress.Parse("2001:db8:9::1"));
        var phone = new VirtualPhone(_host, new PhoneOptions { Name = "a", SipPort = 5060, Towards = SipUri.Parse(called) }, new CodecFactory());
        phone.Machine.AddAccount(new SipAccount
        {
            Aor = SipUri.Parse("sip:a@example.com"),
            Registrar = SipUri.Parse(registrar.Contains(':', StringComparison.Ordinal) ? $"sip:[{registrar}]" : $"sip:{registrar}"),
        });
        phone.Do((m, now) => m.Start(now));
        string[] all = ["127.0.0.1", "198.51.100.1", "::1", "2001:db8:9::1"];
        Assert.Equal(locals.Split(' ').Order(), all.Where(ip => !_host.TryOpen(Transport.Udp, IpAddress.Parse(ip), 5060, out _, out _, out _)).Order());
    }

    private static void AssertTold(VirtualPhone phone, string words)
    {
        var told = Assert.Single(phone.Events.OfType<PhoneEvent.NotReachable>());
        Assert.DoesNotContain(phone.Events, e => e is PhoneEvent.Listening);
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
