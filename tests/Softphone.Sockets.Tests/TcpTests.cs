using System.Net;
using System.Net.Sockets;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class TcpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stream_FirstTransmit_ConnectsAndEchoes(bool many)
    {
        var (alice, bob) = (new EchoMachine { Echoes = false }, new EchoMachine());
        using var alicePump = new Pump(new PumpOptions { HasManySockets = many });
        using var bobPump = new Pump(new PumpOptions { HasManySockets = many });
        var bobAddress = Listen(bobPump);
        Assert.True(alicePump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
        Assert.Equal(new Address(IpAddress.LoopbackV4, 0), bound);
        alicePump.Start(alice);
        bobPump.Start(bob);
        alicePump.Post(() =>
        {
            alice.Send(path, bobAddress, "REGISTER "u8);
            alice.Send(path, bobAddress, "sip:example.org"u8);
        });
        Assert.Equal("REGISTER sip:example.org"u8.ToArray(), Collect(alice, 24));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stream_MegabyteBothWays_ArrivesWholeAndInOrder(bool many)
    {
        var (alice, bob) = (new EchoMachine { Echoes = false }, new EchoMachine());
        var options = new PumpOptions { StreamQueueBound = 8 << 20, HasManySockets = many };
        using var alicePump = new Pump(options);
        using var bobPump = new Pump(options);
        var bobAddress = Listen(bobPump);
        Assert.True(alicePump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        alicePump.Start(alice);
        bobPump.Start(bob);
        var message = new byte[900_000];
        new SeededEntropy(3).Fill(message);
        alicePump.Post(() => alice.Send(path, bobAddress, message));
        Assert.True(message.AsSpan().SequenceEqual(Collect(alice, message.Length)));
    }

    [Fact]
    public void Connect_NobodyListens_FailsRefused()
    {
        var machine = new EchoMachine();
        using var pump = new Pump();
        var nobody = FreePort();
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(machine);
        pump.Post(() => machine.Send(path, nobody, [1]));
        var failure = machine.Failures.Next();
        Assert.Equal((path, nobody, PathError.Refused), (failure.Path, failure.Remote, failure.Error));
    }

    [Fact]
    public void Connect_NobodyAnswers_FailsTimedOut()
    {
        // A listener whose queue is full drops further SYNs, which looks like a dead host.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var remote = full.LocalEndPoint.ToAddress();
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var paths = new List<PathId>();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
            paths.Add(path);
        }

        pump.Start(machine);
        pump.Post(() => paths.ForEach(path => machine.Send(path, remote, [1])));
        var failure = machine.Failures.Next();
        Assert.Equal((remote, PathError.TimedOut), (failure.Remote, failure.Error));
    }

    [Fact]
    public void Peer_ThatCloses_FailsClosedAndNextTransmitConnectsAgain()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var machine = new EchoMachine();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(machine);
        pump.Post(() => machine.Send(path, remote, [1]));
        using (var first = Accept(listener)) Assert.Equal(1, first.GetStream().ReadByte());
        Assert.Equal(PathError.Closed, machine.Failures.Next().Error);
        pump.Post(() => machine.Send(path, remote, [2]));
        using var second = Accept(listener);
        Assert.Equal(2, second.GetStream().ReadByte());
    }

    [Fact]
    public void Connections_OfAStackThatDoesNotListen_LeaveFromThePortItTold()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var two = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        two.Start();
        var (first, second) = (one.LocalEndpoint.ToAddress(), two.LocalEndpoint.ToAddress());
        var machine = new EchoMachine();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        var from = pump.ConnectsFrom(path, first);
        Assert.Equal(from, pump.ConnectsFrom(path, second));
        Assert.NotEqual(0, from);
        pump.Start(machine);
        pump.Post(() =>
        {
            machine.Send(path, first, [1]);
            machine.Send(path, second, [2]);
        });
        using var toOne = Accept(one);
        using var toTwo = Accept(two);
        Assert.Equal((from, from), (toOne.Client.RemoteEndPoint.ToAddress().Port, toTwo.Client.RemoteEndPoint.ToAddress().Port));

        // The next one to the same server is a new one to every NAT between, and what is written before it is there names its port.
        toOne.Dispose();
        Assert.Equal(PathError.Closed, machine.Failures.Next().Error);
        ushort next = 0;
        pump.Post(() =>
        {
            next = pump.ConnectsFrom(path, first);
            machine.Send(path, first, [3]);
        });
        using var again = Accept(one);
        Assert.Equal(next, again.Client.RemoteEndPoint.ToAddress().Port);
        Assert.NotEqual(from, next);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(7.5)]
    public void Unacknowledged_Octets_EndTheConnectionInTheTimeThatIsSet(double seconds)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        UnackedLimit.Set(socket, TimeSpan.FromSeconds(seconds));
        Span<byte> value = stackalloc byte[sizeof(int)];
        Assert.Equal(sizeof(int), socket.GetRawSocketOption(6, 18, value));
        Assert.Equal((int)(1000 * seconds), BitConverter.ToInt32(value));
    }

    [Fact]
    public void Connection_WhosePortIsTakenMeanwhile_LeavesFromAnother()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var machine = new EchoMachine();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, pump.ConnectsFrom(path, remote)));
        other.Listen(1);
        pump.Start(machine);
        pump.Post(() => machine.Send(path, remote, [7]));
        using var peer = Accept(listener);
        Assert.Equal(7, peer.GetStream().ReadByte());
        Assert.NotEqual(((IPEndPoint)other.LocalEndPoint!).Port, peer.Client.RemoteEndPoint.ToAddress().Port);
    }

    [Fact]
    public void Disconnect_WithMessagesQueued_SendsThemFirst()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { FlushTimeout = Eventually.Bound });
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(machine);
        var message = new byte[700_000];
        new SeededEntropy(5).Fill(message);
        pump.Post(() => machine.Send(path, remote, message));
        pump.Post(() => pump.Disconnect(path, remote));
        using var peer = Accept(listener);
        var read = new MemoryStream();
        peer.GetStream().CopyTo(read);
        Assert.True(message.AsSpan().SequenceEqual(read.ToArray()));
        Assert.Empty(machine.Failures);
    }

    [Fact]
    public void Peer_ThatDoesNotRead_LosesTheConnectionAtTheBound()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { StreamQueueBound = 100_000 });
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(machine);
        var chunk = new byte[50_000];
        var posting = true;
        void Again()
        {
            if (!posting) return;
            machine.Send(path, remote, chunk);
            pump.Post(Again);
        }

        pump.Post(Again);
        Assert.Equal((remote, PathError.Closed), (machine.Failures.Next() is var f ? (f.Remote, f.Error) : default));
        pump.On(() => posting = false);
    }

    [Fact]
    public void Close_OfTheListeningPath_EndsItsConnectionsAndFreesThePort()
    {
        var machine = new EchoMachine();
        using var pump = new Pump();
        var address = Listen(pump, out var path);
        pump.Start(machine);
        using var peer = new TcpClient();
        peer.Connect(address.ToEndPoint());
        peer.GetStream().Write([7]);
        Assert.Equal(7, peer.GetStream().ReadByte());
        pump.On(() => pump.Close(path));
        Assert.Equal(-1, peer.GetStream().ReadByte());
    }

    [Fact]
    public void Accept_ManyThatSayNothing_StillTakesOneThatSpeaks()
    {
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { ConnectionBound = 8, ConnectionShare = 8 });
        var address = Listen(pump);
        pump.Start(machine);
        var silent = new List<TcpClient>();
        for (var i = 0; i < 20; i++)
        {
            var peer = new TcpClient();
            peer.Connect(address.ToEndPoint());
            silent.Add(peer);
        }

        using var honest = new TcpClient();
        honest.Connect(address.ToEndPoint());
        honest.GetStream().WriteByte(7);
        Assert.Equal(7, honest.GetStream().ReadByte());
        silent.ForEach(p => p.Dispose());
    }

    [Fact]
    public void Accept_OfOneThatSaysNothing_EndsAtItsDeadline()
    {
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { FirstOctetTimeout = TimeSpan.FromMilliseconds(50) });
        var address = Listen(pump);
        pump.Start(machine);
        using var peer = new TcpClient();
        peer.Connect(address.ToEndPoint());
        Assert.Equal(-1, peer.GetStream().ReadByte());
    }

    [Fact]
    [Rfc("3261", "18.2.2")]
    public void Answer_ToAClientThatLeft_OpensNoConnectionToItsPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var machine = new EchoMachine { Echoes = false };
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(machine);
        pump.On(() => machine.Send(path, remote, [1], StreamUse.Existing));
        Assert.False(listener.Pending());
        pump.On(() =>
        {
            machine.Send(path, remote, [2]);
            machine.Send(path, remote, [3], StreamUse.Existing);
            machine.Send(path, remote, [], StreamUse.End);
            machine.Send(path, remote, [4], StreamUse.Existing);
        });
        using var peer = Accept(listener);
        Assert.Equal([2, 3, -1], (int[])[peer.GetStream().ReadByte(), peer.GetStream().ReadByte(), peer.GetStream().ReadByte()]);
        Assert.False(listener.Pending());
    }

    [Fact]
    public void Accept_PastTheBoundOfThoseThatSpoke_RefusesTheRest()
    {
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { ConnectionBound = 2, ConnectionShare = 4 });
        var address = Listen(pump);
        pump.Start(machine);
        var peers = new List<TcpClient>();
        for (var i = 0; i < 3; i++)
        {
            var peer = new TcpClient();
            peer.Connect(address.ToEndPoint());
            peers.Add(peer);
            if (i == 2) continue;
            peer.GetStream().WriteByte(1);
            Assert.Equal(1, peer.GetStream().ReadByte());
        }

        Assert.Equal(-1, peers[2].GetStream().ReadByte());
        peers.ForEach(p => p.Dispose());
    }

    private static TcpClient Accept(TcpListener listener)
    {
        var accepted = listener.AcceptTcpClientAsync();
        Assert.True(accepted.Wait(Eventually.Bound), "nobody connected in time");
        accepted.Result.ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds;
        return accepted.Result;
    }

    private static Address Listen(Pump pump) => Listen(pump, out _);

    private static Address Listen(Pump pump, out PathId path)
    {
        for (var i = 0; i < 20; i++)
            if (pump.TryOpen(Transport.Tcp, IpAddress.LoopbackV4, FreePort().Port, out path, out var bound, out _)) return bound;
        throw new InvalidOperationException("no free port");
    }

    private static Address FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket.LocalEndPoint.ToAddress();
    }

    private static byte[] Collect(EchoMachine machine, int length)
    {
        var all = new List<byte>();
        while (all.Count < length) all.AddRange(machine.Received.Next().Payload);
        return [.. all];
    }
}
