using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>The project's own TURN client against the lab's servers, through the lab's NATs.</summary>
public class ClientsOfOurOwnTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [Rfc("8656", "7", Line = "T01")]
    [Rfc("8656", "8.1", Line = "T16")]
    public void TurnClient_ThroughASymmetricNat_RelaysForTenMinutesAndLeavesNothing(double loss)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var bench = new StunBench(seed: seed);
            var host = Bench.NattedHost(bench.World, NatBehavior.Symmetric, Link.OfMilliseconds(20, loss: loss));
            var peer = Bench.On(Bench.PublicHost(bench.World, "peer", "203.0.113.50"), 7000, echoes: true);
            Assert.True(host.TryOpen(Transport.Udp, host.Interfaces[1].Address, 0, out var path, out _, out _));
            using var machine = new RelayedHost(new TurnClient(
                new TurnOptions { Server = StunBench.Server, Path = path, Relay = new PathId(-1), Username = "alice", Password = "alice-secret" },
                new SeededEntropy(seed),
                Trace.Off));
            host.Run(machine, machine.DrainEvents);
            host.Post(() => machine.Client.Allocate(bench.World.Now));
            Assert.True(bench.World.RunUntil(() => machine.Client.IsAllocated, Seconds(30)), $"seed {seed}");
            host.Post(() => machine.Client.Permit(bench.World.Now, peer.Bound.Ip));
            host.Post(() => machine.Client.Bind(bench.World.Now, peer.Bound));
            for (var second = 40; second < 640; second += 10)
            {
                var at = Seconds(second);
                bench.World.At(at, () => machine.Client.Send(at, peer.Bound, "ping"u8));
            }

            bench.World.RunUntil(Seconds(650));
            Assert.True(machine.Echoes > 60 * (loss == 0 ? 0.99 : 0.6), $"seed {seed}: {machine.Echoes} echoes");
            Assert.True(bench.Turn.Allocations == 1, $"seed {seed}");
            host.Post(() => machine.Client.Close(bench.World.Now));
            bench.World.RunUntil(Seconds(1300));
            Assert.True(bench.Turn.Allocations == 0, $"seed {seed}");
        }
    }

    private static Instant Seconds(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private sealed class RelayedHost(TurnClient client) : IMachine, IDisposable
    {
        public TurnClient Client { get; } = client;

        public int Echoes { get; private set; }

        public Instant? NextTimeout => Client.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            if (Client.TryUnwrap(datagram, out var inner)) Echoes += inner.Payload.SequenceEqual("ping"u8) ? 1 : 0;
            else Client.Receive(datagram);
        }

        public void Fail(in PathFailure failure) => Client.Fail(failure);

        public void Advance(Instant now) => Client.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Client.TryTransmit(buffer, out transmit);

        public void DrainEvents(Instant now)
        {
            while (Client.TryEvent(out _))
            {
            }
        }

        public void Dispose() => Client.Dispose();
    }
}
