using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>What keeps flows and NAT bindings open, and how soon it shows that one is gone.</summary>
public sealed class KeepaliveTests
{
    private static readonly Address First = Address.Parse("198.51.100.7:4000");
    private static readonly Address Second = Address.Parse("198.51.100.7:5000");
    private static readonly SipAgentOptions Usual = new() { Stun = new PlainBinding() };

    private readonly SipNet _net = new();

    [Fact]
    [Rfc("5626", "4.4.2", Line = "sip T12")]
    public void Udp_ServerWithStun_IsAskedEvery12To15SecondsAndByNothingElse()
    {
        var (alice, server, account) = Registered();
        _net.Run(500);
        Assert.InRange(server.Native.Count, 33, 43);
        for (var i = 1; i < server.Native.Count; i++) Assert.InRange((server.Native[i].At - server.Native[i - 1].At).TotalSeconds, 11.99, 15.01);
        Assert.Equal((1, 0, 0), (server.Registers.Count, server.Options.Count, server.Blind.Count));
        alice.Agent.Unregister(_net.Now, account);
        _net.Run(1);
        var asked = server.Native.Count;
        _net.Run(100);
        Assert.Equal(asked, server.Native.Count);
        Assert.Null(alice.Agent.NextTimeout);
    }

    [Theory]
    [InlineData(30, 24, 30)]
    [InlineData(5, 4, 5)]
    [Rfc("5626", "4.4")]
    public void Pause_ThatIsSet_IsKept(int pause, int least, int most)
    {
        var (_, server, _) = Registered(Usual with { UdpKeepalive = TimeSpan.FromSeconds(pause) });
        _net.Run(300);
        Assert.InRange(server.Native.Count, 300 / most, 300 / least + 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Off_SendsNothing(bool isStream)
    {
        var (alice, server, _) = Registered(Usual with { UdpKeepalive = TimeSpan.Zero, StreamKeepalive = TimeSpan.Zero }, isStream);
        var registers = server.Registers.Count;
        _net.Run(400);
        Assert.Equal((registers, 0, 0, 0), (server.Registers.Count, server.Native.Count, server.Options.Count, server.Blind.Count));
        Assert.Equal(1, alice.Count<SipEvent.Registered>());
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(true, 133)]
    [InlineData(false, 8)]
    [InlineData(false, 250)]
    [Rfc("5626", "4.4.2", Line = "sip T12")]
    [Rfc("3581", "4")]
    public void Udp_NatMapsAnew_RegistersWithin15SecondsOnceUnderTheNewAddress(bool isStun, int after)
    {
        var (alice, server, _) = Registered(natted: true, isStun: isStun);
        _net.Run(after);
        var flushed = _net.Now;
        server.Seen = Second;
        _net.Run(15.1);
        var told = Assert.Single(server.Registers, r => r.At >= flushed).Request;
        Assert.True(told.Headers.TryContacts(out var contacts));
        Assert.Equal([(First.Port, 0u), (Second.Port, 600u)], contacts.Select(c => (c.Uri.EffectivePort, c.Expires!.Value)));
        Assert.Equal(Second.Port, alice.Last<SipEvent.Registered>().Contact.EffectivePort);
        _net.Run(100);
        Assert.Equal(1, server.RegistersSince(flushed));
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 6)]
    public void Udp_NatMapsAnewAllTheTime_RegistersNoOftenerThanItAsks(bool isStun, int seconds)
    {
        var (_, server, _) = Registered(natted: true, isStun: isStun);
        var start = _net.Now;
        for (var i = 0; i < 100; i++)
        {
            server.Seen = First with { Port = (ushort)(10_000 + i) };
            _net.Run(seconds);
        }

        // One for each keepalive; a second each time where the mapping changed between the two.
        Assert.InRange(server.RegistersSince(start), 30, 600 / 12 * 2);
    }

    [Theory]
    [InlineData("203.0.113.66:3478", true)] // a stranger who has read the id
    [InlineData("192.0.2.9:5061", true)] // another port of the server
    [InlineData("192.0.2.9:5060", false)] // the server's address, with an id that was guessed
    [Rfc("8489", "6.3.3")]
    public void Stun_OfNoAnswerToUs_DoesNothing(string from, bool hasId)
    {
        var (_, server, _) = Registered(natted: true);
        var registers = server.Registers.Count;
        server.AnswersNative = false;
        _net.Run(15);
        var asked = server.Native[^1].Octets;
        if (!hasId) asked[5] ^= 1;
        _net.Send(Address.Parse(from), server.From, PlainBinding.Answer(asked, Second), isStream: false);
        _net.Run(0.1);
        Assert.Equal(registers, server.Registers.Count);
    }

    [Fact]
    [Rfc("8489", "6.3.3")]
    public void Stun_AnsweredTwice_CountsOnce()
    {
        var (_, server, _) = Registered(natted: true);
        _net.Run(15);
        var registers = server.Registers.Count;
        _net.Send(server.At, server.From, PlainBinding.Answer(server.Native[^1].Octets, Second), isStream: false);
        _net.Run(0.1);
        Assert.Equal(registers, server.Registers.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5626", "4.4.2")]
    public void Udp_WithoutStun_IsAskedByOptionsThenByCrlf(bool answersOptions)
    {
        var (alice, server, _) = Registered(setUp: s => (s.AnswersNative, s.AnswersOptions) = (false, answersOptions));
        _net.Run(400);
        Assert.Single(server.Native);
        if (answersOptions) Assert.InRange(server.Options.Count, 25, 35);
        else Assert.InRange(server.Blind.Count, 25, 35);
        Assert.Equal((1, 0), (server.Registers.Count, alice.Count<SipEvent.RegistrationFailed>()));
    }

    /// <summary>A line that was cut while the server was asked for the first time: it answers a repetition when nobody waits any more.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    [Rfc("5626", "4.4.2")]
    public void Udp_FirstAnswerComesLate_IsAskedByWhatItAnswers(int after)
    {
        var (_, server, _) = Registered(setUp: s => (s.AnswersNative, s.AnswersOptions) = (false, false));
        _net.Run(after);
        server.AnswersOptions = true;
        _net.Run(150);
        var asked = server.Options.Count;
        _net.Run(60);
        Assert.InRange(server.Options.Count - asked, 4, 5);
        server.IsDead = true;
        _net.Run(25.1);
        Assert.True(_net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Register }) > 1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    [Rfc("5626", "4.4.2")]
    public void Udp_StunEnds_IsRegisteredOnceAndAskedOtherwise(int after)
    {
        var (alice, server, _) = Registered();
        _net.Run(after);
        server.AnswersNative = false;
        _net.Run(380);
        Assert.Equal((2, 0), (server.Registers.Count, alice.Count<SipEvent.RegistrationFailed>()));
        Assert.InRange(server.Options.Count, 20, 32);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5626", "4.4.2")]
    public void Udp_ServerThatIsSilent_IsFoundOutWithin25Seconds(bool isStun)
    {
        var (alice, server, _) = Registered(isStun: isStun);
        _net.Run(60);
        server.IsDead = true;
        _net.Run(25.1);
        Assert.True(_net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Register }) > 1);
        server.IsDead = false;
        _net.Run(5);
        Assert.Equal((2, 0), (alice.Count<SipEvent.Registered>(), alice.Count<SipEvent.RegistrationFailed>()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    [Rfc("5626", "4.5")]
    public void Udp_KeepaliveRefused_RegistersIn2To4Seconds(int after)
    {
        var (alice, server, _) = Registered();
        _net.Run(after);
        server.IsDead = true;
        var asked = _net.Ladder.Count;
        while (_net.Ladder.Count == asked) _net.Run(0.1);
        alice.Refused(Address.Parse($"{Alice}:5060"), server.At, isStream: false);
        var refused = _net.Now;
        server.IsDead = false;
        _net.Run(1.99);
        Assert.Equal(0, server.RegistersSince(refused));
        _net.Run(2.1);
        Assert.Equal(1, server.RegistersSince(refused));
        Assert.Equal(0, alice.Count<SipEvent.RegistrationFailed>());
    }

    [Fact]
    public void Udp_RefusedByTheThousand_RegistersNoOftenerThanItAsks()
    {
        var (alice, server, _) = Registered();
        var start = _net.Now;
        for (var i = 0; i < 3000; i++)
        {
            alice.Refused(Address.Parse($"{Alice}:5060"), server.At, isStream: false);
            _net.Run(0.1);
        }

        Assert.InRange(server.RegistersSince(start), 0, 300 / 12 + 1);
    }

    [Theory]
    [InlineData(0.2, true)]
    [InlineData(0.2, false)]
    [InlineData(20, true)]
    [InlineData(200, false)]
    [Rfc("5626", "4.4.1", Line = "sip T11")]
    public void Stream_ThatDiesUnheard_IsOpenedAnewWithin30Seconds(double after, bool pongs)
    {
        var (alice, server, _) = Registered(isStream: true, setUp: s => s.AnswersNative = pongs);
        _net.Run(after);
        Die(alice, server);
        var died = _net.Now;
        while (alice.Count<SipEvent.Registered>() == 1) _net.Run(0.1);
        Assert.InRange((_net.Now - died).TotalSeconds, 0, 30);
        Assert.Equal([server.At], alice.Closed);
        Assert.Contains("no longer answers", alice.Last<SipEvent.RegistrationFailed>().Fault.What, StringComparison.Ordinal);
        _net.Run(100);
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
    }

    [Fact]
    [Rfc("5626", "4.4.1", Line = "sip T11")]
    public void Stream_WhosePongsStop_IsOpenedAnew()
    {
        var (alice, server, _) = Registered(isStream: true);
        _net.Run(100);
        Assert.Equal(0, alice.Count<SipEvent.RegistrationFailed>());
        server.AnswersNative = false;
        _net.Run(30);
        Assert.Equal([server.At], alice.Closed);
        Assert.Equal((1, 2), (alice.Count<SipEvent.RegistrationFailed>(), alice.Count<SipEvent.Registered>()));
        _net.Run(200);
        // This connection has never answered a ping, and answers OPTIONS.
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
        Assert.InRange(server.Options.Count, 12, 20);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(3600)]
    public void Stream_WhoseServerAnswersNothing_IsOpenedAnewOnce(int seconds)
    {
        var (alice, server, _) = Registered(isStream: true, setUp: s => (s.AnswersNative, s.AnswersOptions) = (false, false));
        _net.Run(seconds);
        Assert.Equal((1, 1), (alice.Closed.Count, alice.Count<SipEvent.RegistrationFailed>()));
        Assert.InRange(server.Native.Count, seconds / 15, seconds / 12 + 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5626", "4.2.2")]
    public void Stream_OnWhichARegisterIsNotAnswered_IsOpenedAnew(bool pongs)
    {
        var (alice, server, _) = Registered(isStream: true, setUp: s => s.AnswersNative = pongs);
        server.AnswersRegister = false;
        while (alice.Count<SipEvent.RegistrationFailed>() == 0) _net.Run(0.1);
        Assert.Equal(408, alice.Last<SipEvent.RegistrationFailed>().Status);
        Assert.Equal([server.At], alice.Closed);
        server.AnswersRegister = true;
        _net.Run(5);
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
    }

    [Theory]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Message)]
    [Rfc("3261", "18.1.1")]
    public void Stream_OnWhichNothingCameSinceARequest_IsEnded(string method)
    {
        var (alice, server, account) = Registered(Usual with { StreamKeepalive = TimeSpan.Zero }, isStream: true);
        _net.Run(10);
        server.IsDead = true;
        alice.Agent.Request(_net.Now, account, method, Uri($"sip:{Server}"));
        _net.Run(32.1);
        Assert.Equal([server.At], alice.Closed);
        server.IsDead = false;
        _net.Run(3);
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
    }

    [Theory]
    [InlineData(3, 10, 3)]
    [InlineData(60, 110, 6)]
    [InlineData(600, 1200, 9)]
    [Rfc("5626", "4.5")]
    public void Stream_ServerThatRestarts_IsBackSoonAndIsNotStormed(double outage, double back, int tries)
    {
        var (alice, server, _) = Registered(isStream: true);
        _net.Run(50);
        var down = _net.Now;
        _net.Remove(server.At);
        alice.FailStream(server.At, PathError.Closed);
        _net.Run(outage);
        server = new KeepingServer(_net, isStream: true);
        while (server.Registers.Count == 0 && (_net.Now - down).TotalSeconds < back) _net.Run(0.1);
        Assert.NotEmpty(server.Registers);
        Assert.InRange(_net.Ladder.Count(m => m.At >= down && m.Message is SipRequest { Method: SipMethod.Register }), 1, tries);
        _net.Run(1);
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("5626", "4.4.2", Line = "sip T12")]
    public void TwoAccountsOnOneFlow_AreKeptAsOne_UntilTheLastHasGone(bool isStun)
    {
        var (alice, server, one) = Registered(isStun: isStun);
        var two = alice.Account($"sip:work@{Server}");
        alice.Agent.Register(_net.Now, two);
        _net.Run(300);
        int Asked() => isStun ? server.Native.Count : server.Options.Count;
        var both = Asked();
        Assert.InRange(both, 20, 26);
        alice.Agent.Unregister(_net.Now, one);
        _net.Run(300);
        Assert.InRange(Asked() - both, 20, 26);
        alice.Agent.Unregister(_net.Now, two);
        _net.Run(1);
        var last = Asked();
        _net.Run(300);
        Assert.Equal(last, Asked());
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    [Rfc("5626", "4.4")]
    public void Connection_AfterOneThatEnded_IsKeptByWhoHoldsItAlone(bool registrationFirst, int ends)
    {
        var output = new TransmitQueue();
        var keeper = new FlowKeeper(Usual, new SeededEntropy(5), output, new Nobody());
        var flow = new Flow(new PathId(1), Address.Parse(Server), Transport.Tcp);
        var now = Instant.Zero;
        var olds = new List<KeptFlow>();
        for (var i = 0; i < ends; i++)
        {
            keeper.Keep(now, flow, null, out var old);
            olds.Add(old);
            keeper.Forget(flow);
        }

        // The same flow by name: whoever held those before holds nothing of it, and is not believed to.
        keeper.Keep(now, flow, null, out var held);
        if (registrationFirst) keeper.Keep(now, flow, null, out held);
        Assert.All(olds, old => Assert.True(old.IsForgotten));
        foreach (var old in olds) keeper.Release(old);
        Assert.False(held.IsForgotten);
        var before = output.Count;
        for (var due = keeper.NextTimeout; due is { } at && at < Instant.Zero + TimeSpan.FromSeconds(100); due = keeper.NextTimeout)
        {
            keeper.Advance(at);
            if (keeper.Keeps(flow)) keeper.TakePong(at, flow);
        }

        Assert.InRange(output.Count - before, 1, 1_000);
        keeper.Release(held);
        if (registrationFirst) keeper.Release(held);
        Assert.False(keeper.Keeps(flow));
        keeper.Release(held);
        Assert.Null(keeper.NextTimeout);
    }

    /// <summary>The connection carries nothing any more; the next one to the same server does.</summary>
    private void Die(SipNode alice, KeepingServer server)
    {
        server.IsDead = true;
        alice.Happened = happened =>
        {
            if (happened is not SipEvent.RegistrationFailed) return;
            _net.CloseStream(server.From);
            server.IsDead = false;
        };
    }

    private (SipNode Alice, KeepingServer Server, AccountId Account) Registered(
        SipAgentOptions? options = null, bool isStream = false, bool natted = false, bool isStun = true, Action<KeepingServer>? setUp = null)
    {
        options ??= Usual;
        var alice = _net.Agent(Alice, isStun ? options : options with { Stun = null }, udp: !isStream, tcp: isStream);
        var server = new KeepingServer(_net, isStream);
        if (natted) server.Seen = First;
        setUp?.Invoke(server);
        var account = alice.Account($"sip:alice@{Server}");
        alice.Agent.Register(_net.Now, account);
        _net.Run(0.1);
        Assert.True(alice.Count<SipEvent.Registered>() == 1);
        return (alice, server, account);
    }

    private sealed class Nobody : IFlowKeeperUser
    {
        public void OnProbeDue(Instant now, in Flow flow)
        {
        }

        public void OnMapped(Instant now, in Flow flow, Address was, Address mapped)
        {
        }

        public void OnFaint(Instant now, in Flow flow, Instant since)
        {
        }

        public void OnLate(Instant now, in Flow flow)
        {
        }

        public void OnDoubted(Instant now, in Flow flow, PathError error, Instant since)
        {
        }
    }
}
