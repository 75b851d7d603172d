using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Calls of half an hour: what is kept alive, what is given back, and nothing lost on the way.</summary>
public sealed class LongCallTests
{
    [Theory]
    [InlineData("symmetric", "symmetric", true)]
    [InlineData("symmetric", "port-restricted", true)]
    [InlineData("symmetric", "symmetric", false)]
    [Rfc("8656", "8.1", Line = "T16")]
    [Rfc("8656", "10", Line = "T20")]
    [Rfc("8656", "12", Line = "T27")]
    public void Relayed_HalfAnHour_LosesNothingAndKeepsJustItsRelays(string left, string right, bool mux)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right)).Complete(mux);
        pair.Run(3.5);
        var relays = mux ? 1 : 2;
        Assert.Equal(relays, pair.Demo.Turn.Allocations);
        var made = pair.Demo.Turn.TotalAllocations;
        var dropped = pair.Demo.Turn.DroppedPackets;
        Assert.True(pair.Talk(1));
        var (fromLeft, fromRight) = (pair.Left.Received[1], pair.Right.Received[1]);
        const int seconds = 30 * 60;
        for (var i = 0; i < seconds * 5; i++)
        {
            Assert.True(pair.Left.Send(1, TransportPair.Rtp) && pair.Right.Send(1, TransportPair.Rtp));
            if (i % 25 == 0) Assert.True(pair.Left.Send(2, TransportPair.Rtcp) && pair.Right.Send(2, TransportPair.Rtcp));
            pair.Run(0.2);
        }

        pair.Run(0.5);
        Assert.Equal((seconds * 5, seconds * 5), (pair.Left.Received[1] - fromLeft, pair.Right.Received[1] - fromRight));
        Assert.Equal((seconds / 5, seconds / 5), (pair.Left.Received[2], pair.Right.Received[2]));
        Assert.Equal((relays, made, dropped), (pair.Demo.Turn.Allocations, pair.Demo.Turn.TotalAllocations, pair.Demo.Turn.DroppedPackets));
        Assert.Equal(IceState.Completed, pair.Left.Transport.State);

        // What TURN says of itself: allocation, permissions and channel were renewed often enough, and nothing had to be made anew.
        var asked = pair.Left.Trace.Entries.Concat(pair.Right.Trace.Entries).OfType<TurnTrace.Requested>().ToArray();
        Assert.InRange(asked.Count(t => t.Method == StunMethod.Refresh && !t.Detail.Contains("lifetime 0", StringComparison.Ordinal)), 3 * relays, 4 * relays);
        Assert.InRange(asked.Count(t => t.Method == StunMethod.ChannelBind), 4 * relays, 5 * relays);
        Assert.InRange(asked.Count(t => t.Method == StunMethod.CreatePermission && t.At > pair.Start + TimeSpan.FromSeconds(100)), 7 * relays, 8 * relays);
    }

    [Fact]
    [Rfc("8656", "12", Line = "T28")]
    public void Relayed_OnceSelected_AllMediaGoesByChannel()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric).Complete(mux: true);
        pair.Run(0.5);
        var tap = new ChannelTap(Relaying(pair));
        tap.Host.Run(tap, Relaying(pair).Drain);
        for (var i = 0; i < 10; i++) Assert.True(pair.Talk(1));
        Assert.Equal((10, 10), (tap.ChannelsIn, tap.ChannelsOut));
        Assert.Equal(0, tap.IndicationsWithMedia);
        Assert.Contains(Relaying(pair).Events.OfType<MediaTransportEvent.Selected>(), s => s.Rtt > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("full-cone", "symmetric")]
    [InlineData("port-restricted", "port-restricted")]
    [Rfc("8445", "8.3.1", Line = "I66")]
    public void Direct_ThreeSecondsAfterCompletion_NoAllocationIsLeftAndMediaGoesOn(string left, string right)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right)).Complete();
        pair.Run(2.5);
        Assert.Equal(4, pair.Demo.Turn.Allocations);
        pair.Run(1);
        Assert.Equal((0, 0), (pair.Demo.Turn.Allocations, pair.Demo.Turn.Reservations));
        for (var i = 0; i < 40; i++)
        {
            pair.Run(30);
            Assert.True(pair.Talk(1) && pair.Talk(2));
        }

        Assert.Equal(4, pair.Demo.Turn.TotalAllocations);
        Assert.Equal(0, pair.Demo.Turn.Allocations);
    }

    [Fact]
    [Rfc("8489", "5", Line = "S05")]
    public void Call_UnderMutatedAndRandomDatagrams_NeverThrowsGrowsOrStops()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var pair = new TransportPair(NatBehavior.Symmetric, seed % 2 == 0 ? NatBehavior.Symmetric : NatBehavior.FullCone, seed: seed).Connect(mux: seed % 3 == 0);
            var fuzz = new Fuzz(pair.Left, seed);
            pair.Left.Host.Run(fuzz, pair.Left.Drain);
            var paths = Enumerable.Range(1, 60).Select(i => new PathId(i)).Where(pair.Left.Transport.Owns).ToArray();
            Assert.True(pair.Run(10, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed), $"seed {seed}");
            for (var second = 0; second < 60; second++)
            {
                fuzz.Shoot(pair.World.Now, paths, 200);
                pair.Left.Host.Settle();
                pair.Run(1);
            }

            fuzz.IsOn = false;
            Assert.True(pair.Talk(1), $"seed {seed}");
            Assert.Equal(IceState.Completed, pair.Left.Transport.State);
            Assert.InRange(pair.Left.Transport.Snapshot()!.Pairs.Count, 1, 100);
            Assert.InRange(pair.Left.Transport.Snapshot()!.Remote.Count, 1, 120);
            Assert.InRange(pair.Left.Events.Count, 1, 200);
            pair.Left.Do((t, now) => t.Close(now));
            Assert.True(pair.Run(1.1, () => pair.Left.IsClosed));
        }
    }

    private static TransportParty Relaying(TransportPair pair) =>
        pair.Left.Events.OfType<MediaTransportEvent.PathUsable>().Last().ViaRelay ? pair.Left : pair.Right;

    private sealed class ChannelTap(TransportParty inner) : IMachine
    {
        public VirtualHost Host => inner.Host;

        public int ChannelsIn { get; private set; }

        public int ChannelsOut { get; private set; }

        public int IndicationsWithMedia { get; private set; }

        public Instant? NextTimeout => inner.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            var before = inner.Received[1];
            inner.Receive(datagram);
            if (inner.Received[1] == before) return;
            if (Demultiplexer.Classify(datagram.Payload) == PacketKind.Channel) ChannelsIn++;
            else IndicationsWithMedia++;
        }

        public void Fail(in PathFailure failure) => inner.Fail(failure);

        public void Advance(Instant now) => inner.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            if (!inner.TryTransmit(buffer, out transmit)) return false;
            var sent = buffer[..transmit.Length];
            // All but its sequence number, which is another one each time.
            if (sent.IndexOf(TransportPair.Rtp.AsSpan(4)) < 0) return true;
            if (Demultiplexer.Classify(sent) == PacketKind.Channel) ChannelsOut++;
            else IndicationsWithMedia++;
            return true;
        }
    }

    /// <summary>Beside everything that arrives, changed copies of it arrive, and octets by chance from anywhere.</summary>
    private sealed class Fuzz(TransportParty inner, ulong seed) : IMachine
    {
        private readonly SeededEntropy _chance = new(seed);
        private readonly List<(PathId Path, Address Remote, byte[] Octets)> _seen = [];

        public bool IsOn { get; set; } = true;

        public Instant? NextTimeout => inner.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            inner.Receive(datagram);
            if (!IsOn) return;
            if (_seen.Count < 200) _seen.Add((datagram.Path, datagram.Remote, datagram.Payload.ToArray()));
            for (var i = 0; i < 5; i++) Mutate(datagram.At, (datagram.Path, datagram.Remote, datagram.Payload.ToArray()));
        }

        /// <summary>Datagrams from the past, changed, and from nowhere.</summary>
        public void Shoot(Instant now, PathId[] paths, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (path, remote, octets) = _seen[_chance.NextInt(_seen.Count)];
                if (i % 4 == 0) octets = Random(_chance.NextInt(300));
                if (i % 3 == 0) path = paths[_chance.NextInt(paths.Length)];
                if (i % 5 == 0) remote = new Address(remote.Ip, (ushort)(1 + _chance.NextInt(65_535)));
                Mutate(now, (path, remote, octets));
            }
        }

        public void Fail(in PathFailure failure) => inner.Fail(failure);

        public void Advance(Instant now) => inner.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => inner.TryTransmit(buffer, out transmit);

        private void Mutate(Instant now, (PathId Path, Address Remote, byte[] Octets) from)
        {
            var octets = from.Octets.AsSpan().ToArray();
            var length = octets.Length;
            switch (_chance.NextInt(4))
            {
                case 0 when length > 0:
                    octets[_chance.NextInt(length)] ^= (byte)(1 << _chance.NextInt(8));
                    break;
                case 1 when length > 0:
                    length = _chance.NextInt(length);
                    break;
                case 2 when length > 0:
                    for (var i = 0; i < 4; i++) octets[_chance.NextInt(length)] = (byte)_chance.NextInt(256);
                    break;
                case 3:
                    octets = [.. octets, .. Random(_chance.NextInt(64))];
                    length = octets.Length;
                    break;
            }

            inner.Receive(new Datagram(now, from.Path, from.Remote, octets.AsSpan(0, length)));
        }

        private byte[] Random(int length)
        {
            var octets = new byte[length];
            _chance.Fill(octets);
            return octets;
        }
    }
}
