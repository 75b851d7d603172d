using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>Credentials, allocations and their ends.</summary>
public class TurnServerTests
{
    private readonly StunBench _bench = new();

    [Fact]
    [Rfc("8489", "9.2.4", Line = "S22")]
    [Rfc("8656", "7.1", Line = "T01")]
    public void Allocate_Unsigned_IsChallengedWithoutAnyState()
    {
        var answer = new TurnHand(_bench).Challenge();
        Assert.Equal(401, answer.Code);
        Assert.Equal(StunBench.Realm, answer.Text(StunAttributeType.Realm));
        Assert.StartsWith("obMatJos2AAAB", answer.Text(StunAttributeType.Nonce));
        Assert.Empty(answer.Octets(StunAttributeType.MessageIntegrity));
        Assert.Equal((0, 0), (_bench.Turn.Allocations, _bench.Turn.Reservations));
    }

    [Fact]
    [Rfc("8656", "7.3", Line = "T04")]
    [Rfc("8656", "7.2", Line = "T43")]
    public void Allocate_Signed_TellsRelayLifetimeAndMappedAddress()
    {
        var hand = new TurnHand(_bench);
        var answer = hand.Allocate();
        Assert.Equal(0, answer.Code);
        Assert.Equal((StunBench.Primary, true), (hand.Relay.Ip, hand.Relay.Port >= 49_152));
        Assert.Equal(600u, answer.Number(StunAttributeType.Lifetime));
        Assert.Equal(hand.Client.Bound, answer.Address(StunAttributeType.XorMappedAddress));
        Assert.Equal((1, 1L), (_bench.Turn.Allocations, _bench.Turn.TotalAllocations));
    }

    [Theory]
    [InlineData("alice", "wrong", 401)]
    [InlineData("mallory", "mallory-secret", 401)]
    [Rfc("8489", "9.2.4")]
    public void Allocate_WrongCredentials_IsChallengedAgain(string user, string password, int code)
    {
        var answer = new TurnHand(_bench, user: user, password: password).Allocate();
        Assert.Equal(code, answer.Code);
        Assert.NotEmpty(answer.Text(StunAttributeType.Nonce));
        Assert.Equal(0, _bench.Turn.Allocations);
    }

