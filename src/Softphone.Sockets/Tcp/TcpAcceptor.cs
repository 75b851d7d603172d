using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>The listening socket of a TCP path.</summary>
internal sealed class TcpAcceptor : Pollable
{
    private readonly TcpStack _stack;

    private TcpAcceptor(TcpStack stack, Socket socket)
        : base(socket) => _stack = stack;

    public static TcpAcceptor Open(TcpStack stack, in Address local)
    {
        var socket = new Socket(SocketAddresses.FamilyOf(local.Ip), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.Ip.IsV6) socket.DualMode = false;
            socket.Blocking = false;
            socket.Bind(local.ToEndPoint());
            socket.Listen(64);
            return new TcpAcceptor(stack, socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override void OnReady(Readiness found)
    {
        try
        {
            _stack.Accepted(Socket.Accept());
        }
        catch (SocketException)
        {
            // The caller left before we looked, or there are no descriptors left: the next one may fare better.
        }
    }
}
