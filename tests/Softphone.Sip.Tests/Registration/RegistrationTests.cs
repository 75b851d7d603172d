using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>REGISTER against a scripted registrar.</summary>
public sealed class RegistrationTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _registrar;

    /// <summary>What the registrar says to each REGISTER; by default it accepts for what is asked.</summary>
    private Func<SipRequest, (int Status, (string, string)[] Headers)> _policy = request => Accepting(request);

    public RegistrationTests()
    {
        _alice = _net.Agent(Alice, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero });
        _registrar = new Script(_net, Server);
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
        _registrar.OnRequest = request =>
        {
            var (status, headers) = _policy(request);
            if (status > 0) _registrar.Answer(request, status, headers: headers);
        };
    }

    [Fact]
    [Rfc("3261", "10.2", Line = "sip R1")]
    public void Register_Accepted_TellsServerContactAndLifetime()
    {
        var account = Register();
        var request = Assert.Single(_registrar.Requests);
        Assert.Equal("sip:example.com", request.RequestUri.ToString());
        Assert.True(request.Headers.TryFrom(out var from));
        Assert.True(request.Headers.TryTo(out var to));
        Assert.Equal(("sip:alice@example.com", "sip:alice@example.com"), (from.Uri.ToString(), to.Uri.ToString()));
        Assert.Null(to.Tag);
        var registered = _alice.Last<SipEvent.Registered>();
        Assert.Equal((account, TimeSpan.FromSeconds(600), Address.Parse(Server), Transport.Udp), (registered.Account, registered.Expires, registered.Server, registered.Transport));
        Assert.Equal($"sip:{Bound}@{Alice}:5060", registered.Contact.ToString());
    }

    /// <summary>It left by a way that was dead, and arrived when that came back: the registrar heard it last.</summary>
    [Theory]
    [InlineData("198.51.100.20", true)]
    [InlineData("2001:db8::20", true)]
    [InlineData("198.51.100.20", false)]
    [Rfc("3261", "10.3")]
    public void Register_GivenUpAndTakenAfterAll_IsTakenBackAndMadeAnew(string host, bool isOurs)
    {
        _policy = _ => (0, []);
        var account = _alice.Account("sip:alice@example.com", learn: false);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(0.1);
        var lost = _registrar.Last(SipMethod.Register);
        _policy = request => Accepting(request);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(1);
        var before = _registrar.Count(SipMethod.Register);
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());

        Assert.True(lost.Headers.TryContacts(out var asked));
        var user = isOurs ? asked[^1].Uri.User : "another";
        var stray = $"sip:{user}@{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:5060";
        var elsewhere = new Script(_net, "192.0.2.44:5060") { From = _registrar.From };
        elsewhere.Answer(lost, 200, headers: (HeaderName.Contact, $"<{stray}>;expires=300"));
        _net.Run(1);
        Assert.Equal(before + (isOurs ? 1 : 0), _registrar.Count(SipMethod.Register));
        if (!isOurs) return;
        Assert.True(_registrar.Last(SipMethod.Register).Headers.TryContacts(out var told));
        Assert.Contains(told, c => c.Uri.ToString() == stray && c.Expires == 0);
        Assert.True(told[^1].Expires > 0);
        // It comes to rest.
        _net.Run(20);
        Assert.Equal(before + 1, _registrar.Count(SipMethod.Register));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8767", "4")]
    public void Dns_DeadAfterRegistration_RequestsGoToTheServerKnown(bool isSilent)
    {
        var account = Register();
        if (isSilent) _net.IsDnsSilent = true;
        else _net.Hosts.Clear();
        var asked = _net.Now;
        for (var i = 0; i < 3; i++)
        {
            _alice.Agent.Options(_net.Now, account, SipNode.Uri("sip:bob@example.com"));
            _net.Run(i == 0 ? 2 : 0.1);
        }

        Assert.Equal(3, _registrar.Requests.Count(r => r.Method == SipMethod.Options));
        Assert.True(_net.Now - asked < TimeSpan.FromSeconds(3));
        _alice.Agent.Options(_net.Now, account, SipNode.Uri("sip:bob@elsewhere.example"));
        _net.Run(12);
        Assert.Equal((503, Layer.Dns), (_alice.Last<SipEvent.RequestCompleted>().Status, _alice.Last<SipEvent.RequestCompleted>().Fault!.Layer));
    }

    [Fact]
    [Rfc("8767", "4")]
    public void Dns_BackWithAnotherAddress_IsFollowed()
    {
        var account = Register();
        _net.IsDnsSilent = true;
        _alice.Agent.Options(_net.Now, account, SipNode.Uri("sip:bob@example.com"));
        _net.Run(3);
        _net.IsDnsSilent = false;
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.99")];
        _net.Run(30);
        var moved = new Script(_net, "192.0.2.99:5060");
        _alice.Agent.Options(_net.Now, account, SipNode.Uri("sip:bob@example.com"));
        _net.Run(1);
        Assert.NotEmpty(moved.Requests);
    }

    [Theory]
    [InlineData("<sip:alice@192.0.2.1:5060>;expires=120", null, 120)]
    [InlineData("<sip:alice@192.0.2.1:5060>", "90", 90)]
    [InlineData("<sip:alice@192.0.2.1:5060>", null, 600)]
    [InlineData("<sip:other@203.0.113.1>;expires=30, <sip:alice@192.0.2.1:5060>;expires=240", "30", 240)]
    [InlineData("<sip:alice@203.0.113.7:1>;expires=30, <sip:alice@192.0.2.1>;expires=240", "30", 240)]
    [InlineData("<sip:ours@203.0.113.7:1>;expires=240, <sip:alice@192.0.2.1>;expires=30", "30", 240)]
    [Rfc("3261", "10.2.4", Line = "sip R1")]
    public void Register_Lifetime_IsOurContactsElseTheHeadersElseOurs(string contact, string? expires, int seconds)
    {
        _policy = _ =>
        {
            var told = contact.Replace("ours", Bound, StringComparison.Ordinal);
            return (200, expires is null ? [(HeaderName.Contact, told)] : [(HeaderName.Contact, told), (HeaderName.Expires, expires)]);
        };
        Register();
        Assert.Equal(TimeSpan.FromSeconds(seconds), _alice.Last<SipEvent.Registered>().Expires);
    }

    [Fact]
    [Rfc("3261", "10.2.4", Line = "sip R2")]
    public void Register_Refreshes_BeforeTheEndWithOneCallIdAndRisingNumbers()
    {
        Register();
        _net.Run(3600);
        var sent = _registrar.Requests;
        Assert.InRange(sent.Count, 7, 9);
        Assert.Single(sent.Select(r => r.Headers.CallId).Distinct());
        var numbers = sent.Select(r => r.Headers.TryCSeq(out var c) ? c.Number : 0).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal(1, _alice.Count<SipEvent.Registering>());
    }

    [Theory]
    [InlineData(3600, 3060, 3240)]
    [InlineData(60, 51, 54.01)]
    [InlineData(20, 14.99, 15.01)]
    [InlineData(10, 4.99, 5.01)]
    [Rfc("3261", "10.2.4", Line = "sip R2")]
    public void Schedule_Refresh_IsJitteredAndEarlyEnough(int granted, double least, double most)
    {
        var chance = new SeededEntropy(3);
        for (var i = 0; i < 200; i++)
            Assert.InRange(RegistrationSchedule.Refresh(TimeSpan.FromSeconds(granted), chance).TotalSeconds, least, most);
    }

    [Fact]
    [Rfc("5626", "4.5", Line = "sip R5")]
    public void Schedule_BackOff_IsShortAtFirstThenDoublesUpToHalfAnHour()
    {
        var chance = new SeededEntropy(3);
        for (var i = 0; i < 50; i++) Assert.InRange(RegistrationSchedule.BackOff(0, chance).TotalSeconds, 2, 4);
        for (var n = 1; n < 13; n++)
        {
            var limit = Math.Min(1800, 30 * Math.Pow(2, n - 1));
            for (var i = 0; i < 50; i++) Assert.InRange(RegistrationSchedule.BackOff(n, chance).TotalSeconds, limit / 2, limit);
        }
    }

    [Fact]
    [Rfc("3261", "10.2.2", Line = "sip R2")]
    public void Unregister_SendsExpiresZeroForTheSameContact()
    {
        var account = Register();
        _alice.Agent.Unregister(_net.Now, account);
        _net.Run(0.1);
        var last = _registrar.Requests[^1];
        Assert.Equal("0", last.Headers.Get(HeaderName.Expires));
        Assert.Equal($"<sip:{Bound}@{Alice}:5060>;+sip.instance=\"{Instance}\";expires=0", last.Headers.Get(HeaderName.Contact));
        Assert.Equal(1, _alice.Count<SipEvent.Unregistered>());
        _net.Run(2000);
        Assert.Equal(2, _registrar.Requests.Count);
        Assert.True(_alice.Agent.IsIdle);
        Assert.Null(_alice.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "10.2.2", Line = "sip R2")]
    public void Unregister_Unanswered_IsOverInTwoSeconds()
    {
        var account = Register();
        _policy = _ => (0, []);
        _alice.Agent.Unregister(_net.Now, account);
        _net.Run(2.1);
        Assert.Equal(1, _alice.Count<SipEvent.Unregistered>());
        Assert.True(_alice.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "10.2.8", Line = "sip R3")]
    public void Register_TooBrief_IsRaisedToTheMinimum()
    {
        _policy = request => request.Headers.Expires < 1800 ? (423, [(HeaderName.MinExpires, "1800")]) : Accepting(request);
        Register();
        Assert.Equal(["600", "1800"], _registrar.Requests.Select(r => r.Headers.Get(HeaderName.Expires)));
        Assert.Equal(TimeSpan.FromSeconds(1800), _alice.Last<SipEvent.Registered>().Expires);
    }

    [Fact]
    [Rfc("3261", "10.2.8", Line = "sip R3")]
    public void Register_TooBriefWithoutMinimum_FailsWithoutALoop()
    {
        _policy = _ => (423, []);
        Register();
        _net.Run(4000);
        Assert.Single(_registrar.Requests);
        Assert.Null(_alice.Last<SipEvent.RegistrationFailed>().RetryIn);
    }

    [Theory]
    [InlineData(403, Layer.Authentication)]
    [InlineData(404, Layer.Sip)]
    [InlineData(302, Layer.Sip)]
    [Rfc("3261", "10.2", Line = "sip R4")]
    public void Register_RefusedForGood_StopsWithText(int status, Layer layer)
    {
        _policy = _ => (status, [(HeaderName.Contact, "<sip:elsewhere.example.com>")]);
        Register();
        _net.Run(4000);
        Assert.Single(_registrar.Requests);
        var failed = _alice.Last<SipEvent.RegistrationFailed>();
        Assert.Equal((status, layer, null), (failed.Status, failed.Fault.Layer, failed.RetryIn));
        Assert.NotEmpty(failed.Fault.What);
        Assert.True(failed.IsAnswered);
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK\r\nVia: x\r\n")]
    [InlineData("nonsense")]
    [Rfc("3261", "18.3")]
    public void Register_AnsweredByWhatCannotBeTaken_IsCountedAndNobodySaidTheStatus(string answer)
    {
        _policy = _ =>
        {
            _registrar.Send(answer);
            return (0, []);
        };
        Register();
        _net.Run(34);
        var failed = _alice.Last<SipEvent.RegistrationFailed>();
        Assert.False(failed.IsAnswered);
        Assert.Contains("no answer to REGISTER could be taken", failed.Fault.What, StringComparison.Ordinal);
        // The next try may have begun meanwhile.
        Assert.InRange(failed.Dropped.Sum(d => d.Count), 10, _registrar.Requests.Count);
    }

    [Fact]
    [Rfc("5626", "4.5", Line = "sip R5")]
    public void Register_ServerError_BacksOffThenRecovers()
    {
        var refusals = 0;
        _policy = request => refusals++ < 3 ? (500, []) : Accepting(request);
        Register();
        _net.Run(400);
        double[] waits = [.. _alice.Events.OfType<SipEvent.RegistrationFailed>().Select(e => e.RetryIn!.Value.TotalSeconds)];
        Assert.Equal(3, waits.Length);
        Assert.InRange(waits[0], 2, 4);
        Assert.InRange(waits[1], 15, 30);
        Assert.InRange(waits[2], 30, 60);
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());
    }

    [Fact]
    [Rfc("5626", "4.5", Line = "sip R5")]
    public void Register_RetryAfter_Wins()
    {
        _policy = request => _registrar.Requests.Count == 1 ? (503, [(HeaderName.RetryAfter, "7 (soon)")]) : Accepting(request);
        Register();
        Assert.Equal(TimeSpan.FromSeconds(7), _alice.Last<SipEvent.RegistrationFailed>().RetryIn);
        _net.Run(7.1);
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());
    }

    [Fact]
    [Rfc("5626", "4.5", Line = "sip R5")]
    public void Register_WithoutNetwork_TriesAtOnceWhenItIsBack()
    {
        var net = new SipNet();
        var node = net.Agent(Alice, udp: false);
        var registrar = new Script(net, Server);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: Accepting(request).Headers);
        node.Agent.Register(net.Now, node.Account($"sip:alice@{Server}"));
        net.Run(1);
        var failed = node.Last<SipEvent.RegistrationFailed>();
        Assert.Equal((503, Layer.Transport), (failed.Status, failed.Fault.Layer));
        node.Add(Transport.Udp, 5060);
        net.Run(0.1);
        Assert.Equal(1, node.Count<SipEvent.Registered>());
    }

    [Fact]
    [Rfc("3581", "4", Line = "sip R6")]
    public void Register_BehindNat_BindsThePublicAddressAndRemovesTheOther()
    {
        _registrar.Seen = Address.Parse("203.0.113.77:31000");
        Register();
        Assert.Equal(2, _registrar.Requests.Count);
        Assert.Equal(
            [$"<sip:{Bound}@{Alice}:5060>;expires=0", $"<sip:{Bound}@203.0.113.77:31000>;+sip.instance=\"{Instance}\";expires=600"],
            _registrar.Requests[1].Headers.GetList(HeaderName.Contact));
        Assert.Equal($"sip:{Bound}@203.0.113.77:31000", _alice.Last<SipEvent.Registered>().Contact.ToString());
        _net.Run(1100);
        Assert.Equal(4, _registrar.Requests.Count);
        Assert.Single(_registrar.Requests[^1].Headers.GetList(HeaderName.Contact));
    }

    [Fact]
    [Rfc("3581", "4", Line = "sip R6")]
    public void Register_BehindNat_LearningOff_KeepsTheLocalContact()
    {
        _registrar.Seen = Address.Parse("203.0.113.77:31000");
        var account = _alice.Account("sip:alice@example.com:5060", learn: false);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(1);
        Assert.Single(_registrar.Requests);
    }

    [Fact]
    [Rfc("3581", "4", Line = "sip R6")]
    public void Register_RegistrarRewritesOurContact_IsNotRepeated()
    {
        _registrar.Seen = Address.Parse("203.0.113.77:31000");
        _policy = _ => (200, [(HeaderName.Contact, $"<sip:{Bound}@203.0.113.77:31000>;expires=300")]);
        Register();
        Assert.Single(_registrar.Requests);
        Assert.Equal(TimeSpan.FromSeconds(300), _alice.Last<SipEvent.Registered>().Expires);
    }

    [Fact]
    [Rfc("3581", "4", Line = "sip R6")]
    public void Register_PublicServerSeesAPrivateAddress_IsNotBelieved()
    {
        _registrar.Seen = Address.Parse("10.1.2.3:5060");
        Register();
        Assert.Single(_registrar.Requests);
    }

    [Fact]
    [Rfc("3608", "6", Line = "sip R7")]
    public void Register_ServiceRoute_IsPreloadedIntoCalls()
    {
        _policy = request => request.Method != SipMethod.Register ? (0, []) : (200, [.. Accepting(request).Headers, (HeaderName.ServiceRoute, $"<sip:{Server};lr>, <sip:inner.example.com;lr>")]);
        var account = Register();
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.org"), Sdp("offer"));
        _net.Run(0.1);
        var invite = _registrar.Last(SipMethod.Invite);
        Assert.Equal("sip:bob@example.org", invite.RequestUri.ToString());
        Assert.Equal([$"<sip:{Server};lr>", "<sip:inner.example.com;lr>"], invite.Headers.GetList(HeaderName.Route));
    }

    [Fact]
    [Rfc("3261", "22.2", Line = "sip A1")]
    public void Register_Challenged_IsSentAgainWithTheNextNumberAndANewBranch()
    {
        _policy = request => request.Headers.Has(HeaderName.Authorization)
            ? Accepting(request)
            : (401, [(HeaderName.WwwAuthenticate, "Digest realm=\"example.com\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\""), (HeaderName.WwwAuthenticate, "Digest realm=\"example.com\", nonce=\"n1\", qop=\"auth\"")]);
        Register(password: "secret");
        Assert.Equal(2, _registrar.Requests.Count);
        var (first, second) = (_registrar.Requests[0].Headers, _registrar.Requests[1].Headers);
        Assert.Equal(first.CallId, second.CallId);
        Assert.Equal(first.Get(HeaderName.From), second.Get(HeaderName.From));
        Assert.True(first.TryCSeq(out var one) && second.TryCSeq(out var two) && two.Number == one.Number + 1);
        Assert.True(first.TryVia(out var firstVia) && second.TryVia(out var secondVia) && firstVia.Branch != secondVia.Branch);
        Assert.Contains("algorithm=SHA-256", second.Get(HeaderName.Authorization));
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());
        _net.Run(560);
        Assert.Equal(3, _registrar.Requests.Count);
    }

    [Fact]
    [Rfc("7616", "3.5", Line = "sip A5")]
    public void Register_WrongPassword_StopsWithAnAuthenticationFault()
    {
        var nonce = 0;
        _policy = _ => (401, [(HeaderName.WwwAuthenticate, $"Digest realm=\"example.com\", nonce=\"n{nonce++}\", qop=\"auth\"")]);
        Register(password: "wrong");
        _net.Run(4000);
        Assert.InRange(_registrar.Requests.Count, 2, 3);
        var failed = _alice.Last<SipEvent.RegistrationFailed>();
        Assert.Equal((401, Layer.Authentication, null), (failed.Status, failed.Fault.Layer, failed.RetryIn));
        Assert.Contains("password", failed.Fault.Remedy);
    }

    [Fact]
    [Rfc("3261", "22.2", Line = "sip A1")]
    public void Register_ChallengedWithoutPassword_SaysSo()
    {
        _policy = _ => (401, [(HeaderName.WwwAuthenticate, "Digest realm=\"example.com\", nonce=\"n\"")]);
        Register();
        Assert.Equal(Layer.Authentication, _alice.Last<SipEvent.RegistrationFailed>().Fault.Layer);
        Assert.Single(_registrar.Requests);
    }

    [Fact]
    [Rfc("5626", "4.4.1", Line = "sip T9")]
    public void Flow_Closed_IsReplacedSoonAndNeverHammered()
    {
        var net = new SipNet();
        var node = net.Agent(Alice, new SipAgentOptions { StreamKeepalive = TimeSpan.Zero }, udp: false, tcp: true);
        var registrar = new Script(net, Server, isStream: true);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: Accepting(request).Headers);
        node.Agent.Register(net.Now, node.Account($"sip:alice@{Server}"));
        net.Run(1);
        Assert.Equal(Transport.Tcp, node.Last<SipEvent.Registered>().Transport);
        net.Remove(registrar.At);
        node.FailStream(registrar.At, PathError.Closed);
        net.Run(300);
        Assert.InRange(node.Count<SipEvent.RegistrationFailed>(), 3, 7);
        var failed = node.Events.OfType<SipEvent.RegistrationFailed>().First();
        Assert.Equal((503, Layer.Transport), (failed.Status, failed.Fault.Layer));
        Assert.InRange(failed.RetryIn!.Value.TotalSeconds, 1, 2);
    }

    /// <summary>The user part of the Contact that was registered first: alice's name, and chance.</summary>
    private string Bound => _registrar.Requests[0].Headers.TryContacts(out var contacts) ? contacts[0].Uri.User! : "";

    /// <summary>Who alice's phone says it is among her phones.</summary>
    private string Instance => _registrar.Requests[0].Headers.TryContacts(out var contacts) ? contacts[^1].Parameters["+sip.instance"]! : "";

    private static (int Status, (string, string)[] Headers) Accepting(SipRequest request)
    {
        var contact = request.Headers.GetList(HeaderName.Contact)[^1];
        return (200, [(HeaderName.Contact, contact)]);
    }

    private AccountId Register(string password = "")
    {
        var account = _alice.Account("sip:alice@example.com", password);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(1);
        return account;
    }
}