    [Fact]
    [Rfc("8489", "9.2.4", Line = "S23")]
    public void Allocate_SignedWithoutUsername_IsBad()
    {
        var hand = new TurnHand(_bench);
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, _bench.NewId());
        writer.AddString(StunAttributeType.Realm, StunBench.Realm);
        writer.AddIntegrity(StunCredentials.LongTermMd5("alice", StunBench.Realm, "alice-secret"));
        Assert.Equal(400, hand.Exchange(writer.Written).Code);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 400)]
    [Rfc("8489", "9.2.4", Line = "S19")]
    [Rfc("8489", "9.2.1", Line = "S21")]
    public void Allocate_Sha256Chosen_NeedsTheListUnchanged(bool unchanged, int code)
    {
        var hand = new TurnHand(_bench);
        var challenge = hand.Challenge();
        var list = challenge.Octets(StunAttributeType.PasswordAlgorithms);
        Assert.Equal([0, 2, 0, 0, 0, 1, 0, 0], list);
        if (!unchanged) list = list[4..];
        using var key = StunCredentials.LongTermSha256("alice", StunBench.Realm, "alice-secret");
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, _bench.NewId());
        TurnHand.Udp(ref writer);
        writer.AddString(StunAttributeType.Username, "alice");
        writer.AddString(StunAttributeType.Realm, StunBench.Realm);
        writer.AddString(StunAttributeType.Nonce, challenge.Text(StunAttributeType.Nonce));
        writer.Add(StunAttributeType.PasswordAlgorithms, list);
        writer.AddUInt32(StunAttributeType.PasswordAlgorithm, 0x00020000);
        writer.AddIntegritySha256(key);
        var answer = hand.Exchange(writer.Written);
        Assert.Equal(code, answer.Code);
        if (code != 0) return;
        Assert.True(StunReader.TryParse(answer.Message, out var reader, out _));
        Assert.True(reader.VerifyIntegritySha256(key));
    }

    [Fact]
    [Rfc("8656", "5", Line = "T42")]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void Request_NonceOlderThanItsLifetimeOrForged_IsStale()
    {
        var hand = new TurnHand(_bench);
        hand.Challenge();
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromHours(1));
        var answer = hand.Request(StunMethod.Allocate, TurnHand.Udp);
        Assert.Equal(438, answer.Code);
        Assert.NotEmpty(answer.Text(StunAttributeType.Nonce));
        Assert.Equal(0, hand.Allocate().Code);
    }

    [Fact]
    [Rfc("8656", "5", Line = "T42")]
    public void Challenges_ToOneSource_AreLimitedEachSecond()
    {
        var bench = new StunBench(o => o with { RefusalsPerSecond = 3 });
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var buffer = new byte[64];
        for (var i = 0; i < 10; i++)
        {
            var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, bench.NewId());
            client.Probe.Send(client.Path, StunBench.Server, writer.Written);
        }

        client.Host.Settle();
        bench.World.RunUntil(Instant.Zero + TimeSpan.FromMilliseconds(500));
        Assert.Equal(3, client.Probe.Received.Count);
        var last = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, bench.NewId());
        bench.World.RunUntil(Instant.Zero + TimeSpan.FromSeconds(1));
        Assert.Single(bench.Ask(client, StunBench.Server, last.Written));
    }

    [Theory]
    [InlineData(0u, 600u)]
    [InlineData(60u, 600u)]
    [InlineData(1200u, 1200u)]
    [InlineData(86400u, 3600u)]
    [Rfc("8656", "7.2", Line = "T03")]
    public void Allocate_Lifetime_IsKeptBetweenDefaultAndMaximum(uint asked, uint granted)
    {
        var answer = new TurnHand(_bench).Allocate((ref StunWriter w) => w.AddUInt32(StunAttributeType.Lifetime, asked));
        Assert.Equal(granted, answer.Number(StunAttributeType.Lifetime));
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(6, 442)]
    [InlineData(17, 0)]
    [Rfc("8656", "7.2", Line = "T02")]
    public void Allocate_RequestedTransport_MustBeThereAndUdp(byte protocol, int code)
    {
        var hand = new TurnHand(_bench);
        hand.Challenge();
        var answer = hand.Request(StunMethod.Allocate, (ref StunWriter w) =>
        {
            if (protocol != 0) w.AddUInt8(StunAttributeType.RequestedTransport, protocol);
        });
        Assert.Equal(code, answer.Code);
    }

    [Theory]
    [InlineData("raf+aaf", 400)]
    [InlineData("aaf+even1", 400)]
    [InlineData("aaf-v4", 400)]
    [InlineData("token+even", 400)]
    [InlineData("token+raf", 400)]
    [InlineData("token+aaf", 400)]
    [InlineData("token", 508)]
    [InlineData("raf-v6", 440)]
    [InlineData("raf-9", 440)]
    [InlineData("df", 420)]
    [InlineData("even0", 0)]
    [InlineData("raf-v4", 0)]
    [Rfc("8656", "7.2", Line = "T07")]
    [Rfc("8656", "7.2", Line = "T05")]
    [Rfc("8656", "7.2", Line = "T10")]
    public void Allocate_Combinations_AreJudgedByTheTable(string wish, int code)
    {
        var answer = new TurnHand(_bench).Allocate((ref StunWriter w) =>
        {
            if (wish.StartsWith("token", StringComparison.Ordinal)) w.AddUInt64(StunAttributeType.ReservationToken, 42);
            if (wish.Contains("raf", StringComparison.Ordinal))
                w.AddUInt8(StunAttributeType.RequestedAddressFamily, wish == "raf-9" ? (byte)9 : wish == "raf-v6" ? (byte)2 : (byte)1);
            if (wish.Contains("aaf", StringComparison.Ordinal)) w.AddUInt8(StunAttributeType.AdditionalAddressFamily, wish == "aaf-v4" ? (byte)1 : (byte)2);
            if (wish.Contains("even", StringComparison.Ordinal)) w.Add(StunAttributeType.EvenPort, [wish.EndsWith('1') ? (byte)0x80 : (byte)0]);
            if (wish == "df") w.AddFlag(StunAttributeType.DontFragment);
        });
        Assert.Equal(code, answer.Code);
        if (code == 420) Assert.Equal([0, (byte)StunAttributeType.DontFragment], answer.Octets(StunAttributeType.UnknownAttributes));
        if (wish == "even0") Assert.Equal(0, answer.Address(StunAttributeType.XorRelayedAddress)!.Value.Port % 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8656", "7.2", Line = "T06")]
    public void Allocate_BothFamilies_GivesWhatThereIsAndTellsWhatIsNot(bool hasV6)
    {
        var v6 = IpAddress.Parse("2001:db8::10");
        var bench = new StunBench(o => o with { RelayV6 = hasV6 ? v6 : default });
        bench.ServerHost.Attach(bench.World.Public, v6);
        var answer = new TurnHand(bench).Allocate((ref StunWriter w) => w.AddUInt8(StunAttributeType.AdditionalAddressFamily, 2));
        Assert.Equal(0, answer.Code);
        Assert.Equal(hasV6 ? [] : [2, 0, 4, 40], answer.Octets(StunAttributeType.AddressErrorCode));
        Assert.True(StunReader.TryParse(answer.Message, out var reader, out _));
        var relays = 0;
        foreach (var attribute in reader.Attributes) relays += attribute.Type == StunAttributeType.XorRelayedAddress ? 1 : 0;
        Assert.Equal(hasV6 ? 2 : 1, relays);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T08")]
    public void Allocate_EvenPortWithReservation_SecondGetsTheNextPort()
    {
        var first = new TurnHand(_bench);
        var answer = first.Allocate((ref StunWriter w) => w.Add(StunAttributeType.EvenPort, [0x80]));
        Assert.Equal(0, first.Relay.Port % 2);
        var token = answer.Token!.Value;
        Assert.Equal(1, _bench.Turn.Reservations);
        var second = new TurnHand(_bench, "203.0.113.2");
        second.Allocate((ref StunWriter w) => w.AddUInt64(StunAttributeType.ReservationToken, token));
        Assert.Equal(first.Relay.Port + 1, second.Relay.Port);
        Assert.Equal((0, 2), (_bench.Turn.Reservations, _bench.Turn.Allocations));
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T08")]
    public void Reservation_NotUsedFor30Seconds_IsGone()
    {
        var hand = new TurnHand(_bench);
        var token = hand.Allocate((ref StunWriter w) => w.Add(StunAttributeType.EvenPort, [0x80])).Token!.Value;
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(31));
        Assert.Equal(0, _bench.Turn.Reservations);
        var late = new TurnHand(_bench, "203.0.113.2").Allocate((ref StunWriter w) => w.AddUInt64(StunAttributeType.ReservationToken, token));
        Assert.Equal(508, late.Code);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T11")]
    [Rfc("8489", "6.3.1", Line = "S33")]
    public void Allocate_Retransmitted_GetsTheSameAnswerAndAnotherIdA437()
    {
        var hand = new TurnHand(_bench);
        var first = hand.Allocate();
        var again = hand.Exchange(hand.LastRequest);
        Assert.Equal(first.Message, again.Message);
        Assert.Equal(437, hand.Request(StunMethod.Allocate, TurnHand.Udp).Code);
        Assert.Equal(1, _bench.Turn.Allocations);
    }

    [Theory]
    [InlineData(StunMethod.Refresh)]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    [Rfc("8656", "5", Line = "T15")]
    public void Request_WithoutAllocation_IsMismatch(StunMethod method)
    {
        var hand = new TurnHand(_bench);
        hand.Challenge();
        Assert.Equal(437, hand.Request(method).Code);
    }

    [Fact]
    [Rfc("8656", "5", Line = "T13")]
    public void Request_OfAnotherUser_IsRefused()
    {
        var hand = new TurnHand(_bench);
        hand.Allocate();
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Refresh, _bench.NewId());
        writer.AddString(StunAttributeType.Username, "bob");
        writer.AddString(StunAttributeType.Realm, StunBench.Realm);
        writer.AddString(StunAttributeType.Nonce, new TurnHand(_bench, "203.0.113.7").Challenge().Text(StunAttributeType.Nonce));
        writer.AddIntegrity(StunCredentials.LongTermMd5("bob", StunBench.Realm, "bob-secret"));
        Assert.Equal(441, hand.Exchange(writer.Written).Code);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T43")]
    public void Allocate_BeyondQuotaOrCapacity_IsRefused()
    {
        var bench = new StunBench(o => o with { UserQuota = 1, Capacity = 2 });
        Assert.Equal(0, new TurnHand(bench, "203.0.113.1").Allocate().Code);
        Assert.Equal(486, new TurnHand(bench, "203.0.113.2").Allocate().Code);
        Assert.Equal(0, new TurnHand(bench, "203.0.113.3", "bob").Allocate().Code);
        var full = new StunBench(o => o with { Capacity = 1 });
        new TurnHand(full, "203.0.113.1").Allocate();
        Assert.Equal(508, new TurnHand(full, "203.0.113.2").Allocate().Code);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T43")]
    public void Allocate_KeepsPortsAndGivesBackInACircle_IsRefusedOnceTheCapacityIsKept()
    {
        var bench = new StunBench(o => o with { Capacity = 3 });
        var codes = new List<int>();
        for (var i = 1; i <= 5; i++)
        {
            var hand = new TurnHand(bench, $"203.0.113.{i}");
            codes.Add(hand.Allocate((ref StunWriter w) => w.Add(StunAttributeType.EvenPort, [0x80])).Code);
            if (codes[^1] == 0) hand.Refresh(0);
        }

        Assert.Equal([0, 0, 0, 508, 508], codes);
        Assert.Equal(3, bench.Turn.Reservations);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T43")]
    public void Allocate_AfterARelease_IsWithinQuotaAgain()
    {
        var bench = new StunBench(o => o with { UserQuota = 1 });
        var hand = new TurnHand(bench);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0, hand.Allocate().Code);
            Assert.Equal(0, hand.Refresh(0).Code);
        }
    }

    [Fact]
    [Rfc("8656", "8.2", Line = "T16")]
    public void Refresh_ZeroLifetime_FreesEverything()
    {
        var sockets = _bench.ServerHost.OpenSockets;
        var hand = new TurnHand(_bench);
        hand.Allocate();
        Assert.Equal(sockets + 1, _bench.ServerHost.OpenSockets);
        Assert.Equal(0u, hand.Refresh(0).Number(StunAttributeType.Lifetime));
        Assert.Equal((0, sockets), (_bench.Turn.Allocations, _bench.ServerHost.OpenSockets));
        Assert.Null(_bench.Turn.NextTimeout);
        Assert.Equal(437, hand.Refresh(0).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("8656", "8", Line = "T16")]
    public void Allocation_NotRefreshed_ExpiresAfterItsLifetime(bool refreshed)
    {
        var hand = new TurnHand(_bench);
        hand.Allocate();
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(590));
        if (refreshed) hand.Refresh(600);
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(20));
        Assert.Equal(refreshed ? 1 : 0, _bench.Turn.Allocations);
    }

    [Fact]
    public void Stop_ClosesEverySocket()
    {
        new TurnHand(_bench).Allocate((ref StunWriter w) => w.Add(StunAttributeType.EvenPort, [0x80]));
        _bench.Machine.Stop();
        Assert.Equal((0, 0, 0), (_bench.Turn.Allocations, _bench.Turn.Reservations, _bench.ServerHost.OpenSockets));
        Assert.Null(_bench.Machine.NextTimeout);
    }

    [Fact]
    public void Receive_EveryPrefixAndMutationOfARequest_NeverThrows()
    {
        var hand = new TurnHand(_bench);
        hand.Allocate((ref StunWriter w) => w.Add(StunAttributeType.EvenPort, [0x80]));
        var request = hand.LastRequest;
        var entropy = new SeededEntropy(3);
        for (var i = 0; i < request.Length; i++)
        {
            hand.Client.Probe.Send(hand.Client.Path, StunBench.Server, request.AsSpan(0, i));
            var mutated = request.ToArray();
            mutated[i] ^= (byte)(1 + entropy.NextInt(255));
            hand.Client.Probe.Send(hand.Client.Path, StunBench.Server, mutated);
        }

        hand.Client.Host.Settle();
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(5));
        Assert.Equal(1, _bench.Turn.Allocations);
    }
}
