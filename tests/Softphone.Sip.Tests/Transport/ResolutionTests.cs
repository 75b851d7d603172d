using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>RFC 3263: from a URI to places to try.</summary>
public sealed class ResolutionTests
{
    [Theory]
    [InlineData("sip:a@192.0.2.7", null, "Udp 192.0.2.7:5060")]
    [InlineData("sip:a@192.0.2.7;transport=tcp", Transport.Tcp, "Tcp 192.0.2.7:5060")]
    [InlineData("sip:a@192.0.2.7:5080", null, "Udp 192.0.2.7:5080")]
    [InlineData("sips:a@192.0.2.7", null, "Tls 192.0.2.7:5061")]
    [InlineData("sip:a@[2001:db8::7]:5090", null, "Udp [2001:db8::7]:5090")]
    [InlineData("sip:a@192.0.2.7;maddr=192.0.2.8", null, "Udp 192.0.2.7:5060")]
    [Rfc("3263", "4.2", Line = "sip D1")]
    public void NumericHost_AsksNothing(string uri, Transport? transport, string expected)
    {
        var resolution = Start(uri, transport);
        Assert.False(resolution.TryAsk(out _));
        Assert.True(resolution.IsDone);
        Assert.Equal(expected, Text(Assert.Single(resolution.Targets)));
    }

