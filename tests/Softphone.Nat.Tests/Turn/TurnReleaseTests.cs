using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Keeping an allocation, going where a server sends us, and giving the relay back.</summary>
public sealed class TurnReleaseTests
{
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
