using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Softphone.Interop;

/// <summary>
/// So many datagrams a second from so many addresses of 127/8, in turn. Octets are prepared before, and nothing is read, so that the
/// generator takes as little as it can of the processors that it shares with the phone.
/// </summary>
internal sealed class DatagramFlood : IFlood
{
    private readonly (Socket Socket, byte[] Octets, int[] Numbers)[] _sources;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public DatagramFlood(SipText text, int perSecond, int addresses)
    {
        _sources = [.. Enumerable.Range(0, addresses).Select(i => Source(text, $"127.2.{i / 200}.{1 + i % 200}"))];
        _thread = new Thread(() => Send(perSecond)) { IsBackground = true, Name = "flood" };
        _thread.Start();
    }

    public int Sent { get; private set; }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        foreach (var (socket, _, _) in _sources) socket.Dispose();
    }

    private static (Socket, byte[], int[]) Source(SipText text, string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 2048, SendBufferSize = 1 << 18 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        socket.Connect(HonestCaller.Phone);
        var (octets, numbers) = text.From(address, ((IPEndPoint)socket.LocalEndPoint!).Port);
        return (socket, octets, numbers);
    }

    private void Send(int perSecond)
    {
        var clock = Stopwatch.StartNew();
        while (!_isOver)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); Sent < due; Sent++)
            {
                var (socket, octets, numbers) = _sources[Sent % _sources.Length];
                SipText.Stamp(octets, numbers, Sent + 1);
                try
                {
                    socket.Send(octets);
                }
                catch (SocketException)
                {
                    // Nobody reads at this moment; the next one goes all the same.
                }
            }

            Thread.Sleep(2);
        }
    }
}