    [Fact]
    [Rfc("3263", "4.2", Line = "sip D1")]
    public void ExplicitPort_AsksForAddressesOnly()
    {
        var resolution = Start("sip:a@example.com:5080");
        resolution.Answer(Only(resolution, "example.com", NameRecord.Address), NameAnswer.Of(1, IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2")));
        Assert.Equal(["Udp 192.0.2.1:5080", "Udp 192.0.2.2:5080"], resolution.Targets.Select(Text));
    }

    [Theory]
    [InlineData("2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2", null, "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2")]
    [InlineData("192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1", null, "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3")]
    [InlineData("2001:db8::1 2001:db8::2 192.0.2.1", true, "192.0.2.1 2001:db8::1 2001:db8::2")]
    [InlineData("192.0.2.1 192.0.2.2 2001:db8::1", false, "2001:db8::1 192.0.2.1 192.0.2.2")]
    [InlineData("192.0.2.1 192.0.2.2", false, "192.0.2.1 192.0.2.2")]
    [Rfc("8305", "4")]
    public void Addresses_OfBothFamilies_TakeTurns(string answer, bool? prefersV4, string order)
    {
        var resolution = new Resolution(Uri("sip:a@example.com:5060"), null, [Transport.Udp], true, (_, _) => true, new SeededEntropy(1), prefersV4: prefersV4);
        resolution.Answer(Only(resolution, "example.com", NameRecord.Address), NameAnswer.Of(1, [.. answer.Split(' ').Select(IpAddress.Parse)]));
        Assert.Equal(order.Split(' '), resolution.Targets.Select(target => target.Address.Ip.ToString()));
    }

    [Fact]
    [Rfc("3263", "4.2", Line = "sip D2")]
    public void NoPort_TheFirstTransportWithServicesWins()
    {
        var resolution = Start("sip:a@example.com");
        var services = Asked(resolution);
        Assert.Equal([("_sip._udp.example.com", NameRecord.Srv), ("_sip._tcp.example.com", NameRecord.Srv)], services);
        resolution.Answer(services[0], NameAnswer.Failure(1));
        resolution.Answer(services[1], new NameAnswer(1, [], [new(20, 0, 5070, "b.example.com"), new(10, 0, 5060, "a.example.com.")], [], false));
        var hosts = Asked(resolution);
        Assert.Equal([("a.example.com", NameRecord.Address), ("b.example.com", NameRecord.Address)], hosts);
        resolution.Answer(hosts[0], NameAnswer.Of(1, IpAddress.Parse("192.0.2.1")));
        resolution.Answer(hosts[1], NameAnswer.Of(1, IpAddress.Parse("192.0.2.2")));
        Assert.True(resolution.IsDone);
        Assert.Equal(["Tcp 192.0.2.1:5060", "Tcp 192.0.2.2:5070"], resolution.Targets.Select(Text));
    }

    /// <summary>In as few rounds as the answers allow, and with the same places in the same order, whoever is answered first.</summary>
    [Theory]
    [InlineData("NAPTR", false, 2, "Udp 192.0.2.1:5060, Tls 192.0.2.3:5061")]
    [InlineData("NAPTR", true, 2, "Udp 192.0.2.1:5060, Tls 192.0.2.3:5061")]
    [InlineData("NAPTR elsewhere", false, 3, "Tcp 192.0.2.4:5070")]
    [InlineData("NAPTR elsewhere", true, 3, "Tcp 192.0.2.4:5070")]
    [InlineData("SRV", false, 2, "Tls 192.0.2.3:5061, Tcp 192.0.2.2:5060, Tcp 192.0.2.1:5062, Udp 192.0.2.1:5060")]
    [InlineData("SRV", true, 2, "Tls 192.0.2.3:5061, Tcp 192.0.2.2:5060, Tcp 192.0.2.1:5062, Udp 192.0.2.1:5060")]
    [InlineData("nothing", false, 2, "Udp 192.0.2.9:5060")]
    [InlineData("nothing", true, 2, "Udp 192.0.2.9:5060")]
    [Rfc("3263", "4.1")]
    [Rfc("3263", "4.2")]
    public void Questions_ThatNeedNoAnswerOfEachOther_AreAskedAtOnce(string zone, bool isReversed, int rounds, string expected)
    {
        var net = new SipNet();
        foreach (var (name, last) in new[] { ("one", 1), ("two", 2), ("three", 3), ("four", 4) }) net.Hosts[$"{name}.example.com"] = [IpAddress.Parse($"192.0.2.{last}")];
        net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
        if (zone != "nothing")
        {
            net.Services["_sip._udp.example.com"] = [new(1, 0, 5060, "one.example.com")];
            net.Services["_sip._tcp.example.com"] = [new(1, 0, 5060, "two.example.com"), new(2, 0, 5062, "ONE.example.com")];
            net.Services["_sips._tcp.example.com"] = [new(1, 0, 5061, "three.example.com")];
            net.Services["_sip._tcp.elsewhere.example.net"] = [new(1, 0, 5070, "four.example.com")];
        }

        if (zone == "NAPTR") net.Pointers["example.com"] = [new(10, 0, "s", "SIP+D2U", "_sip._udp.example.com"), new(20, 0, "S", "SIPS+D2T", "_sips._tcp.example.com")];
        if (zone == "NAPTR elsewhere") net.Pointers["example.com"] = [new(10, 0, "s", "SIP+D2T", "_sip._tcp.elsewhere.example.net.")];
        var resolution = new Resolution(Uri("sip:a@example.com"), null, [Transport.Udp, Transport.Tcp, Transport.Tls], true, (_, _) => true, new SeededEntropy(1), prefersStream: true);
        var asked = new List<(string, NameRecord)>();
        for (; !resolution.IsDone; rounds--)
        {
            var round = Asked(resolution);
            asked.AddRange(round);
            if (isReversed) round.Reverse();
            foreach (var question in round) resolution.Answer(question, net.Resolve(new NameQuery(1, question.Name.ToLowerInvariant(), question.Record)));
        }

        Assert.Equal(expected, string.Join(", ", resolution.Targets.Select(Text)));
        Assert.Equal(0, rounds);
        Assert.Equal(asked.Distinct(), asked);
    }

    /// <summary>Who is not needed any more is not waited for.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("_sip._tcp.example.com")]
    public void Services_OfALaterTransport_AreNotWaitedFor(string? late)
    {
        var resolution = Start("sip:a@example.com");
        foreach (var question in Asked(resolution).Where(q => q.Name != late))
            resolution.Answer(question, new NameAnswer(1, [], [new(1, 0, 5060, "192.0.2.1")], [], false));
        Assert.True(resolution.IsDone);
        resolution.Answer(("_sip._tcp.example.com", NameRecord.Srv), NameAnswer.Failure(1));
        Assert.Equal(["Udp 192.0.2.1:5060"], resolution.Targets.Select(Text));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(16, 8)]
    public void Hosts_OfOneAnswer_AreAskedAtOnceWithinABound(int hosts, int expected)
    {
        var resolution = Start("sip:a@example.com", Transport.Udp);
        resolution.Answer(Only(resolution, "_sip._udp.example.com", NameRecord.Srv), new NameAnswer(1, [], [.. Enumerable.Range(1, hosts).Select(n => new SrvRecord((ushort)n, 0, 5060, $"h{n}.example.com"))], [], false));
        var round = Asked(resolution);
        Assert.Equal(expected, round.Count);
        for (; !resolution.IsDone; round = Asked(resolution))
            foreach (var question in round) resolution.Answer(question, NameAnswer.Of(1, IpAddress.Parse($"192.0.2.{question.Name[1..^12]}")));
        Assert.Equal(Enumerable.Range(1, hosts).Select(n => $"Udp 192.0.2.{n}:5060"), resolution.Targets.Select(Text));
    }

    /// <summary>Who is told that a name was not found is told of the answer that decided it, and not of the one that came last.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Last_IsTheAnswerThatWasNeededLast(bool isReversed)
    {
        var resolution = Start("sip:a@example.com");
        var services = Asked(resolution);
        var refused = NameAnswer.Failure(7, NameFault.Refused, []);
        var order = isReversed ? services.AsEnumerable().Reverse() : services;
        foreach (var question in order) resolution.Answer(question, question == services[^1] ? refused : new NameAnswer(1, [], [], [], false));
        Assert.Same(refused, resolution.Last);
        resolution.Answer(Only(resolution, "example.com", NameRecord.Address), NameAnswer.Failure(8));
        Assert.Equal((true, 8), (resolution.IsDone, resolution.Last!.Id));
    }

    [Theory]
    [InlineData("sip:a@example.com", Transport.Tcp, "_sip._tcp.example.com")]
    [InlineData("sips:a@example.com", null, "_sips._tcp.example.com")]
    [Rfc("3263", "4.1", Line = "sip D2")]
    public void NoPort_TransportGiven_AsksForItOnly(string uri, Transport? transport, string name)
    {
        var resolution = Start(uri, transport);
        resolution.Answer(Only(resolution, name, NameRecord.Srv), NameAnswer.Failure(1));
        Only(resolution, "example.com", NameRecord.Address);
    }

    [Fact]
    [Rfc("3263", "4.2", Line = "sip D2")]
    public void NoServices_FallsBackToAddressAndDefaultPort()
    {
        var resolution = Start("sip:a@example.com", Transport.Udp);
        resolution.Answer(Only(resolution, "_sip._udp.example.com", NameRecord.Srv), new NameAnswer(1, [], [], [], false));
        resolution.Answer(Only(resolution, "example.com", NameRecord.Address), NameAnswer.Of(1, IpAddress.Parse("192.0.2.1")));
        Assert.Equal(["Udp 192.0.2.1:5060"], resolution.Targets.Select(Text));
    }

    [Fact]
    [Rfc("2782", "", Line = "sip D2")]
    public void Services_AreOrderedByPriorityThenWeight()
    {
        var chance = new SeededEntropy(4);
        var heavyFirst = 0;
        for (var i = 0; i < 2000; i++)
        {
            var order = Resolution.Order([new(2, 0, 1, "last"), new(1, 90, 1, "heavy"), new(1, 10, 1, "light")], chance);
            Assert.Equal("last", order[2].Target);
            if (order[0].Target == "heavy") heavyFirst++;
        }

        Assert.InRange(heavyFirst, 1700, 1900);
    }

    [Fact]
    public void Answers_OfAFamilyWithoutAPath_AreLeftOut()
    {
        var resolution = Start("sip:a@example.com:5060", reachable: (_, ip) => ip.IsV4);
        resolution.Answer(Only(resolution, "example.com", NameRecord.Address), NameAnswer.Of(1, IpAddress.Parse("2001:db8::1"), IpAddress.Parse("192.0.2.1")));
        Assert.Equal(["Udp 192.0.2.1:5060"], resolution.Targets.Select(Text));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(0)]
    [Rfc("3263", "4.3", Line = "sip D3")]
    public void Failover_On503OrSilence_TriesTheNextWithANewBranch(int status)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var first = new Script(net, "192.0.2.11:5060");
        var second = new Script(net, "192.0.2.12:5060");
        net.Services["_sip._udp.example.com"] = [new(1, 0, 5060, "one.example.com"), new(2, 0, 5060, "two.example.com")];
        net.Hosts["one.example.com"] = [IpAddress.Parse("192.0.2.11")];
        net.Hosts["two.example.com"] = [IpAddress.Parse("192.0.2.12")];
        if (status > 0) first.OnRequest = request => first.Answer(request, status);
        second.OnRequest = request => second.Answer(request, 200);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri("sip:example.com"));
        net.Run(40);
        Assert.Equal(200, Assert.Single(alice.Events.OfType<SipEvent.RequestCompleted>()).Status);
        Assert.True(first.Requests[0].Headers.TryVia(out var a) && second.Requests[0].Headers.TryVia(out var b) && a.Branch != b.Branch);
    }

