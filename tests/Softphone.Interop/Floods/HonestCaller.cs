using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>
/// Somebody who calls, or asks, once from an address of his own, repeats it over UDP as RFC 3261 §17.1 says, and acknowledges and ends
/// what he got. Gives the final status and how long it took; null when none came in time.
/// </summary>
internal static class HonestCaller
{
    public static readonly IPEndPoint Phone = new(IPAddress.Loopback, 5060);

    private static readonly double[] Repeats = [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5];
    private static int _number = 50_000_000;

    public static (int Status, double Seconds)? Options(string address, TimeSpan limit) => Ask(SipText.Options, address, limit);

    public static (int Status, double Seconds)? Call(string address, TimeSpan limit) => Ask(SipText.Invite, address, limit);

    public static (int Status, double Seconds)? OptionsByStream(string address, TimeSpan limit) => AskByStream(SipText.Options, address, limit);

    public static (int Status, double Seconds)? CallByStream(string address, TimeSpan limit) => AskByStream(SipText.Invite, address, limit);

    private static (int Status, double Seconds)? Ask(SipText text, string address, TimeSpan limit)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        var octets = Make(text, socket, address, "UDP");
        var buffer = new byte[65_536];
        var clock = Stopwatch.StartNew();
        for (var sent = 0; clock.Elapsed < limit;)
        {
            if (sent < Repeats.Length && clock.Elapsed.TotalSeconds >= Repeats[sent])
            {
                socket.SendTo(octets, Phone);
                sent++;
            }

            if (!socket.Poll(10_000, SelectMode.SelectRead)) continue;
            EndPoint from = Phone;
            var length = Receive(socket, buffer, ref from);
            if (StatusOf(buffer.AsSpan(0, length)) is not { } status || status < 200) continue;
            var seconds = clock.Elapsed.TotalSeconds;
            foreach (var message in Ending(octets, buffer.AsSpan(0, length), status)) socket.SendTo(Encoding.ASCII.GetBytes(message), Phone);
            return (status, seconds);
        }

        return null;
    }

    private static int Receive(Socket socket, byte[] buffer, ref EndPoint from)
    {
        try
        {
            return socket.ReceiveFrom(buffer, ref from);
        }
        catch (SocketException)
        {
            // Nobody listens yet.
            return 0;
        }
    }

    private static (int Status, double Seconds)? AskByStream(SipText text, string address, TimeSpan limit)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)limit.TotalMilliseconds };
        var clock = Stopwatch.StartNew();
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            socket.Connect(Phone);
            var octets = Make(text, socket, address, "TCP");
            socket.Send(octets);
            var buffer = new byte[65_536];
            while (clock.Elapsed < limit)
            {
                var length = socket.Receive(buffer);
                if (length == 0) return null;
                // A 100 or 180 may stand before the final one in what came at once.
                var all = Encoding.ASCII.GetString(buffer, 0, length);
                var last = all.LastIndexOf("SIP/2.0 ", StringComparison.Ordinal);
                while (last > 0 && all[last - 1] != '\n') last = all.LastIndexOf("SIP/2.0 ", last - 1, StringComparison.Ordinal);
                var answer = last < 0 ? default : buffer.AsSpan(last, length - last);
                if (StatusOf(answer) is not { } status || status < 200) continue;
                var seconds = clock.Elapsed.TotalSeconds;
                foreach (var message in Ending(octets, answer, status)) socket.Send(Encoding.ASCII.GetBytes(message));
                return (status, seconds);
            }
        }
        catch (SocketException)
        {
            // Shut out.
        }

        return null;
    }

    private static byte[] Make(SipText text, Socket socket, string address, string transport)
    {
        var (octets, numbers) = text.From(address, ((IPEndPoint)socket.LocalEndPoint!).Port, transport);
        SipText.Stamp(octets, numbers, Interlocked.Increment(ref _number));
        return octets;
    }

    private static int? StatusOf(ReadOnlySpan<byte> message) =>
        message.Length > 12 && message.StartsWith("SIP/2.0 "u8) && int.TryParse(message.Slice(8, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>ACK, and BYE to what was accepted.</summary>
    private static IEnumerable<string> Ending(byte[] request, ReadOnlySpan<byte> answer, int status)
    {
        var asked = Encoding.ASCII.GetString(request);
        if (!asked.StartsWith("INVITE", StringComparison.Ordinal)) return [];
        var to = Line(Encoding.ASCII.GetString(answer), "To");
        List<string> messages = [Within("ACK", status < 300 ? "a" : "")];
        if (status < 300) messages.Add(Within("BYE", "b").Replace("CSeq: 1 BYE", "CSeq: 2 BYE", StringComparison.Ordinal));
        return messages;

        string Within(string method, string branch) =>
            $"{method} sip:echo@{Phone} SIP/2.0\r\nVia: {Line(asked, "Via").Replace(";rport", branch + ";rport", StringComparison.Ordinal)}\r\nMax-Forwards: 70\r\nFrom: {Line(asked, "From")}\r\n" +
            $"To: {to}\r\nCall-ID: {Line(asked, "Call-ID")}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";
    }

    private static string Line(string message, string name)
    {
        var line = message.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase) || (name == "To" && l.StartsWith("t:", StringComparison.Ordinal)));
        return line is null ? "" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
