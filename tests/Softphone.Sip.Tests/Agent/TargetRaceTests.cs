using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Servers with several places, of one family or of both: who is asked when, what is remembered, what is told (RFC 3263 §4.3, RFC 8305).</summary>
public sealed class TargetRaceTests
{
    private const string AliceV6 = "2001:db8::1";
    private const string V4 = "192.0.2.9:5060";
    private const string V6 = "[2001:db8::9]:5060";

    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Dictionary<Address, Script> _places = [];
    private readonly HashSet<string> _bound = [];

    public TargetRaceTests()
    {
        _alice = _net.Agent(Alice, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero, StreamKeepalive = TimeSpan.Zero }, tcp: true);
        _alice.Add(Transport.Udp, 5060, AliceV6);
        _alice.Add(Transport.Tcp, 5060, AliceV6);
    }

    public static TheoryData<string, Transport, string> Broken()
    {
        var data = new TheoryData<string, Transport, string>();
        foreach (var names in (string[])["v6 first", "v4 first"])
            foreach (var transport in (Transport[])[Transport.Udp, Transport.Tcp])
                foreach (var lost in (string[])["v4", "v6"]) data.Add(names, transport, lost);
        return data;
    }

    [Theory]
    [MemberData(nameof(Broken))]
    [Rfc("3263", "4.3")]
    [Rfc("8305", "5")]
    public void Register_OneFamilyIsABlackHole_IsDoneByTheOtherAtOnce(string names, Transport transport, string lost)
    {
        var works = BothFamilies(names, transport, lost);
        _net.IsBlackHole = to => to.Ip.IsV4 == (lost == "v4");
        var account = Register(transport, 0.6);
        var registered = Assert.Single(_alice.Events.OfType<SipEvent.Registered>());
        Assert.Equal((works, transport), (registered.Server, registered.Transport));
        Assert.Equal(works.Ip.IsV4 ? Alice : AliceV6, registered.Contact.Host.Trim('[', ']'));

        // What follows asks nobody else first.
        var asked = _net.Ladder.Count;
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(5);
        Assert.All(Sent(asked, SipMethod.Invite), to => Assert.Equal(works, to));
        var told = _alice.Events.OfType<SipEvent.ServerSilent>().ToList();
        // Whoever comes first and works is all that is asked.
        var isFirst = names.StartsWith(lost, StringComparison.Ordinal);
        Assert.Equal(isFirst ? 1 : 0, told.Count);
        if (isFirst) Assert.Equal((account, works, lost == "v4"), (told[0].Account, told[0].Instead, told[0].Server.Ip.IsV4));
        if (isFirst) Assert.Contains(told[0].Server.ToString(), told[0].Fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    [Rfc("3263", "4.3")]
    public void Register_OneFamilyRejects_IsDoneByTheOtherWithoutDelay(string names, Transport transport, string lost)
    {
        var works = BothFamilies(names, transport, lost);
        Register(transport, 0.1);
        Assert.Equal(works, Assert.Single(_alice.Events.OfType<SipEvent.Registered>()).Server);
    }

    /// <summary>A server that restarts, of which one address is dead for good: the next try does not wait for Timer F.</summary>
    [Theory]
    [MemberData(nameof(Broken))]
    [Rfc("5626", "4.5")]
    public void Register_OnePlaceRefusesAndTheOtherIsSilent_IsTriedAgainSoon(string names, Transport transport, string lost)
    {
        BothFamilies(names, transport, lost);
        _net.IsBlackHole = to => to.Ip.IsV4 != (lost == "v4");
        Register(transport, 4);
        Assert.Single(_alice.Events.OfType<SipEvent.RegistrationFailed>());
        _net.IsBlackHole = null;
        _net.Run(4.5);
        Assert.Single(_alice.Events.OfType<SipEvent.Registered>());
    }

    [Theory]
    [InlineData("v6 first", 0.03)]
    [InlineData("v4 first", 0.2)]
    [Rfc("8305", "5")]
    public void Register_FirstFamilyAnswers_AsksNobodyElse(string names, double roundTrip)
    {
        _net.Delay = TimeSpan.FromSeconds(roundTrip / 2);
        BothFamilies(names, Transport.Udp);
        Register(Transport.Udp, 5);
        Assert.Single(Sent(0));
    }

    /// <summary>A long way: both are asked before one can have answered, and what the second server bound is taken back.</summary>
    [Theory]
    [InlineData("v6 first", 0.7)]
    [InlineData("v4 first", 1.5)]
    [InlineData("v6 first", 5)]
    public void Register_BothTakeIt_LeavesOneBinding(string names, double roundTrip)
    {
        _net.Delay = TimeSpan.FromSeconds(roundTrip / 2);
        BothFamilies(names, Transport.Udp);
        Register(Transport.Udp, 6 * roundTrip);
        var asked = _net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Register });
        _net.Run(200);
        // It comes to rest.
        Assert.Equal(asked, _net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Register }));
        Assert.NotEmpty(_alice.Events.OfType<SipEvent.Registered>());
        Assert.Single(_bound);
        Assert.Equal(_alice.Last<SipEvent.Registered>().Contact.Host, Uri(_bound.Single()).Host);
        // Three seconds are what a place has.
        if (roundTrip < 3) Assert.Empty(_alice.Events.OfType<SipEvent.ServerSilent>());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [Rfc("3263", "4.3")]
    public void DeadPlaces_OfANameOrOfServices_CostThreeSecondsEachOnceAndAreTold(int dead, bool isService)
    {
        var places = Enumerable.Range(0, dead + 1).Select(i => IpAddress.Parse($"198.51.100.{i + 1}")).ToArray();
        if (isService)
        {
            _net.Services["_sip._udp.example.com"] = [.. places.Select((_, i) => new SrvRecord((ushort)i, 1, 5070, $"s{i}.example.com"))];
            for (var i = 0; i < places.Length; i++) _net.Hosts[$"s{i}.example.com"] = [places[i]];
        }
        else
        {
            _net.Hosts["example.com"] = places;
        }

        var alive = new Address(places[^1], (ushort)(isService ? 5070 : 5060));
        Place(alive);
        _net.IsBlackHole = to => to != alive && to.Ip != IpAddress.Parse(Alice);
        var before = _alice.Events.Count;
        var account = Register(Transport.Udp, 3 * dead + 0.5);
        Assert.Equal(alive, _alice.Last<SipEvent.Registered>().Server);
        var told = _alice.Events.Skip(before).OfType<SipEvent.ServerSilent>().ToList();
        Assert.Equal(places.SkipLast(1), told.Select(t => t.Server.Ip));
        Assert.All(told, t => Assert.Equal(alive, t.Instead));

        var asked = _net.Ladder.Count;
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        Assert.All(Sent(asked), to => Assert.Equal(alive, to));

        // They are asked again when that may be forgotten, and not told again.
        _net.Run(TimeSpan.FromMinutes(11));
        before = _alice.Events.Count;
        asked = _net.Ladder.Count;
        _alice.Agent.Options(_net.Now, account, Uri("sip:example.com"));
        _net.Run(3 * dead + 0.5);
        Assert.Equal(places[0], Sent(asked)[0].Ip);
        Assert.Empty(_alice.Events.Skip(before).OfType<SipEvent.ServerSilent>());
    }

    /// <summary>A long INVITE tries TCP at each place; where nobody answers, every place is asked both ways, and none for ever.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void LongInvite_PlacesThatAreDead_AreAllTried(bool isFirstRefused, bool isSecondRefused)
    {
        var places = ((string[])["198.51.100.1", "198.51.100.2"]).Select(IpAddress.Parse).ToArray();
        _net.Hosts["example.com"] = places;
        _net.IsBlackHole = to => (to.Ip == places[0] && !isFirstRefused) || (to.Ip == places[1] && !isSecondRefused);
        var account = _alice.Account($"sip:alice@{Alice}");
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp(new string('x', 1500)));
        _net.Run(45);
        Assert.Single(_alice.Events.OfType<SipEvent.Ended>());
        foreach (var place in places)
            foreach (var isStream in (bool[])[false, true]) Assert.Contains(_net.Ladder, m => m.To.Ip == place && m.IsStream == isStream);
    }

    /// <summary>A proxy has nothing to say of a phone that is off; that is no reason to take the proxy for dead.</summary>
    [Theory]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Message)]
    [Rfc("4320", "4.1")]
    public void ServerThatAnswers_SilentForSomebodyElse_IsNotPassedOver(string method)
    {
        BothFamilies("v6 first", Transport.Udp);
        var account = Register(Transport.Udp, 1);
        foreach (var place in _places.Values) place.OnRequest = null;
        var asked = _net.Ladder.Count;
        _alice.Agent.Request(_net.Now, account, method, Uri("sip:off@example.com"));
        _net.Run(20);
        Assert.All(Sent(asked, method), to => Assert.Equal(V6, to.ToString()));
        Assert.Empty(_alice.Events.OfType<SipEvent.ServerSilent>());
    }

    /// <summary>503 leads to the next place (RFC 3263 §4.3); but an offer that waits there in vain would have each of the peer's refused meanwhile.</summary>
    [Theory]
    [InlineData("v6 first", "v6")]
    [InlineData("v4 first", "v6")]
    [InlineData("v6 first", "v4")]
    [Rfc("3261", "14.1")]
    public void Offer_Refused503_IsNotHeldOpenAtAPlaceOfTheFamilyThatIsDead(string names, string lost)
    {
        var works = BothFamilies(names, Transport.Udp, lost);
        _net.IsBlackHole = to => to.Ip.IsV4 == (lost == "v4");
        var account = Register(Transport.Udp, 1);
        var place = _places[works];
        place.OnRequest = request =>
        {
            if (request.Method != SipMethod.Invite) return;
            if (request.Headers.TryTo(out var to) && to.Tag is not null) place.Answer(request, 503);
            else place.Answer(request, 200, sdp: "v=0 answer", contact: "<sip:bob@example.com>");
        };
        var session = _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        var asked = _net.Ladder.Count;
        _alice.Agent.Offer(_net.Now, session, Sdp("new"));
        _net.Run(0.5);
        Assert.Equal(503, Assert.Single(_alice.Events.OfType<SipEvent.OfferFailed>()).Status);
        Assert.All(Sent(asked, SipMethod.Invite), to => Assert.Equal(works, to));
    }

    /// <summary>A dead place before a good one is passed over, not waited for.</summary>
    [Theory]
    [InlineData("v6", false)]
    [InlineData("v4", false)]
    [InlineData("v6", true)]
    [Rfc("3263", "4.3")]
    public void Offer_Refused503_GoesToTheNextPlaceThatLives(string lost, bool isLastRefusing)
    {
        var works = BothFamilies("v6 first", Transport.Udp, lost);
        var dead = Address.Parse(works.Ip.IsV4 ? V6 : V4);
        var second = Address.Parse(works.Ip.IsV4 ? "192.0.2.19:5060" : "[2001:db8::19]:5060");
        _net.Hosts["example.com"] = [works.Ip, dead.Ip, second.Ip];
        _net.IsBlackHole = to => to.Ip.IsV4 == (lost == "v4");
        var account = Register(Transport.Udp, 1);
        _places[works].OnRequest = request =>
        {
            if (request.Method != SipMethod.Invite) return;
            if (request.Headers.TryTo(out var to) && to.Tag is not null) _places[works].Answer(request, 503);
            else _places[works].Answer(request, 200, sdp: "v=0 answer", contact: "<sip:bob@example.com>");
        };
        var session = _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        var other = Place(second);
        other.OnRequest = request =>
        {
            if (request.Method == SipMethod.Invite) other.Answer(request, isLastRefusing ? 503 : 200, sdp: isLastRefusing ? "" : "v=0 yes", contact: "<sip:bob@example.com>");
        };
        var asked = _net.Ladder.Count;
        _alice.Agent.Offer(_net.Now, session, Sdp("new"));
        _net.Run(0.5);
        Assert.Contains(second, Sent(asked, SipMethod.Invite));
        Assert.DoesNotContain(dead, Sent(asked, SipMethod.Invite));
        Assert.Equal((isLastRefusing ? 0 : 1, isLastRefusing ? 1 : 0), (_alice.Count<SipEvent.OfferAnswered>(), _alice.Count<SipEvent.OfferFailed>()));
    }

    [Theory]
    [InlineData(3.4)]
    [InlineData(9)]
    public void SlowPlace_AnswersAfterAll_IsKept(double after)
    {
        _net.Hosts["example.com"] = [IpAddress.Parse("198.51.100.1"), IpAddress.Parse("198.51.100.2")];
        var slow = Place(Address.Parse("198.51.100.1:5060"));
        var answer = slow.OnRequest!;
        slow.OnRequest = request =>
        {
            if (slow.Requests.Count == 1) _net.Later(after, () => answer(request));
        };
        _net.IsBlackHole = to => to == Address.Parse("198.51.100.2:5060");
        Register(Transport.Udp, after + 0.1);
        Assert.Equal("198.51.100.1:5060", Assert.Single(_alice.Events.OfType<SipEvent.Registered>()).Server.ToString());
    }

    [Theory]
    [InlineData("v6 first", "v6")]
    [InlineData("v4 first", "v4")]
    public void Refresh_FamilyDiedMeanwhile_MovesTheBindingToTheOther(string names, string dies)
    {
        BothFamilies(names, Transport.Udp);
        var account = Register(Transport.Udp, 1);
        _net.IsBlackHole = to => to.Ip.IsV4 == (dies == "v4");
        _alice.Agent.RenewBindings(_net.Now);
        _net.Run(1);
        Assert.Equal(dies != "v4", _alice.Last<SipEvent.Registered>().Server.Ip.IsV4);
        Assert.Equal(_alice.Last<SipEvent.Registered>().Contact.Host, Uri(Assert.Single(_bound)).Host);

        // Another time it is a refresh that finds out.
        _net.IsBlackHole = to => to.Ip.IsV4 != (dies == "v4");
        _net.Run(600);
        Assert.Equal(dies == "v4", _alice.Last<SipEvent.Registered>().Server.Ip.IsV4);
        Assert.Equal(account, _alice.Last<SipEvent.Registered>().Account);
        Assert.Equal(_alice.Last<SipEvent.Registered>().Contact.Host, Uri(Assert.Single(_bound)).Host);
        Assert.Empty(_alice.Events.OfType<SipEvent.RegistrationFailed>());
    }

    [Theory]
    [InlineData("v6 first")]
    [InlineData("v4 first")]
    public void Challenge_InARace_IsAnsweredWhereItCameFrom(string names)
    {
        BothFamilies(names, Transport.Udp);
        _net.Delay = TimeSpan.FromMilliseconds(200);
        foreach (var place in _places.Values)
        {
            var accept = place.OnRequest!;
            place.OnRequest = request =>
            {
                if (request.Headers.Has(HeaderName.Authorization)) accept(request);
                else place.Answer(request, 401, headers: (HeaderName.WwwAuthenticate, $"Digest realm=\"example.com\", nonce=\"of{place.At.Port}{(place.At.Ip.IsV4 ? 4 : 6)}\", algorithm=MD5"));
            };
        }

        Register(Transport.Udp, 3, "secret");
        var first = names == "v6 first" ? V6 : V4;
        Assert.Equal(first, _alice.Last<SipEvent.Registered>().Server.ToString());
        Assert.All(_places.Values, place => Assert.Equal(place.At.ToString() == first, place.Requests.Any(r => r.Headers.Has(HeaderName.Authorization))));
        Assert.Single(_bound);
    }

    [Theory]
    [InlineData("v6 first")]
    [InlineData("v4 first")]
    [Rfc("3261", "9.1")]
    public void Invite_BothRing_TheSlowerIsCancelled(string names)
    {
        var (first, second, session) = CallBoth(names);
        // The first has got it, and its answer is late.
        second.Answer(second.Last(SipMethod.Invite), 180);
        _net.Run(0.1);
        first.Answer(first.Last(SipMethod.Invite), 180);
        _net.Run(0.1);
        Assert.Equal(1, Different(first, SipMethod.Cancel));
        Assert.True(first.Last(SipMethod.Cancel).Headers.TryVia(out var cancelled) && first.Last(SipMethod.Invite).Headers.TryVia(out var invited) && cancelled.Branch == invited.Branch);
        first.Answer(first.Last(SipMethod.Cancel), 200);
        first.Answer(first.Last(SipMethod.Invite), 487);
        second.Answer(second.Last(SipMethod.Invite), 200, sdp: "v=0 answer");
        _net.Run(1);
        Assert.Equal(session, Assert.Single(_alice.Events.OfType<SipEvent.Answered>()).Session);
        Assert.Equal((0, 0), (Different(second, SipMethod.Cancel), Different(second, SipMethod.Bye)));
        Assert.Empty(_alice.Events.OfType<SipEvent.Ended>());
    }

    [Theory]
    [InlineData("v6 first")]
    [InlineData("v4 first")]
    [Rfc("3261", "13.2.2.4")]
    public void Invite_BothAnswer_TheSlowerIsHungUp(string names)
    {
        var (first, second, _) = CallBoth(names);
        second.Answer(second.Last(SipMethod.Invite), 200, "two", "v=0 answer");
        first.Answer(first.Last(SipMethod.Invite), 200, "one", "v=0 answer");
        _net.Run(1);
        Assert.Equal("two", Assert.Single(_alice.Events.OfType<SipEvent.Answered>()).Dialog);
        Assert.Equal((1, 1), (Different(first, SipMethod.Ack), Different(first, SipMethod.Bye)));
        Assert.Equal((1, 0), (Different(second, SipMethod.Ack), Different(second, SipMethod.Bye)));
        Assert.Empty(_alice.Events.OfType<SipEvent.Ended>());
    }

    /// <summary>Who is answered by the one that was given up first talks to it, and the other stops ringing.</summary>
    [Theory]
    [InlineData("v6 first")]
    [InlineData("v4 first")]
    public void Invite_GivenUpPlaceIsAnsweredWhileTheOtherRings_IsTheCall(string names)
    {
        var (first, second, _) = CallBoth(names);
        second.Answer(second.Last(SipMethod.Invite), 180, "two");
        _net.Run(0.1);
        first.Answer(first.Last(SipMethod.Invite), 200, "one", "v=0 answer");
        _net.Run(0.5);
        Assert.Equal("one", Assert.Single(_alice.Events.OfType<SipEvent.Answered>()).Dialog);
        Assert.Equal((1, 0), (Different(first, SipMethod.Ack), Different(first, SipMethod.Bye)));
        Assert.Equal(1, Different(second, SipMethod.Cancel));
    }

    /// <summary>A connection that lost the race is nobody's: when the other family dies, it may have been dead for long.</summary>
    [Theory]
    [InlineData("v6 first", "v6")]
    [InlineData("v4 first", "v4")]
    public void Register_ByAConnectionThatLostTheRace_OpensItAnew(string names, string dies)
    {
        _net.Delay = TimeSpan.FromSeconds(0.4);
        BothFamilies(names, Transport.Tcp);
        Register(Transport.Tcp, 3);
        Assert.Empty(_alice.Closed);
        _net.Run(40);
        _net.IsBlackHole = to => to.Ip.IsV4 == (dies == "v4");
        _alice.Agent.RenewBindings(_net.Now);
        _net.Run(8);
        Assert.Equal(dies != "v4", _alice.Last<SipEvent.Registered>().Server.Ip.IsV4);
        Assert.Contains(_alice.Last<SipEvent.Registered>().Server, _alice.Closed);
    }

    [Theory]
    [InlineData("v6 first", "v6")]
    [InlineData("v4 first", "v4")]
    public void Invite_HungUpBeforeAnyAnswered_RingsNowhere(string names, string lost)
    {
        var (first, second, session) = CallBoth(names);
        Assert.Equal(lost == "v4", first.At.Ip.IsV4);
        _alice.Agent.Hangup(_net.Now, session);
        first.Answer(first.Last(SipMethod.Invite), 180);
        second.Answer(second.Last(SipMethod.Invite), 180);
        _net.Run(1);
        Assert.Equal((1, 1), (Different(first, SipMethod.Cancel), Different(second, SipMethod.Cancel)));
    }

    /// <summary>The memory is of one network.</summary>
    [Theory]
    [InlineData("v6 first", "v6")]
    [InlineData("v4 first", "v4")]
    public void Memory_AfterAChangeOfTheNetwork_IsForgotten(string names, string lost)
    {
        BothFamilies(names, Transport.Udp, lost);
        _net.IsBlackHole = to => to.Ip.IsV4 == (lost == "v4");
        var account = Register(Transport.Udp, 5);
        _alice.Agent.NetworkUp(_net.Now);
        var asked = _net.Ladder.Count;
        _alice.Agent.Options(_net.Now, account, Uri("sip:example.com"));
        _net.Run(1);
        Assert.Equal(lost == "v4", Sent(asked)[0].Ip.IsV4);
    }

    private (Script First, Script Second, SessionId Session) CallBoth(string names)
    {
        BothFamilies(names, Transport.Udp);
        foreach (var place in _places.Values) place.OnRequest = null;
        var account = _alice.Account($"sip:alice@{Alice}");
        var session = _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(0.9);
        var (v4, v6) = (_places[Address.Parse(V4)], _places[Address.Parse(V6)]);
        var (first, second) = names == "v6 first" ? (v6, v4) : (v4, v6);
        Assert.Empty(second.Requests);
        _net.Run(0.3);
        Assert.NotEmpty(second.Requests);
        return (first, second, session);
    }

    /// <summary>A server with both families; nobody is at the one that is lost.</summary>
    /// <returns>The other.</returns>
    private Address BothFamilies(string names, Transport transport, string lost = "")
    {
        var (v4, v6) = (Address.Parse(V4), Address.Parse(V6));
        _net.Hosts["example.com"] = names == "v6 first" ? [v6.Ip, v4.Ip] : [v4.Ip, v6.Ip];
        if (lost != "v4") Place(v4, transport);
        if (lost != "v6") Place(v6, transport);
        return lost == "v4" ? v6 : v4;
    }

    private Script Place(Address at, Transport transport = Transport.Udp)
    {
        var place = new Script(_net, at.ToString(), transport != Transport.Udp);
        place.OnRequest = request =>
        {
            if (request.Method is SipMethod.Ack) return;
            if (request.Method == SipMethod.Invite)
            {
                place.Answer(request, 180);
                return;
            }

            if (request.Method == SipMethod.Register && request.Headers.TryContacts(out var contacts))
            {
                foreach (var contact in contacts)
                    if (contact.Expires == 0) _bound.Remove(contact.Uri.ToString());
                    else _bound.Add(contact.Uri.ToString());
            }

            place.Answer(request, 200, headers: [(HeaderName.Expires, "300"), .. _bound.Select(b => (HeaderName.Contact, $"<{b}>;expires=300"))]);
        };
        _places[at] = place;
        return place;
    }

    /// <summary>Requests of this method, repetitions not counted.</summary>
    private static int Different(Script place, string method) =>
        place.Requests.Where(r => r.Method == method).Select(r => r.Headers.TryVia(out var via) ? via.Branch : "").Distinct().Count();

    private AccountId Register(Transport transport, double seconds, string password = "")
    {
        var account = _alice.Account("sip:alice@example.com", password, transport: transport, learn: false);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(seconds);
        return account;
    }

    /// <summary>Where requests went since.</summary>
    private List<Address> Sent(int since, string? method = null) =>
        [.. _net.Ladder.Skip(since).Where(m => m.Message is SipRequest sent && (method is null || sent.Method == method) && m.From.Ip is var ip && (ip == IpAddress.Parse(Alice) || ip == IpAddress.Parse(AliceV6))).Select(m => m.To)];
}
