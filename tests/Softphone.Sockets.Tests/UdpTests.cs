using System.Net.Sockets;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class UdpTests
{
    private static readonly IpAddress LoopbackV6 = IpAddress.Parse("::1");

    public static TheoryData<string> Loopbacks => Socket.OSSupportsIPv6 && HasV6() ? new("127.0.0.1", "::1") : new("127.0.0.1");

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Datagram_SentToAnEcho_ComesBackFromThere(string ip)
    {
        var local = IpAddress.Parse(ip);
        var (alice, bob) = (new EchoMachine { Echoes = false }, new EchoMachine());
        using var alicePump = new Pump();
        using var bobPump = new Pump();
        Assert.True(alicePump.TryOpen(Transport.Udp, local, 0, out var alicePath, out var aliceAddress, out _));
        Assert.True(bobPump.TryOpen(Transport.Udp, local, 0, out _, out var bobAddress, out _));
        Assert.NotEqual(0, aliceAddress.Port);
        Assert.Equal(local, aliceAddress.Ip);
        alicePump.Start(alice);
        bobPump.Start(bob);

        foreach (var size in new[] { 1, 0, 172, 1500, Limits.Datagram })
        {
            var payload = new byte[size];
            new SeededEntropy((ulong)size).Fill(payload);
            alicePump.Post(() => alice.Send(alicePath, bobAddress, payload));
            var there = bob.Received.Next();
            Assert.Equal(aliceAddress, there.Remote);
            var back = alice.Received.Next();
            Assert.Equal((alicePath, bobAddress), (back.Path, back.Remote));
            Assert.Equal(payload, back.Payload);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_BetweenManySockets_ReachTheirPath(bool many)
    {
        var machine = new EchoMachine { Echoes = false };
        using var pump = new Pump(new PumpOptions { HasManySockets = many });
        var open = new List<(PathId Path, Address Bound)>();
        for (var i = 0; i < 40; i++)
        {
            Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
            open.Add((path, bound));
        }

        pump.Start(machine);
        pump.On(() =>
        {
            for (var i = 0; i < 40; i++) machine.Send(open[i].Path, open[(i + 1) % 40].Bound, [(byte)i]);
        });
        for (var i = 0; i < 40; i++)
        {
            var (path, remote, payload) = machine.Received.Next();
            Assert.Equal((open[(payload[0] + 1) % 40].Path, open[payload[0]].Bound), (path, remote));
        }
    }

    [Fact]
    public void Close_InACallbackWhileOthersAreReady_IsSafe()
    {
        var machine = new EchoMachine { Echoes = false };
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var sender, out _, out _));
        var open = new List<PathId>();
        var bounds = new List<Address>();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
            open.Add(path);
            bounds.Add(bound);
        }

        // The first datagram closes every socket, and new ones take their descriptors.
        Address fresh = default;
        pump.Start(machine, _ =>
        {
            if (machine.Count == 0 || fresh.IsValid) return;
            foreach (var path in open) pump.Close(path);
            foreach (var path in open) pump.Close(path);
            Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var last, out fresh, out PathError _));
            machine.Send(sender, fresh, [99]);
        });
        pump.On(() =>
        {
            foreach (var bound in bounds) machine.Send(sender, bound, [1]);
        });
        var seen = new List<byte>();
        while (seen.Count == 0 || seen[^1] != 99) seen.Add(machine.Received.Next().Payload[0]);
        Assert.Equal([1, 99], seen);
    }

    [Fact]
    public void Port_TakenByAnother_IsInUse()
    {
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out _, out var bound, out _));
        Assert.False(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, bound.Port, out var path, out _, out var error));
        Assert.Equal((PathError.InUse, PathId.None), (error, path));
    }

    [Fact]
    public void Address_NotOfThisMachine_IsUnreachable()
    {
        using var pump = new Pump();
        Assert.False(pump.TryOpen(Transport.Udp, IpAddress.Parse("192.0.2.77"), 0, out _, out _, out var error));
        Assert.Equal(PathError.Unreachable, error);
    }

    [Fact]
    [Rfc("3261", "18.4")]
    public void Send_ToAClosedPort_FailsThatDestinationAndNoOther()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which destination an ICMP error is about");
        var machine = new EchoMachine { Echoes = false };
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var good, out var goodAddress, out _));
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var gone, out var closed, out _));
        pump.Close(gone);
        pump.Start(machine);
        pump.On(() =>
        {
            machine.Send(path, closed, [1]);
            machine.Send(path, goodAddress, [2]);
            machine.Send(path, closed, [3]);
            machine.Send(path, goodAddress, [4]);
        });
        var failure = machine.Failures.Next();
        Assert.Equal((path, closed, PathError.Refused), (failure.Path, failure.Remote, failure.Error));
        Assert.Equal(2, machine.Received.Next().Payload[0]);
        var last = machine.Received.Next();
        Assert.Equal((good, (byte)4), (last.Path, last.Payload[0]));
        Assert.Equal(closed, machine.Failures.Next().Remote);
    }

    [Fact]
    public void Send_OfAnotherFamily_FailsAndTheSocketLivesOn()
    {
        var machine = new EchoMachine();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
        pump.Start(machine);
        pump.On(() => machine.Send(path, new Address(LoopbackV6, 5), [1]));
        Assert.Equal(PathError.Unreachable, machine.Failures.Next().Error);
        pump.On(() => machine.Send(path, bound, [2]));
        Assert.Equal([2], machine.Received.Next().Payload);
    }

    [Fact]
    public void SteadyState_ThousandsOfPackets_AllocatesNothing()
    {
        var machine = new PingPong();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var a, out machine.A, out _));
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out machine.PathB, out machine.B, out _));
        machine.PathA = a;
        pump.Start(machine);
        Assert.True(machine.Done.Wait(Eventually.Bound), "the packets did not go round in time");
        Assert.InRange(machine.Allocated, 0, PingPong.Measured / 10);
    }

    private static bool HasV6()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>One packet that goes round between two sockets, and a timer that is moved each time, as a call moves its own.</summary>
    private sealed class PingPong : IMachine
    {
        public const int Warmup = 2000;
        public const int Measured = 5000;

        public PathId PathA;
        public PathId PathB;
        public Address A;
        public Address B;
        private bool _started;
        private Transmit? _next;
        private int _count;
        private long _before;

        public ManualResetEventSlim Done { get; } = new();

        public long Allocated { get; private set; }

        public Instant? NextTimeout { get; private set; } = Instant.Zero;

        public void Receive(in Datagram datagram)
        {
            _count++;
            if (_count == Warmup) _before = GC.GetAllocatedBytesForCurrentThread();
            if (_count == Warmup + Measured)
            {
                Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
                Done.Set();
                return;
            }

            NextTimeout = datagram.At + TimeSpan.FromMilliseconds(20);
            _next = new Transmit(datagram.Path, datagram.Remote, datagram.Payload.Length);
        }

        public void Fail(in PathFailure failure)
        {
        }

        public void Advance(Instant now)
        {
            NextTimeout = null;
            if (_started) return;
            _started = true;
            _next = new Transmit(PathA, B, 172);
        }

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = _next ?? default;
            var any = _next is not null;
            _next = null;
            return any;
        }
    }
}
