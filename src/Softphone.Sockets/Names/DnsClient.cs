using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Softphone.Sockets;

/// <summary>
/// Asks DNS servers over UDP, each try from a fresh port with a fresh id (RFC 5452 §9), and over TCP when the answer was cut
/// (RFC 7766). A server that does not answer, or says that it cannot, is followed by the next.
/// </summary>
internal static class DnsClient
{
    private static readonly TimeSpan[] Patience = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <returns>The answer; null when none came.</returns>
    public static async Task<DnsMessage?> AskAsync(IReadOnlyList<Address> servers, string name, DnsType type)
    {
        var tries = Math.Max(Patience.Length, servers.Count);
        for (var i = 0; i < tries && servers.Count > 0; i++)
        {
            using var patience = new CancellationTokenSource(Patience[Math.Min(i, Patience.Length - 1)]);
            var server = servers[i % servers.Count];
            try
            {
                var answer = await OverUdpAsync(server, name, type, patience.Token).ConfigureAwait(false);
                if (answer.IsTruncated)
                {
                    using var longer = new CancellationTokenSource(Patience[^1]);
                    answer = await OverTcpAsync(server, name, type, longer.Token).ConfigureAwait(false) ?? answer;
                }

                if (answer.ResponseCode is DnsMessage.NoError or DnsMessage.NameError) return answer;
            }
            catch (OperationCanceledException)
            {
            }
            catch (SocketException)
            {
            }
        }

        return null;
    }

    private static async Task<DnsMessage> OverUdpAsync(Address server, string name, DnsType type, CancellationToken stop)
    {
        var buffer = new byte[4096];
        var id = NewId();
        using var socket = new Socket(SocketAddresses.FamilyOf(server.Ip), SocketType.Dgram, ProtocolType.Udp);

        // Connected, so that only this server can answer and a closed port is known at once.
        await socket.ConnectAsync(server.ToEndPoint(), stop).ConfigureAwait(false);
        await socket.SendAsync(buffer.AsMemory(0, DnsMessage.WriteQuery(buffer, id, name, type)), stop).ConfigureAwait(false);
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, stop).ConfigureAwait(false);
            if (DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) && answer.Answers(id, name, type)) return answer;
        }
    }

    private static async Task<DnsMessage?> OverTcpAsync(Address server, string name, DnsType type, CancellationToken stop)
    {
        var buffer = new byte[2 + ushort.MaxValue];
        var id = NewId();
        var length = DnsMessage.WriteQuery(buffer.AsSpan(2), id, name, type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
        using var socket = new Socket(SocketAddresses.FamilyOf(server.Ip), SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.ToEndPoint(), stop).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(buffer.AsMemory(0, length + 2), stop).ConfigureAwait(false);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), stop).ConfigureAwait(false);
            length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), stop).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }

        return DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) && answer.Answers(id, name, type) ? answer : null;
    }

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(1 << 16);
}
