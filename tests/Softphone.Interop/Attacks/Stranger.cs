using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>Somebody at an address of this machine who sends what he likes over UDP, SIP and RTP, and reads what comes.</summary>
internal sealed class Stranger : IDisposable
{
    private static int _number;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    private readonly byte[] _buffer = new byte[65_536];

    public Stranger(string address, int port = 0)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        Here = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint Here { get; }

    /// <summary>A text that no other of this run is.</summary>
    public static string Unique(string prefix) => $"{prefix}{Environment.ProcessId}x{Interlocked.Increment(ref _number)}";

    public void Send(string text, IPEndPoint to) => Send(Encoding.UTF8.GetBytes(text), to);

    public void Send(byte[] octets, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(octets, to);
        }
        catch (SocketException)
        {
            // Nobody is there at this moment.
        }
    }

    /// <summary>What came first, or null after this time.</summary>
    public (byte[] Octets, IPEndPoint From)? Take(TimeSpan limit)
    {
        if (!_socket.Poll(limit, SelectMode.SelectRead)) return null;
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            var length = _socket.ReceiveFrom(_buffer, ref from);
            return (_buffer[..length], (IPEndPoint)from);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The first SIP message that this holds for; others, and what is no SIP, are dropped.</summary>
    public WireMessage? Wait(TimeSpan limit, Func<WireMessage, bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < limit;)
            if (Take(Left(limit, clock)) is { } came && new WireMessage(Encoding.UTF8.GetString(came.Octets), came.From) is { IsSip: true } message && holds(message)) return message;
        return null;
    }

    /// <summary>Everything that comes in this time.</summary>
    public IReadOnlyList<WireMessage> All(TimeSpan length)
    {
        var all = new List<WireMessage>();
        Wait(length, m =>
        {
            all.Add(m);
            return false;
        });
        return all;
    }

    /// <summary>How many packets have come that are as long as audio is.</summary>
    public int CountAudio()
    {
        var count = 0;
        while (Take(TimeSpan.Zero) is { } came)
            if (came.Octets.Length > 100 && came.Octets[0] >> 6 == 2) count++;
        return count;
    }

    /// <summary>How many RTP packets have come, however short.</summary>
    public int CountPackets()
    {
        var count = 0;
        while (Take(TimeSpan.Zero) is { } came)
            if (came.Octets.Length > 12 && came.Octets[0] >> 6 == 2 && came.Octets[1] is < 192 or > 223) count++;
        return count;
    }

    /// <summary>Twenty milliseconds of G.711.</summary>
    public void SendAudio(int number, uint source, IPEndPoint to)
    {
        var payload = new byte[160];
        payload.AsSpan().Fill(0x55);
        SendRtp(0, number, (uint)(number * 160), source, payload, to);
    }

    /// <param name="type">The payload type, with the marker in bit 7.</param>
    /// <param name="number">The sequence number.</param>
    /// <param name="timestamp">The timestamp.</param>
    /// <param name="source">The SSRC.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="to">Where to.</param>
    public void SendRtp(byte type, int number, uint timestamp, uint source, ReadOnlySpan<byte> payload, IPEndPoint to)
    {
        var packet = new byte[12 + payload.Length];
        (packet[0], packet[1]) = (0x80, type);
        payload.CopyTo(packet.AsSpan(12));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), source);
        Send(packet, to);
    }

    /// <summary>An INVITE of his own making.</summary>
    public StrangeCall Invite(IPEndPoint to, string uri, string? contact = null, string headers = "", IPEndPoint? audio = null, string from = "<sip:mallory@evil.example>")
    {
        var call = new StrangeCall(this, to, uri, from, contact ?? $"<sip:mallory@{Here}>");
        call.Invite(headers, Description(audio ?? Here));
        return call;
    }

    public static string Description(IPEndPoint audio) =>
        $"v=0\r\no=- 1 1 IN IP4 {audio.Address}\r\ns=-\r\nc=IN IP4 {audio.Address}\r\nt=0 0\r\nm=audio {audio.Port} RTP/AVP 0\r\n";

    public void Dispose() => _socket.Dispose();

    private static TimeSpan Left(TimeSpan limit, Stopwatch clock) => TimeSpan.FromTicks(Math.Max(0, (limit - clock.Elapsed).Ticks));
}
