using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class StunTransactionsTests
{
    private static readonly PathId Path = new(1);
    private static readonly Address Server = Address.Parse("192.0.2.1:3478");
    private readonly SeededEntropy _entropy = new(7);
    private readonly TransmitQueue _queue = new();
    private readonly StunTransactions _transactions;
    private readonly byte[] _buffer = new byte[Limits.Datagram];

    public StunTransactionsTests() => _transactions = new StunTransactions(_queue, bound: 100);

    [Fact]
    [Rfc("8489", "6.2.1", Line = "S27")]
    [Rfc("8489", "6.2.1", Line = "S29")]
    public void Request_Unanswered_IsSentSevenTimesByteIdenticalAndFailsAt39500()
    {
        var message = Request(out var id);
        Assert.True(_transactions.TryStart(Instant.Zero, Path, Server, message, StunSchedule.Udp, tag: 42));
        var sentAt = new List<double>();
        var now = Instant.Zero;
        while (true)
        {
            var expired = _transactions.TryExpire(now, out var failed);
            while (_queue.TryDequeue(_buffer, out var transmit))
            {
                sentAt.Add((now - Instant.Zero).TotalSeconds);
                Assert.Equal((Path, Server), (transmit.Path, transmit.Remote));
                Assert.Equal(message, _buffer[..transmit.Length]);
            }

            if (expired)
            {
                Assert.Equal((id, 42L, 7), (failed.Id, failed.Tag, failed.Sends));
                break;
            }

            now = _transactions.NextTimeout!.Value;
        }

        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5], sentAt);
        Assert.Equal(39.5, (now - Instant.Zero).TotalSeconds);
        Assert.Null(_transactions.NextTimeout);
        Assert.Equal(0, _transactions.Count);
    }

    [Fact]
    [Rfc("8489", "6.2.2", Line = "S30")]
    public void Request_OnAStream_IsSentOnceAndFailsAt39500()
    {
        _transactions.TryStart(Instant.Zero, Path, Server, Request(out _), StunSchedule.Stream);
        Assert.Equal(Instant.Zero + TimeSpan.FromSeconds(39.5), _transactions.NextTimeout);
        Assert.True(_transactions.TryExpire(_transactions.NextTimeout!.Value, out _));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    [Rfc("8489", "6.3.3", Line = "S32")]
    public void Response_IsMatchedByIdAndTuple_AndOnlyOnce()
    {
        _transactions.TryStart(Instant.Zero, Path, Server, Request(out var id), StunSchedule.Udp);
        Assert.False(_transactions.TryFind(TransactionId.Next(_entropy), Path, Server, out _));
        Assert.False(_transactions.TryFind(id, new PathId(2), Server, out _));
        Assert.False(_transactions.TryFind(id, Path, Address.Parse("192.0.2.1:3479"), out _));
        Assert.True(_transactions.TryFind(id, Path, Server, out _));
        Assert.True(_transactions.End(id));
        Assert.False(_transactions.TryFind(id, Path, Server, out _));
        Assert.False(_transactions.End(id));
        Assert.Null(_transactions.NextTimeout);
    }

    [Fact]
    [Rfc("8489", "6.2.1", Line = "S28")]
    public void RoundTrip_AfterARetransmission_IsNotSampled()
    {
        _transactions.TryStart(Instant.Zero, Path, Server, Request(out var id), StunSchedule.Udp);
        _transactions.TryFind(id, out var once);
        Assert.Equal(TimeSpan.FromMilliseconds(80), once.RoundTrip(Instant.Zero + TimeSpan.FromMilliseconds(80)));
        Assert.False(_transactions.TryExpire(Instant.Zero + TimeSpan.FromMilliseconds(500), out _));
        _transactions.TryFind(id, out var twice);
        Assert.Null(twice.RoundTrip(Instant.Zero + TimeSpan.FromMilliseconds(580)));
    }

    [Theory]
    [InlineData(1, 580)]
    [InlineData(2, 80)]
    [InlineData(0, null)]
    [InlineData(3, null)]
    [Rfc("7982", "3", Line = "S45")]
    public void RoundTrip_WithATransmitCounter_IsThatOfTheSendingAnswered(int echoed, int? expected)
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId.Next(_entropy));
        var counter = writer.AddTransmitCounter();
        _transactions.TryStart(Instant.Zero, Path, Server, writer.Written, StunSchedule.Udp, counter: counter);
        _transactions.TryExpire(Instant.Zero + TimeSpan.FromMilliseconds(500), out _);
        var sent = new List<byte>();
        while (_queue.TryDequeue(_buffer, out var transmit))
        {
            Assert.True(StunReader.TryParse(_buffer.AsSpan(0, transmit.Length), out var request, out _));
            Assert.True(request.TryGet(StunAttributeType.TransactionTransmitCounter, out var value));
            sent.Add(value[2]);
        }

        Assert.Equal([1, 2], sent);
        Assert.True(StunReader.TryParse(_buffer.AsSpan(0, writer.Length), out var last, out _));
        var reply = StunWriter.Reply(new byte[100], last, StunClass.Success);
        reply.AddUInt32(StunAttributeType.TransactionTransmitCounter, (uint)echoed << 8 | 1);
        Assert.True(StunReader.TryParse(reply.Written, out var response, out _));
        var roundTrip = _transactions.RoundTrip(Instant.Zero + TimeSpan.FromMilliseconds(580), response);
        Assert.Equal(expected is { } ms ? TimeSpan.FromMilliseconds(ms) : null, roundTrip);
    }

    [Fact]
    [Rfc("8489", "6.2.1", Line = "S28")]
    public void Estimate_FollowsSlowPaths_AndForgetsAfterTenMinutes()
    {
        var initial = TimeSpan.FromMilliseconds(500);
        var estimate = new RoundTripEstimate(initial);
        estimate.Sample(Instant.Zero, null);
        Assert.Null(estimate.Smoothed);
        Assert.Equal(initial, estimate.Rto(Instant.Zero));
        estimate.Sample(Instant.Zero, TimeSpan.FromMilliseconds(20));
        Assert.Equal(initial, estimate.Rto(Instant.Zero));
        var slow = new RoundTripEstimate(initial);
        slow.Sample(Instant.Zero, TimeSpan.FromMilliseconds(700));
        Assert.Equal(TimeSpan.FromMilliseconds(2100), slow.Rto(Instant.Zero + TimeSpan.FromMinutes(10)));
        Assert.Equal(initial, slow.Rto(Instant.Zero + TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    [Rfc("8445", "7.3.1.4")]
    public void StopSending_KeepsTheTransactionUntilItsEnd()
    {
        _transactions.TryStart(Instant.Zero, Path, Server, Request(out var id), StunSchedule.Udp);
        _transactions.StopSending(id);
        Assert.Equal(Instant.Zero + TimeSpan.FromSeconds(39.5), _transactions.NextTimeout);
        Assert.True(_transactions.TryFind(id, out _));
        Assert.True(_transactions.TryExpire(Instant.Zero + TimeSpan.FromSeconds(39.5), out _));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Table_IsBounded_AndRefusesAnIdInUse()
    {
        var first = Request(out _);
        Assert.True(_transactions.TryStart(Instant.Zero, Path, Server, first, StunSchedule.Udp));
        Assert.False(_transactions.TryStart(Instant.Zero, Path, Server, first, StunSchedule.Udp));
        for (var i = 1; i < 100; i++) Assert.True(_transactions.TryStart(Instant.Zero, Path, Server, Request(out _), StunSchedule.Udp));
        Assert.False(_transactions.TryStart(Instant.Zero, Path, Server, Request(out _), StunSchedule.Udp));
        _transactions.Clear();
        Assert.True(_transactions.TryStart(Instant.Zero, Path, Server, first, StunSchedule.Udp));
    }

    [Fact]
    public void Slots_UsedAgainInAnyOrder_KeepTheirMessages()
    {
        var running = new List<(TransactionId Id, byte[] Message)>();
        for (var round = 0; round < 2000; round++)
        {
            if (running.Count < 50 && _entropy.NextInt(2) == 0)
            {
                var message = Request(out var id);
                Assert.True(_transactions.TryStart(Instant.Zero, Path, Server, message, StunSchedule.Udp, tag: round));
                running.Add((id, message));
            }
            else if (running.Count > 0)
            {
                var at = _entropy.NextInt(running.Count);
                Assert.True(_transactions.End(running[at].Id));
                running.RemoveAt(at);
            }
        }

        _queue.Clear();
        _transactions.TryExpire(Instant.Zero + TimeSpan.FromMilliseconds(500), out _);
        var sent = new List<string>();
        while (_queue.TryDequeue(_buffer, out var transmit)) sent.Add(Convert.ToHexString(_buffer.AsSpan(0, transmit.Length)));
        Assert.Equal(running.Select(r => Convert.ToHexString(r.Message)).Order(), sent.Order());
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var message = Request(out _);
        Run();
        var before = Allocated.Now;
        Run();
        Allocated.AssertNoneSince(before);

        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                message[8 + i % 12]++;
                var at = new Instant(i);
                _transactions.TryStart(at, Path, Server, message, StunSchedule.Udp);
                _transactions.TryExpire(at + TimeSpan.FromMilliseconds(500), out _);
                while (_queue.TryDequeue(_buffer, out _)) { }
                _transactions.End(TransactionId.FromBytes(message.AsSpan(8)));
            }
        }
    }

    private byte[] Request(out TransactionId id)
    {
        Span<byte> buffer = stackalloc byte[256];
        id = TransactionId.Next(_entropy);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        writer.AddString(StunAttributeType.Software, new string('x', _entropy.NextInt(100)));
        return writer.Written.ToArray();
    }
}
