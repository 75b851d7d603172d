using System.Net;
using System.Net.Sockets;

namespace Softphone.Interop;

/// <summary>So many connections from so many addresses, silent or with one octet a second. One that the phone closes is opened anew.</summary>
internal sealed class StreamFlood : IFlood
{
    private readonly Socket?[] _sockets;
    private readonly int _addresses;
    private readonly bool _speaks;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public StreamFlood(int connections, int addresses, bool speaks)
    {
        _sockets = new Socket?[connections];
        _addresses = addresses;
        _speaks = speaks;
        _thread = new Thread(Run) { IsBackground = true, Name = "flood" };
        _thread.Start();
    }

    public int Sent { get; private set; }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        foreach (var socket in _sockets) socket?.Dispose();
    }

    private void Run()
    {
        while (!_isOver)
        {
            for (var i = 0; i < _sockets.Length && !_isOver; i++)
            {
                if (_sockets[i] is { } open && !Speak(open))
                {
                    open.Dispose();
                    _sockets[i] = null;
                }

                _sockets[i] ??= Open(i);
            }

            Thread.Sleep(1000);
        }
    }

    /// <summary>False when the phone has ended it.</summary>
    private bool Speak(Socket socket)
    {
        if (socket.Poll(0, SelectMode.SelectRead)) return false;
        if (!_speaks) return true;
        socket.Send("O"u8, SocketFlags.None, out var error);
        return error is SocketError.Success or SocketError.WouldBlock;
    }

    private Socket Open(int i)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse($"127.3.0.{1 + i % _addresses}"), 0));
        socket.Blocking = false;
        try
        {
            socket.Connect(HonestCaller.Phone);
        }
        catch (SocketException)
        {
            // Under way.
        }

        Sent++;
        return socket;
    }
}