    [Fact]
    [Rfc("3261", "21.5.4", Line = "sip T13")]
    public void Failover_ServerThatAskedForPeace_IsLeftInPeaceUntilThen()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var first = new Script(net, "192.0.2.11:5060");
        var second = new Script(net, "192.0.2.12:5060");
        net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.11"), IpAddress.Parse("192.0.2.12")];
        first.OnRequest = request => first.Answer(request, 503, headers: (HeaderName.RetryAfter, "30"));
        second.OnRequest = request => second.Answer(request, 200);
        var account = alice.Account("sip:alice@example.com");
        for (var i = 0; i < 3; i++)
        {
            alice.Agent.Options(net.Now, account, Uri("sip:example.com:5060"));
            net.Run(1);
        }

        Assert.Equal((1, 3), (first.Requests.Count, second.Requests.Count));
        net.Run(30);
        alice.Agent.Options(net.Now, account, Uri("sip:example.com:5060"));
        net.Run(1);
        Assert.Equal(2, first.Requests.Count);
    }

    [Fact]
    [Rfc("3263", "4.3", Line = "sip D3")]
    public void Failover_AckAndCancelFollowTheirInvite()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var second = new Script(net, "192.0.2.12:5060");
        net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.11"), IpAddress.Parse("192.0.2.12")];
        var session = alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com"), Uri("sip:bob@example.com:5060"), Sdp("offer"));
        net.Run(0.1);
        second.Answer(second.Last(SipMethod.Invite), 180);
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        second.Answer(second.Last(SipMethod.Cancel), 200);
        second.Answer(second.Last(SipMethod.Invite), 487);
        net.Run(0.1);
        Assert.Equal(1, second.Count(SipMethod.Cancel));
        Assert.Equal(1, second.Count(SipMethod.Ack));
    }

    [Fact]
    [Rfc("3263", "4.3", Line = "sip T9")]
    public void Failover_AfterAProvisional_IsNotTried()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true);
        var first = new Script(net, "192.0.2.11:5060", isStream: true);
        var second = new Script(net, "192.0.2.12:5060", isStream: true);
        net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.11"), IpAddress.Parse("192.0.2.12")];
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com"), Uri("sip:bob@example.com:5060;transport=tcp"), Sdp("offer"));
        net.Run(0.1);
        first.Answer(first.Last(SipMethod.Invite), 180);
        net.Run(0.1);
        alice.FailStream(first.At, PathError.Closed);
        net.Run(1);
        Assert.Empty(second.Requests);
        Assert.Equal(503, Assert.Single(alice.Events.OfType<SipEvent.Ended>()).Status);
    }

    [Fact]
    [Rfc("3261", "21.5.4", Line = "sip D3")]
    public void Failover_AllSay503_TheLastAnswerIsTold()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var first = new Script(net, "192.0.2.11:5060");
        var second = new Script(net, "192.0.2.12:5060");
        net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.11"), IpAddress.Parse("192.0.2.12")];
        first.OnRequest = request => first.Answer(request, 503);
        second.OnRequest = request => second.Answer(request, 503);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri("sip:example.com:5060"));
        net.Run(1);
        var completed = Assert.Single(alice.Events.OfType<SipEvent.RequestCompleted>());
        Assert.Equal(503, completed.Status);
        Assert.NotNull(completed.Response);
        Assert.Contains("overloaded", completed.Fault!.What);
    }

    [Fact]
    public void UnknownName_IsADnsFault()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com"), Uri("sip:bob@nowhere.invalid"), Sdp("offer"));
        net.Run(1);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Error, 503, Layer.Dns), (ended.Cause, ended.Status, ended.Fault!.Layer));
        Assert.Contains("nowhere.invalid", ended.Fault.What);
        Assert.True(alice.Agent.IsIdle);
    }

    [Fact]
    public void OwnDomain_GoesToTheRegistrarConfigured()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var server = new Script(net, "192.0.2.9:5070");
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@office.example", registrar: "sip:192.0.2.9:5070"), Uri("sip:bob@office.example"), Sdp("offer"));
        net.Run(0.1);
        Assert.Equal("sip:bob@office.example", server.Last(SipMethod.Invite).RequestUri.ToString());
    }

    [Fact]
    public void DnsThatNeverAnswers_IsGivenUp()
    {
        var agent = new SipAgent(new SipAgentOptions(), new SeededEntropy(1), Trace.Off);
        agent.AddPath(new PathId(1), Transport.Udp, Address.Parse("192.0.2.1:5060"));
        var account = agent.AddAccount(new SipAccount { Aor = Uri("sip:alice@example.com") });
        agent.Options(Instant.Zero, account, Uri("sip:example.com"));
        Assert.True(agent.TryQuery(out var query));
        agent.Advance(agent.NextTimeout!.Value);
        Assert.True(agent.TryEvent(out var happened) && happened is SipEvent.RequestCompleted { Status: 503 });
        agent.Answer(new Instant(20_000_000_000), NameAnswer.Failure(query.Id));
        Assert.Null(agent.NextTimeout);
    }

    [Theory]
    [InlineData(NameFault.Silent, "203.0.113.66:53 203.0.113.53:53", "no name server answered (203.0.113.66, 203.0.113.53) when asked for \"example.com\"")]
    [InlineData(NameFault.Silent, "[2001:db8::35]:53", "no name server answered (2001:db8::35) when asked for \"example.com\"")]
    [InlineData(NameFault.Refused, "203.0.113.66:53", "the name servers (203.0.113.66) cannot tell where \"example.com\" is")]
    [InlineData(NameFault.NotFound, "", "\"example.com\" has no address that can be reached")]
    public void NameNotFound_IsToldByWhatDnsSaid_AndOnlyAMissingNameBlamesTheSpelling(NameFault fault, string servers, string expected)
    {
        var agent = new SipAgent(new SipAgentOptions(), new SeededEntropy(1), Trace.Off);
        agent.AddPath(new PathId(1), Transport.Udp, Address.Parse("192.0.2.1:5060"));
        var account = agent.AddAccount(new SipAccount { Aor = Uri("sip:alice@example.com") });
        agent.Options(Instant.Zero, account, Uri("sip:example.com"));
        while (agent.TryQuery(out var query))
            agent.Answer(Instant.Zero, NameAnswer.Failure(query.Id, fault, [.. servers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Address.Parse)]));
        Assert.True(agent.TryEvent(out var happened));
        var told = Assert.IsType<SipEvent.RequestCompleted>(happened).Fault!;
        Assert.Equal((Layer.Dns, expected), (told.Layer, told.What));
        Assert.Equal(fault == NameFault.NotFound, told.Remedy.Contains("spelling", StringComparison.Ordinal));
    }

    private static Resolution Start(string uri, Transport? transport = null, Func<Transport, IpAddress, bool>? reachable = null) =>
        new(Uri(uri), transport, [Transport.Udp, Transport.Tcp], useSrv: true, reachable ?? ((_, _) => true), new SeededEntropy(1));

    private static List<(string Name, NameRecord Record)> Asked(Resolution resolution)
    {
        var asked = new List<(string, NameRecord)>();
        while (resolution.TryAsk(out var question)) asked.Add(question);
        return asked;
    }

    private static (string Name, NameRecord Record) Only(Resolution resolution, string name, NameRecord record)
    {
        var asked = Assert.Single(Asked(resolution));
        Assert.Equal((name, record), asked);
        return asked;
    }

    private static string Text(Target target) => $"{target.Transport} {target.Address}";
}
