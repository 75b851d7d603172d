using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>A TURN client whose server is at the other end of a TCP or TLS connection.</summary>
public sealed class TurnStreamTests
{
    private static TurnOptions Tcp => ScriptedServer.Default with { Transport = Transport.Tcp };

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Tls)]
    [Rfc("8489", "6.2.2", Line = "S30")]
    public void Request_OnAStream_IsSentOnceAndGivenUpAfterTi(Transport transport)
    {
        using var server = new ScriptedServer(Tcp with { Transport = transport });
        server.Answerer = server.Mute(StunMethod.Allocate);
        server.Client.Allocate(server.Now);
        server.RunTo(39.4);
        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(server.Events);
        server.RunTo(39.5);
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Equal(TurnAdvice.OtherServer, failed.Advice);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 8)]
    [InlineData(4, 8)]
    [InlineData(5, 12)]
    [InlineData(172, 176)]
    [Rfc("8656", "12.5", Line = "T29")]
    public void ChannelData_OnAStream_IsPaddedToFour(int payload, int sent)
    {
        using var server = new ScriptedServer(Tcp).Allocated();
        server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.Pump();
        Assert.True(server.Client.Send(server.Now, ScriptedServer.Peer, Enumerable.Repeat((byte)0xEE, payload).ToArray()));
        server.Pump();
        var message = Assert.Single(server.Datagrams);
        Assert.Equal(sent, message.Length);
        Assert.Equal(payload, message[2] << 8 | message[3]);
        Assert.All(message[(4 + payload)..], octet => Assert.Equal(0, octet));
    }

    [Theory]
    [InlineData(PathError.Refused, "it refused the connection")]
    [InlineData(PathError.TlsFailed, "no TLS with it")]
    [InlineData(PathError.TimedOut, "no connection (TimedOut)")]
    [Rfc("8489", "6.2.2", Line = "S30")]
    public void Connection_FailsBeforeTheRelay_AllocationFailsAtOnce(PathError error, string why)
    {
        using var server = new ScriptedServer(Tcp) { Answerer = null! };
        server.Answerer = server.Mute(StunMethod.Allocate);
        server.Client.Allocate(server.Now);
        server.Pump();
        server.Client.Fail(new PathFailure(server.Now, ScriptedServer.Path, ScriptedServer.Server, error));
        server.Pump();
        var failed = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events));
        Assert.Contains(why, failed.Fault.What, StringComparison.Ordinal);
        Assert.Equal((0, TurnAdvice.OtherServer, null), (failed.Code, failed.Advice, server.Client.NextTimeout));
    }

    [Theory]
    [InlineData(Transport.Tcp, true)]
    [InlineData(Transport.Tls, true)]
    [InlineData(Transport.Udp, false)]
    [Rfc("8656", "3.2", Line = "T17")]
    [Rfc("8489", "6.2.1", Line = "S31")]
    public void Connection_Ends_TheRelayIsLostButNotByIcmp(Transport transport, bool isLost)
    {
        using var server = new ScriptedServer(Tcp with { Transport = transport }).Allocated();
        server.Client.Fail(new PathFailure(server.Now, ScriptedServer.Path, ScriptedServer.Server, PathError.Closed));
        server.Pump();
        Assert.Equal(isLost, server.Events is [TurnEvent.RelayLost]);
        Assert.Equal(!isLost, server.Client.IsAllocated);
        Assert.Equal(isLost, server.Client.NextTimeout is null);
    }

    [Fact]
    public void Failure_OfAnotherPathOrConnection_IsNotOurs()
    {
        using var server = new ScriptedServer(Tcp).Allocated();
        server.Client.Fail(new PathFailure(server.Now, new PathId(9), ScriptedServer.Server, PathError.Closed));
        server.Client.Fail(new PathFailure(server.Now, ScriptedServer.Path, ScriptedServer.Peer, PathError.Closed));
        Assert.True(server.Client.IsAllocated);
    }

    [Fact]
    [Rfc("8656", "8", Line = "T44")]
    public void Close_BeforeTheRelay_WaitsForNothingOnAStream()
    {
        using var server = new ScriptedServer(Tcp);
        server.Client.Allocate(server.Now);
        server.Client.Close(server.Now);
        Assert.True(server.Client.TryEvent(out var happened));
        Assert.IsType<TurnEvent.Closed>(happened);
        Assert.Null(server.Client.NextTimeout);
    }

    [Fact]
    [Rfc("8656", "8", Line = "T44")]
    public void Close_ConnectionEndsWhileTheRefreshIsUnderWay_IsClosed()
    {
        using var server = new ScriptedServer(Tcp).Allocated();
        server.Answerer = server.Mute(StunMethod.Refresh);
        server.Client.Close(server.Now);
        server.Pump();
        Assert.Equal(0u, Assert.Single(server.Requests).Lifetime);
        server.Client.Fail(new PathFailure(server.Now, ScriptedServer.Path, ScriptedServer.Server, PathError.Closed));
        server.Pump();
        Assert.IsType<TurnEvent.Closed>(Assert.Single(server.Events));
    }
}
