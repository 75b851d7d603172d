using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnPermissionTests
{
    private static readonly IpAddress PeerA = IpAddress.Parse("198.51.100.9");
    private static readonly IpAddress PeerB = IpAddress.Parse("198.51.100.10");

    [Fact]
    [Rfc("8656", "10.1", Line = "T19")]
    public void Permit_SeveralPeers_IsOneRequestKeyedByIp()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Permit(server.Now, PeerA, PeerB, PeerA);
        server.Pump();
        var request = Assert.Single(server.Requests);
        Assert.Equal(StunMethod.CreatePermission, request.Method);
        Assert.Equal([PeerA, PeerB], request.Peers.Select(p => p.Ip));
        Assert.Equal([new TurnEvent.Permitted(PeerA), new TurnEvent.Permitted(PeerB)], server.Events);
        server.Client.Permit(server.Now, PeerB);
        server.Pump();
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Permit_BeforeTheRelayIsThere_IsAskedThen()
    {
        using var server = new ScriptedServer();
        server.Client.Permit(server.Now, PeerA);
        server.Client.Bind(server.Now, new Address(PeerB, 7));
        server.Pump();
        Assert.Empty(server.Requests);
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.Equal(
            [StunMethod.Allocate, StunMethod.Allocate, StunMethod.CreatePermission, StunMethod.ChannelBind],
            server.Requests.Select(r => r.Method));
    }

    [Fact]
    [Rfc("8656", "10", Line = "T20")]
    [Rfc("8656", "9", Line = "T18")]
    public void Permissions_AreRefreshedEvery240Seconds_InOneRequest_WhateverDataFlows()
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Permit(server.Now, PeerA);
        server.RunTo(10);
        server.Client.Permit(server.Now, PeerB);
        server.RunTo(100);
        server.Client.Send(server.Now, new Address(PeerA, 1), [1]);
        server.Requests.Clear();
        server.RunTo(239.999);
        Assert.Empty(server.Requests);
        server.RunTo(240);
        Assert.Equal([PeerA, PeerB], Assert.Single(server.Requests).Peers.Select(p => p.Ip));
        server.RunTo(480);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, server.Events.Count);
    }

    [Fact]
    [Rfc("8656", "10.2", Line = "T21")]
    [Rfc("8656", "10.2", Line = "T19")]
    public void Permit_OneOfSeveralForbidden_FailsThatOneOnly()
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (request.Peers.All(p => p.Ip != PeerB)) return server.Succeed(request, ref answer);
            answer.AddErrorCode(403);
            return true;
        };
        server.Client.Permit(server.Now, PeerA, PeerB);
        server.Pump();
        Assert.Equal([new TurnEvent.Permitted(PeerA), new TurnEvent.PermissionFailed(PeerB, 403)], server.Events);
        Assert.True(server.Client.IsAllocated);
        Assert.False(server.Client.Send(server.Now, new Address(PeerB, 5), [1]));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(443)]
    [InlineData(400)]
    [InlineData(508)]
    [Rfc("8656", "10.2", Line = "T19")]
    public void Permit_Refused_IsTold(int code)
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(StunMethod.CreatePermission, code);
        server.Client.Permit(server.Now, PeerA);
        server.Pump();
        Assert.Equal(new TurnEvent.PermissionFailed(PeerA, code), Assert.Single(server.Events));
        server.Answerer = server.Succeed;
        server.Client.Permit(server.Now, PeerA);
        server.Pump();
        Assert.Equal(new TurnEvent.Permitted(PeerA), server.Events[^1]);
    }

    [Theory]
    [InlineData(StunMethod.CreatePermission, 437)]
    [InlineData(StunMethod.ChannelBind, 437)]
    [InlineData(StunMethod.CreatePermission, 441)]
    [Rfc("8656", "5", Line = "T15")]
    [Rfc("8656", "5", Line = "T13")]
    public void Request_ServerKnowsNoAllocation_LosesTheRelay(StunMethod method, int code)
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(method, code);
        server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.Client.Permit(server.Now, PeerB);
        server.Pump();
        Assert.Contains(server.Events, e => e is TurnEvent.RelayLost lost && lost.Code == code);
        Assert.Null(server.Client.NextTimeout);
    }

    [Fact]
    [Rfc("8656", "10.2")]
    public void Permit_PeerOfTheOtherFamily_FailsWithoutARequest()
    {
        using var server = new ScriptedServer().Allocated();
        var v6 = IpAddress.Parse("2001:db8::9");
        server.Client.Permit(server.Now, v6);
        server.Pump();
        Assert.Empty(server.Requests);
        Assert.Equal(new TurnEvent.PermissionFailed(v6, 443), Assert.Single(server.Events));
    }

    [Fact]
    public void Permit_Unanswered_FailsAfterTheScheduleWithCodeZero()
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Mute(StunMethod.CreatePermission);
        server.Client.Permit(server.Now, PeerA);
        server.RunTo(39.499);
        Assert.Empty(server.Events);
        server.RunTo(39.5);
        Assert.Equal(new TurnEvent.PermissionFailed(PeerA, 0), Assert.Single(server.Events));
    }

    [Fact]
    public void PermissionRefresh_Unanswered_IsTriedUntilThePermissionHasExpired()
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Permit(server.Now, PeerA);
        server.Pump();
        server.Events.Clear();
        server.Answerer = server.Mute(StunMethod.CreatePermission);
        server.RunTo(299.9);
        Assert.True(server.Client.Send(server.Now, new Address(PeerA, 1), [1]));
        server.RunTo(300);
        Assert.False(server.Client.Send(server.Now, new Address(PeerA, 1), [1]));
        server.RunTo(400);
        Assert.Equal(new TurnEvent.PermissionFailed(PeerA, 0), Assert.Single(server.Events));
    }

    [Fact]
    [Rfc("8489", "6.1", Line = "S43")]
    public void Permit_ManyPeers_KeepsEachRequestWithin548Octets()
    {
        using var server = new ScriptedServer().Allocated();
        var peers = Enumerable.Range(0, 200).Select(i => IpAddress.FromV4(0x0B000000u + (uint)i)).ToArray();
        server.Client.Permit(server.Now, peers);
        server.Pump();
        Assert.All(server.Requests, r => Assert.InRange(r.Bytes.Length, 100, 548));
        Assert.InRange(server.Requests.Count, 5, 8);
        Assert.Equal(peers, server.Requests.SelectMany(r => r.Peers).Select(p => p.Ip));
        Assert.Equal(200, server.Events.Count);
    }

    [Fact]
    public void Permit_WithoutEnd_IsBounded()
    {
        using var server = new ScriptedServer().Allocated();
        for (var i = 0u; i < 2000; i++) server.Client.Permit(server.Now, IpAddress.FromV4(0x0B000000u + i));
        server.Pump();
        Assert.Equal(512, server.Events.Count(e => e is TurnEvent.Permitted));
        Assert.Equal(2000 - 512, server.Events.Count(e => e is TurnEvent.PermissionFailed));
    }

    [Fact]
    public void Forget_EndsTheRefreshes()
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Bind(server.Now, new Address(PeerA, 1));
        server.Client.Permit(server.Now, PeerB);
        server.Pump();
        server.Requests.Clear();
        server.Client.Forget(PeerA);
        server.RunTo(1000);
        Assert.All(server.Requests, r => Assert.Equal([PeerB], r.Peers.Select(p => p.Ip)));
        Assert.Equal(4, server.Requests.Count);
    }
}
