using Softphone.Core;

namespace Softphone.Core.Tests;

public sealed class TransmitQueueTests
{
    private static readonly Address Peer = Address.Parse("192.0.2.1:5000");

    [Fact]
    public void Queue_WrapsAndGrows_KeepsOrderAndBytes()
    {
        var queue = new TransmitQueue(capacity: 16);
        var entropy = new SeededEntropy(1);
        var expected = new Queue<byte[]>();
        var buffer = new byte[64];
        for (var i = 0; i < 2000; i++)
        {
            if (entropy.NextInt(2) == 0)
            {
                var message = new byte[entropy.NextInt(40)];
                entropy.Fill(message);
                queue.Enqueue(new PathId(1), Peer, message);
                expected.Enqueue(message);
            }
            else if (expected.TryDequeue(out var message))
            {
                Assert.True(queue.TryDequeue(buffer, out var transmit));
                Assert.Equal(message, buffer[..transmit.Length]);
            }
        }
    }

    [Fact]
    public void Queue_StreamMessageLongerThanBuffer_ComesInPieces()
    {
        var queue = new TransmitQueue();
        queue.Enqueue(new PathId(1), Peer, [1, 2, 3, 4, 5]);
        queue.Enqueue(new PathId(2), Peer, [6]);
        var buffer = new byte[3];
        Assert.True(queue.TryDequeue(buffer, out var first));
        Assert.Equal([1, 2, 3], buffer[..first.Length]);
        Assert.True(queue.TryDequeue(buffer, out var second));
        Assert.Equal([4, 5], buffer[..second.Length]);
        Assert.True(queue.TryDequeue(buffer, out var third));
        Assert.Equal((new PathId(2), 6), (third.Path, buffer[0]));
        Assert.False(queue.TryDequeue(buffer, out _));
    }

    [Fact]
    public void Queue_PastItsBound_DropsAndCounts()
    {
        var queue = new TransmitQueue(capacity: 8, bound: 10);
        queue.Enqueue(default, Peer, new byte[8]);
        queue.Enqueue(default, Peer, new byte[8]);
        Assert.Equal((1, 1L), (queue.Count, queue.Dropped));
    }
}
