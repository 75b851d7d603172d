using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>A registrar that lets everybody in and answers anything with 200, and then sends messages to whoever registered.</summary>
internal sealed class BenchRegistrar : IDisposable
{
    private static readonly string[] Copied = ["via:", "v:", "from:", "f:", "to:", "t:", "call-id:", "i:", "cseq:", "contact:", "m:"];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private EndPoint? _phone;

    public BenchRegistrar()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(Answer) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Sends so many MESSAGEs, four hundred a second, each a transaction of its own.</summary>
    public void SendMessages(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var body = string.Create(CultureInfo.InvariantCulture, $"This is message {i}, about as long as what people write to each other.");
            _socket.SendTo(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"MESSAGE sip:bench@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{Port};branch=z9hG4bKm{i}\r\nMax-Forwards: 70\r\nFrom: <sip:{i % 50}@127.0.0.1>;tag=m{i}\r\nTo: <sip:bench@127.0.0.1>\r\nCall-ID: message-{i}\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}")), _phone!);
            if (i % 20 == 19) Thread.Sleep(50);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Answer()
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var text = Encoding.UTF8.GetString(buffer, 0, _socket.ReceiveFrom(buffer, ref from));
                if (text.StartsWith("SIP/2.0", StringComparison.Ordinal) || text.Trim().Length == 0) continue;
                if (text.StartsWith("REGISTER", StringComparison.Ordinal)) _phone = from;
                var headers = text.Split("\r\n").Where(l => Copied.Any(c => l.StartsWith(c, StringComparison.OrdinalIgnoreCase)))
                    .Select(l => l.StartsWith("to:", StringComparison.OrdinalIgnoreCase) && !l.Contains("tag=", StringComparison.Ordinal) ? l + ";tag=r" : l);
                _socket.SendTo(Encoding.UTF8.GetBytes($"SIP/2.0 200 OK\r\n{string.Join("\r\n", headers)}\r\nExpires: 600\r\nContent-Length: 0\r\n\r\n"), from);
            }
        }
        catch (SocketException)
        {
            // Closed: nobody is to be answered any more.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
