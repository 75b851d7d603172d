using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>Allocations that move with their client, seen from the server (RFC 8016).</summary>
public sealed class TurnMobilityServerTests
{
    private readonly StunBench _bench = new(o => o with { AllowsMobility = true });

    [Theory]
    [InlineData(false, false, StunErrorCode.MobilityForbidden)]
    [InlineData(true, true, StunErrorCode.BadRequest)]
    [InlineData(true, false, 0)]
    [Rfc("8016", "3.1", Line = "T37")]
    public void Allocate_WithATicket_OnlyAnEmptyOneWhereItIsAllowed(bool allows, bool hasValue, int code)
    {
        var bench = new StunBench(o => o with { AllowsMobility = allows });
        var answer = new TurnHand(bench).Allocate((ref StunWriter w) => w.Add(StunAttributeType.MobilityTicket, hasValue ? [1, 2, 3, 4] : []));
        Assert.Equal(code, answer.Code);
        Assert.Equal(code == 0 ? 16 : 0, answer.Octets(StunAttributeType.MobilityTicket).Length);
        Assert.Equal(code == 0 ? 1 : 0, bench.Turn.Allocations);
    }

    [Fact]
    [Rfc("8016", "3.2", Line = "T37")]
    public void Refresh_WithTheTicketFromElsewhere_MovesTheAllocationOnceDataComesFromThere()
    {
        var (old, ticket) = Allocated();
        var peer = Bench.On(Bench.PublicHost(_bench.World, "peer", "203.0.113.50"), 7000);
        Assert.Equal(0, old.Permit("203.0.113.50:7000").Code);
        var moved = new TurnHand(_bench, "203.0.113.2");
        moved.Challenge();
        var answer = Move(moved, ticket);
        var next = answer.Octets(StunAttributeType.MobilityTicket);
        Assert.Equal((0, 16, 600u), (answer.Code, next.Length, answer.Number(StunAttributeType.Lifetime)));
        Assert.NotEqual(ticket, next);

        // A retransmission gets the same answer; the old ticket is spent.
        Assert.Equal(answer.Message, moved.Exchange(moved.LastRequest).Message);
        var third = new TurnHand(_bench, "203.0.113.3");
        third.Challenge();
        Assert.Equal(StunErrorCode.AllocationMismatch, Move(third, ticket).Code);

        peer.Send(old.Relay, "one");
        Run();
        Assert.Contains("one", old.Client.Probe.Received[^1].Text, StringComparison.Ordinal);
        moved.SendIndication(Address.Parse("203.0.113.50:7000"), "out");
        Assert.Equal("out", peer.Probe.Received[^1].Text);
        peer.Send(old.Relay, "two");
        Run();
        Assert.Contains("two", moved.Client.Probe.Received[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("two", old.Client.Probe.Received[^1].Text, StringComparison.Ordinal);
        Assert.Equal(StunErrorCode.AllocationMismatch, old.Refresh(600).Code);
        Assert.Equal((1, 0), (_bench.Turn.Allocations, moved.Refresh(0).Code));
        Assert.Equal(0, _bench.Turn.Allocations);
        Assert.Equal(StunErrorCode.AllocationMismatch, Move(third, next).Code);
    }

    [Fact]
    [Rfc("8016", "3.2", Line = "T37")]
    public void Refresh_WithTheTicketOfAnother_IsRefused()
    {
        var (_, ticket) = Allocated();
        var thief = new TurnHand(_bench, "203.0.113.2", "bob");
        thief.Challenge();
        Assert.Equal(StunErrorCode.WrongCredentials, Move(thief, ticket).Code);
        Assert.Equal(StunErrorCode.AllocationMismatch, Move(thief, [1, 2, 3]).Code);
        Assert.Equal(1, _bench.Turn.Allocations);
    }

    private static TurnHand.Answer Move(TurnHand hand, byte[] ticket) =>
        hand.Request(StunMethod.Refresh, (ref StunWriter w) => w.Add(StunAttributeType.MobilityTicket, ticket));

    private (TurnHand Hand, byte[] Ticket) Allocated()
    {
        var hand = new TurnHand(_bench);
        return (hand, hand.Allocate((ref StunWriter w) => w.AddFlag(StunAttributeType.MobilityTicket)).Octets(StunAttributeType.MobilityTicket));
    }

    private void Run() => _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(1));
}
