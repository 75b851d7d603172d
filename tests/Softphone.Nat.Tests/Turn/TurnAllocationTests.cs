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
    [Rfc("8656", "7.2", Line = "T05")]
    public void Allocate_OfAServerWithoutIpv4_AsksAgainForIpv6()
    {
        using var server = new ScriptedServer { Relayed = Address.Parse("[2001:db8::5]:50000") };
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (request.Has(StunAttributeType.RequestedAddressFamily)) return server.Succeed(request, ref answer);
            answer.AddErrorCode(StunErrorCode.AddressFamilyNotSupported);
            return true;
        };
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Equal(server.Relayed, server.Client.Relayed);
        Assert.Equal([false, false, true], server.Requests.Select(r => r.Has(StunAttributeType.RequestedAddressFamily)));
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
        Assert.Equal(code == StunErrorCode.AddressFamilyNotSupported ? 3 : 2, server.Requests.Count);
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
}
