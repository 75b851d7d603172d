using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnMobilityTests
{
    private static readonly byte[] First = [1, 2, 3, 4];
    private static readonly byte[] Second = [5, 6, 7, 8];

    [Fact]
    [Rfc("8016", "3.1", Line = "T37")]
    public void Allocate_WithMobility_AsksByAnEmptyTicket()
    {
        using var server = Mobile();
        server.Client.Allocate(server.Now);
        server.Pump();
        Assert.All(server.Requests, r => Assert.Empty(Ticket(r)!));
        Assert.True(server.Client.CanMove);
        using var plain = new ScriptedServer().Allocated();
        Assert.False(plain.Client.CanMove);
        Assert.False(plain.Client.TryMove(plain.Now, new PathId(2)));
    }

    [Fact]
    [Rfc("8016", "3.1", Line = "T37")]
    public void Allocate_MobilityForbidden_IsAskedAgainWithout()
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { Mobility = true });
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            if (!request.Has(StunAttributeType.MobilityTicket)) return server.Succeed(request, ref answer);
            answer.AddErrorCode(StunErrorCode.MobilityForbidden);
            return true;
        };
        server.Allocated();
        Assert.False(server.Client.CanMove);
    }

    [Fact]
    [Rfc("8016", "3.2", Line = "T37")]
    public void Move_RefreshesFromTheNewSocketWithTheTicketThatWasGivenLast()
    {
        using var server = Mobile().Allocated();
        server.Client.Bind(server.Now, ScriptedServer.Peer);
        server.Pump();
        server.Requests.Clear();
        foreach (var (path, shown) in new[] { (new PathId(2), First), (new PathId(3), Second) })
        {
            Assert.True(server.Client.TryMove(server.Now, path));
            var sent = server.Take(path);
            Assert.Equal(StunMethod.Refresh, sent.Method);
            Assert.Equal(shown, Ticket(sent));
        }

        Assert.True(server.Client.IsAllocated);
        Assert.Equal(4, server.Client.Overhead(server.Now, ScriptedServer.Peer));
    }

    [Theory]
    [InlineData(StunErrorCode.AllocationMismatch)]
    [InlineData(StunErrorCode.WrongCredentials)]
    [InlineData(StunErrorCode.MobilityForbidden)]
    [Rfc("8016", "3.2", Line = "T37")]
    public void Move_Refused_TheRelayIsLost(int code)
    {
        using var server = Mobile().Allocated();
        server.Answerer = server.Fail(StunMethod.Refresh, code);
        Assert.True(server.Client.TryMove(server.Now, new PathId(2)));
        server.Take(new PathId(2));
        Assert.Equal(code, Assert.IsType<TurnEvent.RelayLost>(Assert.Single(server.Events)).Code);
    }

    private static ScriptedServer Mobile()
    {
        var server = new ScriptedServer(ScriptedServer.Default with { Mobility = true });
        server.Answerer = (Seen request, ref StunWriter answer) =>
        {
            server.Succeed(request, ref answer);
            if (request.Has(StunAttributeType.MobilityTicket)) answer.Add(StunAttributeType.MobilityTicket, request.Method == StunMethod.Allocate ? First : Second);
            return true;
        };
        return server;
    }

    private static byte[]? Ticket(Seen request) =>
        StunReader.TryParse(request.Bytes, out var reader, out _) && reader.TryGet(StunAttributeType.MobilityTicket, out var ticket) ? ticket.ToArray() : null;
}
