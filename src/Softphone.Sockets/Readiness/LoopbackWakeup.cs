using System.Net;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>A wake-up by a UDP socket that is connected to itself, for systems without eventfd.</summary>
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

    protected override void Raise() => Socket.Send(_octet, SocketFlags.None, out _);

    protected override void Lower() => Socket.Receive(_octet, SocketFlags.None, out _);

    protected override void Free() => Socket.Dispose();
}
