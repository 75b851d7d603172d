using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>The whole way of a call's media through real NATs and a real TURN server of the lab.</summary>
public sealed class MediaTransportTests(ITestOutputHelper output)
{
    private static readonly string[] Nats = ["none", "full-cone", "restricted-cone", "port-restricted", "symmetric"];

    private static readonly string[][] Table =
    [
        ["HH", "HS", "HS", "HS", "HP"],
        ["SH", "SS", "SS", "SS", "SP"],
        ["SH", "SS", "SS", "SS", "SP"],
        ["SH", "SS", "SS", "SS", "SR"],
        ["PH", "PS", "PS", "PR", "PR"],
    ];

    public static TheoryData<string, string, bool, bool> Cells()
    {
        var data = new TheoryData<string, string, bool, bool>();
        foreach (var left in Nats)
            foreach (var right in Nats)
                foreach (var turn in new[] { true, false })
                    foreach (var mux in new[] { true, false }) data.Add(left, right, turn, mux);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    [Rfc("8445", "8.1.1", Line = "I67")]
    public void Matrix_InTheLab_TakesTheExpectedPathAndMediaFlows(string left, string right, bool turn, bool mux)
    {
        var expected = Table[Array.IndexOf(Nats, left)][Array.IndexOf(Nats, right)];
        if (!turn && expected.Contains('R', StringComparison.Ordinal)) expected = "FAIL";
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right), turn).Connect(mux);
        if (expected == "FAIL")
        {
            pair.Run(60);
            Assert.Single(pair.Left.Events.OfType<MediaTransportEvent.Failed>());
            Assert.False(pair.Left.Send(1, TransportPair.Rtp));
            return;
        }

        Assert.True(pair.Run(5, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.Equal(expected, pair.Left.Cell(1));
        if (!mux) Assert.Equal(expected, pair.Left.Cell(2));
        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(2));

        // Long after candidates were freed and permissions renewed, media still flows.
        pair.Run(400);
        Assert.True(pair.Talk(1));
        Assert.Equal(expected.Contains('R', StringComparison.Ordinal) ? (mux ? 1 : 2) : 0, pair.Demo.Turn.Allocations);
    }

