using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Which of the bindings that a registrar lists is ours, and what becomes of a lifetime that is none.</summary>
public sealed class BindingsTests
{
    private const string Ours = "sip:alice-1f@192.0.2.1:5060";
    private const string Instance = "urn:uuid:0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0";
    private static readonly Address Seen = Address.Parse("198.51.100.7:41000");

    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _registrar;

    public BindingsTests()
    {
        _alice = _net.Agent(Alice, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero });
        _registrar = new Script(_net, Server);
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
    }

    [Theory]
    [InlineData(60, "<sip:x@203.0.113.1>;+sip.instance=\"<URN:UUID:0F1E2D3C-4B5A-4678-8796-A5B4C3D2E1F0>\";expires=60", "<sip:alice-1f@192.0.2.1:5060>;expires=3600")]
    [InlineData(60, "<sip:y@203.0.113.1>;expires=20", "<sip:x@203.0.113.1>;expires=60;+sip.instance=\"<urn:uuid:0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0>\"")]
    [InlineData(60, "<sip:alice@192.0.2.1:5060>;expires=3600", "<sip:alice-1f@203.0.113.1:1>;expires=60")]
    [InlineData(60, "<sip:bob@192.0.2.44>;expires=3600", "sip:alice@192.0.2.1:5060;expires=60")]
    [InlineData(60, "<sip:alice@198.51.100.8:54229>;expires=30", "<sip:alice@198.51.100.7:41000>;expires=60")]
    [InlineData(60, "<sip:alice@198.51.100.6:41000>;expires=60", "<sip:alice@198.51.100.8:54229>;expires=3600", "<sip:alice@198.51.100.9:1>;expires=0")]
    [InlineData(0, "<sip:alice@192.0.2.1:5060>;expires=0", "<sip:bob@198.51.100.8:54229>;expires=3600")]
    [Rfc("5626", "4.1")]
    [Rfc("3261", "10.2.4")]
    public void Own_IsFoundByInstanceThenUserThenAddress_ElseTheOneThatEndsFirst(int seconds, params string[] listed)
    {
        var headers = new SipHeaders();
        foreach (var contact in listed) headers.Add(HeaderName.Contact, contact);
        Assert.Equal((uint)seconds, Bindings.Own(Bindings.Read(headers), Instance, Uri(Ours), Seen)!.Expires);
    }

    [Theory]
    [InlineData("<sip:alice-1f@192.0.2.1:5060>;expires=60,<sip:PBX#1000#9055 50100@192.0.2.9>;expires=25,Date:Thu, 24 May 2018 05:52:55 GMT")]
    [InlineData("<sip:alice@192.0.2.9;expires=7, <sip:alice-1f@192.0.2.1:5060>;expires=60")]
    [InlineData("\"Al <sip:alice@192.0.2.9>;expires=7, <sip:alice-1f@192.0.2.1:5060>;expires=60")]
    [InlineData("*, , <sip:alice-1f@192.0.2.1:5060>;expires=60")]
    [InlineData("<sip:alice@[::1>;expires=7", "<sip:alice-1f@192.0.2.1:5060>;expires=60")]
    [Rfc("3261", "10.2.4")]
    public void Read_BrokenElements_LeaveTheOthers(params string[] lines)
    {
        var headers = new SipHeaders();
        foreach (var line in lines) headers.Add(HeaderName.Contact, line);
        Assert.Equal(60u, Bindings.Own(Bindings.Read(headers), Instance, Uri(Ours), null)!.Expires);
    }

    [Fact]
    [Rfc("5626", "4.1")]
    public void Register_Instance_IsAUuidThatStaysTheSameWithoutRegId()
    {
        _registrar.OnRequest = request => _registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
        Register();
        _net.Run(1300);
        var contacts = _registrar.Requests.Select(r => r.Headers.TryContacts(out var all) ? all[^1] : null).ToList();
        Assert.True(contacts.Count >= 3);
        var instance = Assert.Single(contacts.Select(c => c!.Parameters["+sip.instance"]).Distinct());
        Assert.Matches("^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$", instance);
        Assert.All(contacts, c => Assert.False(c!.Parameters.Has("reg-id")));
    }

    [Theory]
    [InlineData("{0};expires=0", null)]
    [InlineData("{0}", "0")]
    [InlineData("<sip:somebody@203.0.113.5>;expires=0", null)]
    [InlineData(null, "0")]
    [Rfc("3261", "10.2.4")]
    [Rfc("5626", "4.5")]
    public void Register_GrantedForNoTime_IsAFailureThatBacksOff(string? contact, string? expires)
    {
        _registrar.OnRequest = request =>
        {
            request.Headers.TryContacts(out var contacts);
            var headers = new List<(string, string)>();
            if (contact is not null) headers.Add((HeaderName.Contact, string.Format(null, contact, new NameAddr(contacts[^1].Uri))));
            if (expires is not null) headers.Add((HeaderName.Expires, expires));
            _registrar.Answer(request, 200, headers: [.. headers]);
        };
        Register();
        _net.Run(3600);
        Assert.Equal(0, _alice.Count<SipEvent.Registered>());
        Assert.InRange(_registrar.Requests.Count, 4, 10);
        var waits = _alice.Events.OfType<SipEvent.RegistrationFailed>().Select(e => e.RetryIn!.Value.TotalSeconds).ToList();
        Assert.InRange(waits[0], 2, 4);
        Assert.InRange(waits[^1], 900, 1800);
        Assert.Contains("no binding", _alice.Last<SipEvent.RegistrationFailed>().Fault.What);
    }

    [Fact]
    [Rfc("5626", "4.5")]
    public void Register_GrantedNothingOnRefresh_IsNoLongerRegisteredAndComesBackWhenGranted()
    {
        var grants = new Queue<int>([600, 0, 600]);
        _registrar.OnRequest = request =>
        {
            request.Headers.TryContacts(out var contacts);
            _registrar.Answer(request, 200, headers: (HeaderName.Contact, $"{new NameAddr(contacts[^1].Uri)};expires={(grants.Count > 1 ? grants.Dequeue() : grants.Peek())}"));
        };
        Register();
        _net.Run(620);
        Assert.Equal((2, 1), (_alice.Count<SipEvent.Registered>(), _alice.Count<SipEvent.RegistrationFailed>()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    [Rfc("3261", "10.2.4")]
    public void Register_GrantedForSeconds_AsksNoOftenerThanEveryFive(int granted)
    {
        _registrar.OnRequest = request => _registrar.Answer(request, 200, headers: (HeaderName.Expires, $"{granted}"));
        Register();
        _net.Run(600);
        Assert.InRange(_registrar.Requests.Count, 100, 122);
    }

    [Theory]
    [InlineData(503, "1")]
    [InlineData(500, "0")]
    [InlineData(480, "3")]
    [Rfc("5626", "4.5")]
    public void Register_RefusedForAMomentTimeAfterTime_FallsBackToTheBackOff(int status, string retryAfter)
    {
        _registrar.OnRequest = request => _registrar.Answer(request, status, headers: (HeaderName.RetryAfter, retryAfter));
        Register();
        _net.Run(3600);
        Assert.InRange(_registrar.Requests.Count, 6, 14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [Rfc("5626", "4.5")]
    public void Flow_ThatAlwaysBreaksSoonAfter_IsMadeAnewByTheBackOff(int seconds)
    {
        var net = new SipNet();
        var node = net.Agent(Alice, new SipAgentOptions { StreamKeepalive = TimeSpan.Zero }, udp: false, tcp: true);
        var registrar = new Script(net, Server, isStream: true);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
        node.Agent.Register(net.Now, node.Account($"sip:alice@{Server}"));
        var end = net.Now + TimeSpan.FromHours(1);
        for (var told = 0; net.Now < end;)
        {
            net.Run(seconds);
            if (node.Count<SipEvent.Registered>() == told) continue;
            told = node.Count<SipEvent.Registered>();
            node.FailStream(registrar.At, PathError.Closed);
        }

        // Two each time: a new connection is seen from a new port.
        Assert.InRange(registrar.Requests.Count, 8, 24);
    }

    [Fact]
    [Rfc("3261", "10.2.8")]
    public void Register_TooBriefTimeAfterTime_SaysWhatTheRegistrarWants()
    {
        _registrar.OnRequest = request => _registrar.Answer(request, 423, headers: (HeaderName.MinExpires, $"{request.Headers.Expires + 600}"));
        Register();
        var fault = _alice.Last<SipEvent.RegistrationFailed>().Fault;
        Assert.Contains("3000 s", fault.What);
        Assert.Contains("account.expires", fault.Remedy);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(486)]
    [InlineData(603)]
    public void Register_RefusedWithAStatusOfCalls_SpeaksOfTheRegistrar(int status)
    {
        _registrar.OnRequest = request => _registrar.Answer(request, status);
        Register();
        var what = _alice.Last<SipEvent.RegistrationFailed>().Fault.What;
        Assert.StartsWith("the registrar refuses", what);
        Assert.Contains($"{status}", what);
    }

    private void Register()
    {
        _alice.Agent.Register(_net.Now, _alice.Account("sip:alice@example.com"));
        _net.Run(1);
    }
}
