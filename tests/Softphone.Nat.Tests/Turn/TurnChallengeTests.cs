using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Challenges, what signs an answer, and what is made of answers that are damaged or forged.</summary>
public sealed class TurnChallengeTests
{
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

    /// <summary>Servers that call a nonce stale by 401: a permission, a channel and the allocation itself outlive it.</summary>
    [Theory]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    [InlineData(StunMethod.Refresh)]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void Unauthenticated_WithAnotherNonce_AfterCredentialsWereGood_IsAskedOnceMore(StunMethod method)
    {
        using var server = new ScriptedServer { StaleCode = StunErrorCode.Unauthenticated }.Allocated();
        server.Nonce = "nonce-2";
        Ask(server, method);
        Assert.True(server.Client.IsAllocated);
        Assert.Equal(["nonce-1", "nonce-2"], server.Requests.Where(r => r.Method == method).Select(r => r.Nonce).Take(2));
        Assert.DoesNotContain(server.Events, e => e is TurnEvent.PermissionFailed or TurnEvent.RelayLost);
    }

    [Theory]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.Refresh)]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void Unauthenticated_AgainAndAgain_IsNotAskedForEver(StunMethod method)
    {
        using var server = new ScriptedServer().Allocated();
        var nonce = 2;
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (request.Method != method) return server.Succeed(request, ref answer);
            answer.AddErrorCode(StunErrorCode.Unauthenticated);
            answer.AddString(StunAttributeType.Realm, server.Realm);
            answer.AddString(StunAttributeType.Nonce, $"nonce-{nonce++}");
            return true;
        };
        server.Challenges = false;
        Ask(server, method);
        Assert.InRange(server.Requests.Count(r => r.Method == method), 1, 2);
    }

    /// <summary>The key of the server is made of another realm or password than it tells: what it answers cannot be believed, and that is told.</summary>
    [Theory]
    [InlineData("123456\0\0", "123456")]
    [InlineData("example.org", "Example.org")]
    [InlineData("a", "b")]
    [Rfc("8489", "9.2.5", Line = "S24")]
    public void Answers_OfAnotherKeyThanOurs_AreToldForWhatTheyAre(string told, string signed)
    {
        using var server = new ScriptedServer { Realm = told, SigningRealm = signed };
        server.Client.Allocate(server.Now);
        server.RunTo(0.4);
        Assert.Contains("the integrity of its answers is missing or wrong", server.Client.Doubt?.What, StringComparison.Ordinal);
        server.RunTo(60);
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Contains("the integrity of its answers is missing or wrong", failed.Fault.What, StringComparison.Ordinal);
        Assert.Contains("realm", failed.Fault.Remedy, StringComparison.Ordinal);
        Assert.Null(server.Client.Doubt);
    }

    private static void Ask(ScriptedServer server, StunMethod method)
    {
        if (method == StunMethod.CreatePermission) server.Client.Permit(server.Now, ScriptedServer.Peer.Ip);
        else if (method == StunMethod.ChannelBind) server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.RunTo(method == StunMethod.Refresh ? 545 : 1);
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
}