    [Fact]
    [Rfc("8445", "12.1", Line = "I67")]
    public void Media_OfEachPairOfNats_FlowsLongBeforeASecond()
    {
        var times = new List<double>();
        foreach (var left in Nats)
        {
            foreach (var right in Nats)
            {
                var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right), latency: 0).Connect(mux: true);
                Assert.True(pair.Run(5, () => pair.Left.UsableAt.ContainsKey(1) && pair.Right.UsableAt.ContainsKey(1)));
                output.WriteLine($"{left} x {right}: {(pair.Left.UsableAt[1] - pair.Start).TotalMilliseconds} {(pair.Right.UsableAt[1] - pair.Start).TotalMilliseconds}");
                times.Add(Math.Max(0, (new[] { pair.Left.UsableAt[1], pair.Right.UsableAt[1] }.Max() - pair.Start).TotalMilliseconds));
            }
        }

        times.Sort();
        Assert.InRange(times[times.Count / 2], 0, 35);
        Assert.InRange(times[^1], 0, 150);
    }

    [Theory]
    [InlineData("full-cone", false, false, "HH")]
    [InlineData("symmetric", false, false, "HH")]
    [InlineData("full-cone", true, false, "SR")]
    [InlineData("port-restricted", true, false, "SR")]
    [InlineData("symmetric", true, false, "PR")]
    [InlineData("full-cone", true, true, "SS")]
    [InlineData("port-restricted", true, true, "SS")]
    [InlineData("symmetric", true, true, "PR")]
    [Rfc("4787", "6", Line = "I38")]
    public void SameNat_LanHairpinOrRelay_AsTheNetworkAllows(string nat, bool isolated, bool hairpin, string expected)
    {
        var behavior = NatBehavior.Named(nat) with { Hairpin = hairpin ? Hairpinning.External : Hairpinning.Off };
        var pair = new TransportPair(behavior, sameNat: true, isolated: isolated).Complete(mux: true);
        Assert.Equal(expected, pair.Left.Cell(1));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("5761", "4", Line = "S42")]
    public void Mux_RtcpOnComponentOne_IsHandedOutAsComponentTwo()
    {
        var pair = new TransportPair().Complete(mux: true);
        pair.Left.Send(2, TransportPair.Rtcp);
        pair.Run(0.2);
        Assert.Equal([0, 0, 1], pair.Right.Received);
    }

    [Fact]
    [Rfc("8445", "12.2", Line = "I67")]
    public void Media_OfAStranger_IsDropped()
    {
        var pair = new TransportPair(NatBehavior.None, NatBehavior.None).Complete(mux: true);
        var stranger = pair.World.AddHost("mallory", pair.World.Public, IpAddress.Parse("203.0.113.66"));
        Assert.True(stranger.TryOpen(Transport.Udp, IpAddress.Parse("203.0.113.66"), 0, out var path, out _, out _));
        var shooter = new Shooter(path, pair.Left.Local!.Candidates[0].Address);
        stranger.Run(shooter);
        pair.Run(0.5);
        Assert.True(shooter.HasSent);
        Assert.Equal([0, 0, 0], pair.Left.Received);
    }

    [Fact]
    [Rfc("8656", "8", Line = "T44")]
    public void Close_GivesAllocationsAndSocketsBack_AndLeavesNoTimer()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric).Complete();
        Assert.True(pair.Demo.Turn.Allocations > 0);
        pair.Left.Do((t, now) => t.Close(now));
        pair.Right.Do((t, now) => t.Close(now));
        Assert.True(pair.Run(0.6, () => pair.Left.IsClosed && pair.Right.IsClosed));
        Assert.Equal(0, pair.Demo.Turn.Allocations);
        Assert.Equal((0, 0), (pair.Demo.HostA.OpenSockets, pair.Demo.HostB.OpenSockets));
        Assert.Null(pair.Left.NextTimeout);
        Assert.False(pair.Left.Send(1, TransportPair.Rtp));
        Assert.False(pair.Left.Transport.TryTransmit(new byte[2000], out _));
    }

    [Fact]
    [Rfc("8445", "8.3", Line = "I79")]
    public void Close_AtAnyInstant_EndsWithinASecond()
    {
        for (var ms = 0; ms < 1500; ms += 60)
        {
            var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.RestrictedCone);
            pair.Left.Gather(true);
            pair.Run(ms / 1000.0);
            pair.Left.Do((t, now) => t.Close(now));
            Assert.True(pair.Run(1.1, () => pair.Left.IsClosed), $"after {ms} ms");
            Assert.Null(pair.Left.NextTimeout);
            Assert.Equal(0, pair.Demo.HostA.OpenSockets);
        }
    }

    [Fact]
    [Rfc("8445", "8.3.1", Line = "I66")]
    public void DirectPath_ThreeSecondsAfterCompletion_RelaysAreGivenBack()
    {
        var pair = new TransportPair().Complete();
        Assert.Equal(4, pair.Demo.Turn.Allocations);
        pair.Run(4);
        Assert.Equal(0, pair.Demo.Turn.Allocations);
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("8445", "7.2.1", Line = "I45")]
    public void RelayedCheck_GoesWithItsPermission_AndNoChannelIsBoundBeforeTheEnd()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric, tune: o => o with { Mode = IceMode.RelayOnly }).Complete(mux: true);
        pair.Run(0.5);
        foreach (var side in new[] { pair.Left, pair.Right })
        {
            var entries = side.Trace.Entries.ToList();
            var permission = entries.OfType<TurnTrace.Requested>().First(t => t.Method == StunMethod.CreatePermission);
            var check = entries.OfType<IceTrace.CheckSent>().First();

            // A round trip to the server takes 40 ms: the check does not wait for it.
            Assert.InRange((check.At - permission.At).TotalMilliseconds, 0, 20);
            var channel = entries.FindIndex(t => t is TurnTrace.Requested { Method: StunMethod.ChannelBind });
            Assert.True(channel > entries.FindIndex(t => t is IceTrace.Selected));
        }
    }

    [Fact]
    [Rfc("8656", "12", Line = "T28")]
    public void RelayedPath_WhenSelected_GoesByChannel()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric).Complete(mux: true);
        pair.Run(0.5);
        Assert.Contains(pair.Left.Trace.Entries.Concat(pair.Right.Trace.Entries), e => e.Describe().Contains("channel", StringComparison.Ordinal));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("8445", "9", Line = "I26")]
    public void Restart_ByTheOfferer_KeepsMediaAndCompletesAgain()
    {
        var pair = new TransportPair().Complete();
        pair.Run(1);
        var (offered, answered) = (pair.Left.Local!.Ufrag, pair.Right.Local!.Ufrag);
        pair.Restart(pair.Left, pair.Right);
        Assert.NotEqual(offered, pair.Left.Transport.Local!.Ufrag);
        Assert.NotEqual(answered, pair.Right.Transport.Local!.Ufrag);
        Assert.True(pair.Talk(1));
        Assert.True(pair.Run(5, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(2));
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("port-restricted", "port-restricted")]
    [InlineData("symmetric", "symmetric")]
    [Rfc("8445", "5.1.1.2", Line = "I16")]
    public void RelayOnly_OffersAndUsesRelaysOnly(string left, string right)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right), tune: o => o with { Mode = IceMode.RelayOnly }).Complete();
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(CandidateType.Relayed, c.Type));
        Assert.All(pair.Left.Local!.Candidates, c => Assert.True(c.RelatedAddress.Ip.IsUnspecified));
        Assert.Equal(DemoWorld.TurnAddress.Ip, pair.Left.Local!.DefaultRtp.Ip);
        Assert.Equal("RR", pair.Left.Cell(1));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    public void Loss_FivePercent_MediaFlowsForEverySeed()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var pair = new TransportPair(NatBehavior.PortRestricted, NatBehavior.Symmetric, loss: 0.05, seed: seed).Connect(mux: true);
            Assert.True(pair.Run(20, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed), $"seed {seed}");
        }
    }

    [Fact]
    [Rfc("8489", "5", Line = "S05")]
    public void Receive_AnyOctetsFromAnywhere_NeverThrowsAndIsNoStrangersMedia()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric).Complete(mux: true);
        var chance = new SeededEntropy(11);
        var octets = new byte[200];
        Address[] sources = [DemoWorld.TurnAddress, DemoWorld.StunAddress, pair.Right.Local!.DefaultRtp, Address.Parse("203.0.113.77:1")];
        var paths = Enumerable.Range(1, 200).Select(i => new PathId(i)).Where(pair.Left.Transport.Owns).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            chance.Fill(octets);
            if (i % 2 == 0) octets[0] = (byte)(i / 2 % 80);
            var length = chance.NextInt(octets.Length + 1);
            var source = sources[chance.NextInt(sources.Length)];
            var isMedia = pair.Left.Transport.Receive(new Datagram(pair.World.Now, paths[chance.NextInt(paths.Length)], source, octets.AsSpan(0, length)), out _);
            Assert.False(isMedia && source == sources[3]);
        }

        pair.Left.Host.Settle();
        Assert.True(pair.Talk(1));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("symmetric")]
    [Rfc("8656", "12.5", Line = "S44")]
    public void SteadyState_SendAndReceive_AllocateNothing(string nat)
    {
        var pair = new TransportPair(NatBehavior.Named(nat), NatBehavior.Named(nat)).Complete(mux: true);
        pair.Run(5);
        var (left, right) = (pair.Left.Transport, pair.Right.Transport);
        var now = pair.World.Now;
        var buffer = new byte[2000];
        Address from = default;
        PathId path = default;
        Assert.True(TryFind(pair, out from, out path, out var wire));
        var good = 0;
        long Round()
        {
            var before = Allocated.Now;
            for (var i = 0; i < 1000; i++)
            {
                good += left.Send(now, 1, TransportPair.Rtp) ? 1 : 0;
                while (left.TryTransmit(buffer, out _)) continue;
                good += right.Receive(new Datagram(now, path, from, wire), out var media) ? media.Path.Value : 0;
            }

            return Allocated.Now - before;
        }

        Round();
        Allocated.AssertNone(Round());
        Assert.Equal(4000, good);
    }

    /// <summary>One packet of media as it arrives at the right host's socket.</summary>
    private static bool TryFind(TransportPair pair, out Address from, out PathId path, out byte[] wire)
    {
        var tap = new Tap(pair.Right);
        pair.Right.Host.Run(tap);
        pair.Left.Send(1, TransportPair.Rtp);
        pair.Run(0.5);
        (from, path, wire) = (tap.From, tap.Path, tap.Wire);
        return tap.Wire.Length > 0;
    }

    private sealed class Tap(TransportParty inner) : IMachine
    {
        public Address From { get; private set; }

        public PathId Path { get; private set; }

        public byte[] Wire { get; private set; } = [];

        public Instant? NextTimeout => inner.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            var before = inner.Received[1];
            inner.Receive(datagram);
            if (inner.Received[1] == before) return;
            (From, Path, Wire) = (datagram.Remote, datagram.Path, datagram.Payload.ToArray());
        }

        public void Fail(in PathFailure failure) => inner.Fail(failure);

        public void Advance(Instant now) => inner.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => inner.TryTransmit(buffer, out transmit);
    }

    private sealed class Shooter(PathId path, Address target) : IMachine
    {
        public bool HasSent { get; private set; }

        public Instant? NextTimeout => null;

        public void Receive(in Datagram datagram)
        {
        }

        public void Fail(in PathFailure failure)
        {
        }

        public void Advance(Instant now)
        {
        }

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = default;
            if (HasSent) return false;
            HasSent = true;
            TransportPair.Rtp.CopyTo(buffer);
            transmit = new Transmit(path, target, TransportPair.Rtp.Length);
            return true;
        }
    }
}
