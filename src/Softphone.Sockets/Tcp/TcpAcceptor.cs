using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// The listening socket of a TCP path. When the process has no descriptors left, a waiting caller keeps it readable: it then looks
/// away for a while, or the loop would spin.
/// </summary>
internal sealed class TcpAcceptor : Pollable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Pump _pump;
    private readonly TcpStack _stack;
    private bool _pauses;

    private TcpAcceptor(Pump pump, TcpStack stack, Socket socket)
        : base(socket)
    {
        _pump = pump;
        _stack = stack;
    }

    public override bool WantsRead => !_pauses;

    public static TcpAcceptor Open(Pump pump, TcpStack stack, in Address local)
    {
        var socket = new Socket(SocketAddresses.FamilyOf(local.Ip), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.Ip.IsV6) socket.DualMode = false;
            socket.Blocking = false;
            socket.Bind(local.ToEndPoint());
            socket.Listen(256);
            return new TcpAcceptor(pump, stack, socket);
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
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
        {
            _pauses = true;
            _pump.SetDeadline(this, Pause);
        }
        catch (SocketException)
        {
            // The caller left before we looked.
        }
    }

    public override void OnDeadline() => _pauses = false;
}
