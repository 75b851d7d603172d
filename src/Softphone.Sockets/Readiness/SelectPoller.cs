using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>The wait where there is no poll(2): Socket.Select over the sockets and a wake-up socket.</summary>
internal sealed class SelectPoller : Poller
{
    private readonly LoopbackWakeup _wakeup = new();
    private readonly Dictionary<Socket, Pollable> _bySocket = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _error = [];

    public override void Wait(TimeSpan? timeout)
    {
        Ready.Clear();
        _bySocket.Clear();
        _read.Clear();
        _write.Clear();
        _error.Clear();
        _read.Add(_wakeup.Socket);
        foreach (var item in Items)
        {
            _bySocket[item.Socket] = item;
            item.Found = Readiness.None;
            if (item.WantsRead) _read.Add(item.Socket);
            if (item.WantsWrite) _write.Add(item.Socket);
            _error.Add(item.Socket);
        }

        var microseconds = timeout is { } t ? (int)Math.Min(int.MaxValue, Math.Ceiling(t.TotalMicroseconds)) : -1;
        try
        {
            Socket.Select(_read, _write, _error, microseconds);
        }
        catch (SocketException)
        {
            return;
        }

        Mark(_read, Readiness.Readable);
        Mark(_write, Readiness.Writable);
        Mark(_error, Readiness.Error);
    }

    public override void Wake() => _wakeup.Signal();

    public override void Dispose()
    {
        base.Dispose();
        _wakeup.Dispose();
    }

    private void Mark(List<Socket> sockets, Readiness found)
    {
        foreach (var socket in sockets)
        {
            if (!_bySocket.TryGetValue(socket, out var item))
            {
                _wakeup.Clear();
                continue;
            }

            if (item.Found == Readiness.None) Ready.Add(item);
            item.Found |= found;
        }
    }
}
