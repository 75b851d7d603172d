using System.Net;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// A wake-up by a UDP socket that is connected to itself, for systems without eventfd. A system short of memory may drop a datagram even
/// here; the next signal sends another.
/// </summary>
internal sealed class LoopbackWakeup : Wakeup
{
    private readonly byte[] _octet = new byte[1];

    public LoopbackWakeup()
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket.Connect(Socket.LocalEndPoint!);
        Socket.Blocking = false;
    }

    public Socket Socket { get; }

    public override int Descriptor => (int)Socket.Handle;

    protected override bool IsSure => false;

    // A full buffer refuses it, and is readable all the same.
    protected override void Raise() => Socket.Send(_octet, SocketFlags.None, out _);

    protected override void Lower()
    {
        SocketError error;
        do Socket.Receive(_octet, SocketFlags.None, out error);
        while (error == SocketError.Success);
    }

    protected override void Free() => Socket.Dispose();
}
