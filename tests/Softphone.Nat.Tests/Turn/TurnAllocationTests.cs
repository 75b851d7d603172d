using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnAllocationTests
{
    [Fact]
    [Rfc("8656", "7.1", Line = "T01")]
    [Rfc("8656", "7.3", Line = "T04")]
    public void Allocate_IsChallenged_AndSignsTheSecondWithANewId()
    {
        using var server = new ScriptedServer();
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Equal(2, server.Requests.Count);
        var (first, second) = (server.Requests[0], server.Requests[1]);
        Assert.Equal((false, true), (first.HasIntegrity, second.HasIntegrity));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(("alice", "nonce-1"), (second.Username, second.Nonce));
        Assert.False(second.Has(StunAttributeType.Software));
        var allocated = Assert.IsType<TurnEvent.Allocated>(Assert.Single(server.Events));
        Assert.Equal((ScriptedServer.RelayedV4, ScriptedServer.Mapped), (allocated.Relayed, allocated.Mapped));
        Assert.Equal((TimeSpan.FromSeconds(600), null), (allocated.Lifetime, allocated.Reservation));
        Assert.Equal(ScriptedServer.RelayedV4, server.Client.Relayed);
    }

    [Fact]
    [Rfc("8656", "7.1", Line = "T02")]
    public void Allocate_AlwaysAsksForUdp()
    {
        using var server = new ScriptedServer();
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.All(server.Requests, request =>
        {
            Assert.True(StunReader.TryParse(request.Bytes, out var reader, out _));
            Assert.True(reader.TryGet(StunAttributeType.RequestedTransport, out var transport));
            Assert.Equal([17, 0, 0, 0], transport.ToArray());
        });
    }

    [Fact]
    public void Allocate_ServerWithoutCredentials_IsTakenUnsigned()
    {
        using var server = new ScriptedServer { Challenges = false };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.False(Assert.Single(server.Requests).HasIntegrity);
        Assert.True(server.Client.IsAllocated);
    }

    [Theory]
    [InlineData(600, 540)]
    [InlineData(100, 50)]
    [InlineData(3600, 3540)]
    [InlineData(130, 70)]
    [Rfc("8656", "8.1", Line = "T16")]
    [Rfc("8656", "7.3", Line = "T03")]
    public void Refresh_FollowsTheLifetimeThatTheServerGave(uint lifetime, double at)
    {
        using var server = new ScriptedServer { Lifetime = lifetime }.Allocated();
        server.RunTo(at - 0.001);
        Assert.Empty(server.Requests);
        server.RunTo(at);
        Assert.Equal(StunMethod.Refresh, Assert.Single(server.Requests).Method);
        server.RunTo(2 * at);
        Assert.Equal(2, server.Requests.Count);
        Assert.True(server.Client.IsAllocated);
    }

    [Fact]
    [Rfc("8656", "7.1", Line = "T05")]
    public void Allocate_ForIpv6_AsksForTheFamily()
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { Family = TurnFamily.V6 }) { Relayed = Address.Parse("[2001:db8::5]:50000") };
        server.Allocated();
        Assert.True(server.Client.Relayed.Ip.IsV6);
        using var wrong = new ScriptedServer(ScriptedServer.Default with { Family = TurnFamily.V6 });
        wrong.Client.Allocate(wrong.Now);
        wrong.Pump();
        Assert.IsType<TurnEvent.AllocationFailed>(wrong.Events[0]);
        Assert.IsType<TurnEvent.Closed>(wrong.Events[1]);
        Assert.Equal(0u, wrong.Requests[^1].Lifetime);
        Assert.True(wrong.Requests[0].Has(StunAttributeType.RequestedAddressFamily));
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T08")]
    public void Allocate_WithAToken_SendsNeitherFamilyNorEvenPort()
    {
        var options = ScriptedServer.Default with { Reservation = 0x1122334455667788, Family = TurnFamily.V4, Port = TurnPort.EvenAndReserveNext };
        using var server = new ScriptedServer(options);
        server.Client.Allocate(server.Now);
        server.Pump();
        var request = server.Requests[^1];
        Assert.True(request.Has(StunAttributeType.ReservationToken));
        Assert.False(request.Has(StunAttributeType.EvenPort));
        Assert.False(request.Has(StunAttributeType.RequestedAddressFamily));
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T10")]
    public void Allocate_DontFragmentUnknown_IsAskedAgainWithout()
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { DontFragment = true });
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (!request.Has(StunAttributeType.DontFragment)) return server.Succeed(request, ref answer);
            answer.AddErrorCode(StunErrorCode.UnknownAttribute);
            answer.AddUnknownAttributes([0x7777, StunAttributeType.DontFragment]);
            return true;
        };
        server.Allocated();
        server.Client.Send(server.Now, ScriptedServer.Peer, [1]);
        server.Pump();
        Assert.True(StunReader.TryParse(Assert.Single(server.Datagrams), out var reader, out _));
        Assert.False(reader.Has(StunAttributeType.DontFragment));
    }

    [Theory]
    [InlineData(437, TurnAdvice.NewPort)]
    [InlineData(486, TurnAdvice.RetryLater)]
    [InlineData(508, TurnAdvice.RetryLater)]
    [InlineData(500, TurnAdvice.RetryLater)]
    [InlineData(441, TurnAdvice.None)]
    [InlineData(440, TurnAdvice.None)]
    [InlineData(442, TurnAdvice.None)]
    [InlineData(400, TurnAdvice.None)]
    [InlineData(403, TurnAdvice.None)]
    [Rfc("8656", "7.4", Line = "T12")]
    [Rfc("8656", "7.4", Line = "T13")]
    [Rfc("8656", "7.4", Line = "T14")]
    public void Allocate_Refused_SaysWhatToTryAndStops(int code, TurnAdvice advice)
    {
        using var server = new ScriptedServer();
        server.Answerer = server.Fail(StunMethod.Allocate, code);
        server.Client.Allocate(server.Now);
        server.RunTo(100);
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Equal((code, advice), (failed.Code, failed.Advice));
        Assert.Contains($"{code}", failed.Fault.What, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
        Assert.Null(server.Client.NextTimeout);
    }

    [Fact]
    [Rfc("8489", "6.2.1", Line = "S27")]
    [Rfc("8489", "6.2.1", Line = "S31")]
    public void Allocate_Unanswered_FailsAt39500AndNotBefore_WhateverIcmpSays()
    {
        using var server = new ScriptedServer { Challenges = false };
        server.Answerer = server.Mute(StunMethod.Allocate);
        server.Client.Allocate(server.Now);
        server.Client.Fail(new PathFailure(server.Now, ScriptedServer.Path, ScriptedServer.Server, PathError.Refused));
        server.RunTo(39.499);
        Assert.Empty(server.Events);
        Assert.Equal(7, server.Requests.Count);
        Assert.Single(server.Requests.Select(r => Convert.ToHexString(r.Bytes)).Distinct());
        server.RunTo(39.5);
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Equal((0, TurnAdvice.OtherServer), (failed.Code, failed.Advice));
        Assert.Contains("Refused", failed.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocate_WrongPassword_FailsWith401AfterOneTry()
    {
        using var other = new TurnClient(ScriptedServer.Default with { Password = "other" }, new SeededEntropy(2), Trace.Off);
        other.Allocate(Instant.Zero);
        var buffer = new byte[2048];
        var sent = 0;
        while (other.TryTransmit(buffer, out var transmit))
        {
            sent++;
            Assert.True(StunReader.TryParse(buffer.AsSpan(0, transmit.Length), out var request, out _));
            var writer = StunWriter.Reply(new byte[512], request, StunClass.Error);
            writer.AddErrorCode(401);
            writer.AddString(StunAttributeType.Realm, "example.org");
            writer.AddString(StunAttributeType.Nonce, $"n{sent}");
            other.Receive(new Datagram(Instant.Zero, ScriptedServer.Path, ScriptedServer.Server, writer.Written));
        }

        Assert.Equal(2, sent);
        Assert.True(other.TryEvent(out var happened));
        Assert.Equal(401, Assert.IsType<TurnEvent.AllocationFailed>(happened).Code);
    }

    [Fact]
    [Rfc("8489", "9.2.5", Line = "S25")]
    public void Answer_UnsignedOrForged_IsIgnoredAndTheTransactionGoesOn()
    {
        using var server = new ScriptedServer { SignsAnswers = false };
        server.Answerer = server.Fail(StunMethod.Allocate, 486);
        server.Client.Allocate(server.Now);
        server.RunTo(1);
        Assert.Empty(server.Events);
        server.SignsAnswers = true;
        server.Answerer = server.Succeed;
        server.RunTo(2);
        Assert.IsType<TurnEvent.Allocated>(Assert.Single(server.Events));
    }

    [Fact]
    [Rfc("8489", "9.2.5", Line = "S25")]
    public void Answer_OnlyUnsignedOnesUntilTheEnd_ColoursTheFailure()
    {
        using var server = new ScriptedServer { SignsAnswers = false };
        server.Answerer = server.Fail(StunMethod.Allocate, 486);
        server.Client.Allocate(server.Now);
        server.RunTo(40);
        Assert.Equal(486, Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events)).Code);
    }

    [Fact]
    [Rfc("8489", "6.3.3", Line = "S07")]
    public void Answer_WithAnUnknownRequiredAttribute_FailsTheTransaction()
    {
        using var server = new ScriptedServer();
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            answer.AddUInt32(0x7777, 1);
            return server.Succeed(request, ref answer);
        };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
    }

    [Fact]
    [Rfc("8489", "10", Line = "S35")]
    public void Redirect_IsFollowed_ToAServerOfTheSameFamily()
    {
        var other = Address.Parse("192.0.2.2:3478");
        using var server = new ScriptedServer();
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (server.Client.Server == other) return server.Succeed(request, ref answer);
            answer.AddErrorCode(300);
            answer.AddAddress(StunAttributeType.AlternateServer, other);
            return true;
        };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Equal(new TurnEvent.Redirected(ScriptedServer.Server, other), server.Events[0]);
        Assert.IsType<TurnEvent.Allocated>(server.Events[1]);
        Assert.Equal(other, server.Client.Server);
    }

    [Fact]
    [Rfc("8489", "10", Line = "S35")]
    public void Redirect_InACircleOrWithoutEnd_IsGivenUp()
    {
        foreach (var isCircle in new[] { true, false })
        {
            using var server = new ScriptedServer();
            var next = 2;
            server.Answerer = (Seen _, ref StunWriter answer) =>
            {
                answer.AddErrorCode(300);
                var at = isCircle ? (server.Client.Server == ScriptedServer.Server ? 2 : 1) : next;
                answer.AddAddress(StunAttributeType.AlternateServer, Address.Parse($"192.0.2.{at}:3478"));
                return true;
            };
            server.Client.Allocate(server.Now);
            for (var i = 0; i < 20; i++, next++) server.Pump();
            Assert.Equal(300, Assert.IsType<TurnEvent.AllocationFailed>(server.Events[^1]).Code);
            Assert.InRange(server.Events.Count, 2, 4);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void StaleNonce_IsAnsweredWithTheNewOne_AtMostTwice(int times, bool works)
    {
        using var server = new ScriptedServer().Allocated();
        var stale = times;
        server.Nonce = "nonce-2";
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (--stale <= 0) return server.Succeed(request, ref answer);
            answer.AddErrorCode(438);
            answer.AddString(StunAttributeType.Realm, server.Realm);
            answer.AddString(StunAttributeType.Nonce, server.Nonce);
            return true;
        };

        // The script runs twice for each answer; the first stale one is the server's own.
        stale = (times - 1) * 2 + 1;
        server.RunTo(540);
        Assert.Equal(works, server.Client.IsAllocated);
        Assert.Equal(works ? times + 1 : times, server.Requests.Count);
        Assert.Equal(server.Requests.Count, server.Requests.Select(r => r.Id).Distinct().Count());
        if (!works) Assert.Equal(438, Assert.IsType<TurnEvent.RelayLost>(Assert.Single(server.Events)).Code);
    }

    [Fact]
    [Rfc("8489", "9.2.3.2", Line = "S19")]
    public void Algorithms_Offered_AreEchoedUnchangedAndTheStrongestIsChosen()
    {
        byte[] list = [0, 1, 0, 0, 0, 2, 0, 0];
        using var server = new ScriptedServer { Algorithms = list, Nonce = "obMatJos2AAABxyz" }.Allocated();
        server.RunTo(540);
        Assert.True(StunReader.TryParse(Assert.Single(server.Requests).Bytes, out var reader, out _));
        Assert.True(reader.TryGet(StunAttributeType.PasswordAlgorithms, out var echoed));
        Assert.Equal(list, echoed);
        Assert.Equal(StunPasswordAlgorithm.Sha256, StunPasswordAlgorithms.Chosen(reader));
        Assert.True(reader.HasIntegritySha256);
        Assert.False(reader.HasIntegrity);
    }

    [Fact]
    [Rfc("8489", "9.2.5", Line = "S21")]
    public void Algorithms_PromisedByTheNonceButTakenOut_EndsWithThisServer()
    {
        using var server = new ScriptedServer { Nonce = "obMatJos2AAABxyz" };
        server.Client.Allocate(server.Now);
        server.Pump();
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Equal(TurnAdvice.OtherServer, failed.Advice);
        Assert.Contains("algorithms", failed.Fault.What, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    [Rfc("8489", "9.2.3.2", Line = "S18")]
    public void Username_ServerWithAnonymity_IsHashed()
    {
        using var server = new ScriptedServer { Nonce = "obMatJos2AAACxyz" };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Null(server.Requests[1].Username);
        Assert.True(server.Requests[1].Has(StunAttributeType.Userhash));
        Assert.True(server.Client.IsAllocated);
    }

    [Theory]
    [InlineData(437)]
    [InlineData(441)]
    [InlineData(403)]
    [Rfc("8656", "8.2", Line = "T17")]
    [Rfc("8656", "5", Line = "T15")]
    public void Refresh_Refused_LosesTheRelay(int code)
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(StunMethod.Refresh, code);
        server.RunTo(600);
        Assert.Equal(code, Assert.IsType<TurnEvent.RelayLost>(Assert.Single(server.Events)).Code);
        Assert.Null(server.Client.NextTimeout);
        Assert.False(server.Client.Send(server.Now, ScriptedServer.Peer, [1]));
    }

    [Fact]
    [Rfc("8656", "8", Line = "T17")]
    public void Refresh_Unanswered_IsTriedUntilTheAllocationExpires()
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Mute(StunMethod.Refresh);
        server.RunTo(599.999);
        Assert.Empty(server.Events);
        Assert.True(server.Requests.Count > 7);
        server.RunTo(600);
        Assert.IsType<TurnEvent.RelayLost>(Assert.Single(server.Events));
        Assert.Null(server.Client.NextTimeout);
    }

    [Fact]
    [Rfc("8656", "8.1", Line = "T44")]
    public void Close_DeletesTheAllocation_AndLeavesNoTimer()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Permit(server.Now, ScriptedServer.Peer.Ip);
        server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.Pump();
        server.Events.Clear();
        server.Client.Close(server.Now);
        server.Pump();
        Assert.Equal((StunMethod.Refresh, 0u), (server.Requests[^1].Method, server.Requests[^1].Lifetime!.Value));
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
        Assert.Null(server.Client.NextTimeout);
        server.Client.Close(server.Now);
        server.Pump();
        Assert.Single(server.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8656", "8.1", Line = "T44")]
    public void Close_Unanswered_IsOverAfterOneRto(bool whileAllocating)
    {
        using var server = new ScriptedServer { Challenges = false };
        server.Answerer = whileAllocating ? server.Mute(StunMethod.Allocate) : server.Mute(StunMethod.Refresh);
        server.Client.Allocate(server.Now);
        server.Pump();
        server.Events.Clear();
        server.Client.Close(server.Now);
        server.RunTo(0.499);
        Assert.Empty(server.Events);
        server.RunTo(0.5);
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
        Assert.Null(server.Client.NextTimeout);
    }

    [Theory]
    [InlineData(437)]
    [InlineData(400)]
    [Rfc("8656", "8.3", Line = "T16")]
    public void Close_RefusedByTheServer_IsDone(int code)
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(StunMethod.Refresh, code);
        server.Client.Close(server.Now);
        server.Pump();
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
    }

    [Fact]
    [Rfc("8656", "8.1", Line = "T44")]
    public void Close_WhileAllocating_DeletesALateAllocation()
    {
        using var server = new ScriptedServer { Challenges = false };
        server.Answerer = server.Mute(StunMethod.Allocate);
        server.Client.Allocate(server.Now);
        server.Pump();
        server.Client.Close(server.Now);
        var writer = new StunWriter(new byte[512], StunClass.Success, StunMethod.Allocate, server.Requests[0].Id);
        writer.AddAddress(StunAttributeType.XorRelayedAddress, ScriptedServer.RelayedV4);
        writer.AddAddress(StunAttributeType.XorMappedAddress, ScriptedServer.Mapped);
        server.Deliver(writer.Written);
        Assert.Equal((StunMethod.Refresh, 0u), (server.Requests[^1].Method, server.Requests[^1].Lifetime!.Value));
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
    }

    [Fact]
    public void Trace_NeverHoldsPasswordNonceOrToken()
    {
        var trace = new Trace();
        using var server = new ScriptedServer(trace: trace).Allocated();
        server.Client.Permit(server.Now, ScriptedServer.Peer.Ip);
        server.Pump();
        var text = string.Join('\n', trace.Entries);
        Assert.Contains("allocated 192.0.2.15:49160", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nonce-1", text, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8489", "14.9", Line = "S12")]
    public void Challenge_AllTextsAsLongAsTheyMayBe_IsAnswered()
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { Username = new string('u', 508) })
        {
            Realm = new string('r', 763),
            Nonce = "obMatJos2AAAB" + new string('n', 750),
            Algorithms = [.. Enumerable.Repeat(new byte[] { 0, 2, 0, 0 }, 190).SelectMany(x => x)],
        };
        server.Allocated();
        server.Client.Permit(server.Now, ScriptedServer.Peer.Ip, IpAddress.Parse("198.51.100.77"));
        server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.Pump();
        Assert.Equal(3, server.Requests.Count);
        Assert.Throws<ArgumentException>(() => new StunLongTermClient(new string('u', 509), ""));
    }

    [Fact]
    public void Answer_DamagedOrOfRandomCodes_NeverThrowsAndNeverRunsWithoutEnd()
    {
        int[] codes = [300, 400, 401, 403, 420, 437, 438, 440, 441, 442, 443, 486, 500, 508, 699];
        for (var seed = 0ul; seed < 120; seed++)
        {
            var entropy = new SeededEntropy(seed);
            using var server = new ScriptedServer { Challenges = seed % 2 == 0, Lifetime = (uint)entropy.NextInt(700) };
            server.Answerer = (Seen request, ref StunWriter answer) =>
            {
                switch (entropy.NextInt(8))
                {
                    case 0:
                        return false;
                    case 1:
                        answer.AddErrorCode(codes[entropy.NextInt(codes.Length)]);
                        answer.AddString(StunAttributeType.Realm, entropy.NextToken(entropy.NextInt(20)));
                        answer.AddString(StunAttributeType.Nonce, entropy.NextToken(1 + entropy.NextInt(20)));
                        answer.AddAddress(StunAttributeType.AlternateServer, Address.Parse($"192.0.2.{entropy.NextInt(255)}:3478"));
                        return true;
                    case 2:
                        answer.AddUInt16(StunAttributeType.XorRelayedAddress, 1);
                        return true;
                    default:
                        return server.Succeed(request, ref answer);
                }
            };
            server.Client.Allocate(server.Now);
            server.Client.Permit(server.Now, ScriptedServer.Peer.Ip, IpAddress.Parse("198.51.100.10"));
            server.Client.Bind(server.Now, ScriptedServer.Peer);
            server.RunTo(2000);
            Assert.InRange(server.Requests.Count, 1, 5000);
            server.Client.Close(server.Now);
            server.RunTo(2001);
            Assert.Null(server.Client.NextTimeout);
            Assert.Single(server.Events, e => e is TurnEvent.Closed);
        }
    }

    [Fact]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void Challenge_OfANewRealmEachTime_IsGivenUp()
    {
        using var server = new ScriptedServer { Challenges = false };
        var realms = 0;
        server.Answerer = (Seen _, ref StunWriter answer) =>
        {
            answer.AddErrorCode(401);
            answer.AddString(StunAttributeType.Realm, $"realm{realms++}");
            answer.AddString(StunAttributeType.Nonce, "nonce");
            return true;
        };
        server.Client.Allocate(server.Now);
        server.RunTo(100);
        Assert.Equal(401, Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events)).Code);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    [Rfc("8489", "10", Line = "S35")]
    public void Redirect_ToTheOtherFamily_IsNotFollowed()
    {
        using var server = new ScriptedServer();
        server.Answerer = (Seen _, ref StunWriter answer) =>
        {
            answer.AddErrorCode(300);
            answer.AddAddress(StunAttributeType.AlternateServer, Address.Parse("[2001:db8::1]:3478"));
            return true;
        };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Equal(300, Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events)).Code);
    }

    [Fact]
    [Rfc("8656", "8.1", Line = "T44")]
    public void Close_WhileAllocating_SendsTheAllocateNoMore()
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { Rto = TimeSpan.FromSeconds(2) }) { Challenges = false };
        server.Answerer = server.Mute(StunMethod.Allocate);
        server.Client.Allocate(server.Now);
        server.RunTo(1.9);
        server.Client.Close(server.Now);
        server.RunTo(10);
        Assert.Single(server.Requests);
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
    }
}
