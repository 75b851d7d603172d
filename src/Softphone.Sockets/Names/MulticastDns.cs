using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Softphone.Sockets;

/// <summary>
/// A one-shot multicast DNS query (RFC 6762 §5.1) for names that end in ".local": asked from a port of its own, so that responders
/// answer to it alone, once with the record types of both address families.
/// </summary>
internal static class MulticastDns
{
    /// <summary>The group of RFC 6762 §3 for IPv4.</summary>
    public static readonly Address Group = Address.Parse("224.0.0.251:5353");

    private const int FlagsAt = 2;
    private const int AdditionalAt = 10;
    private const int OptionLength = 11;

    public static bool IsLocal(string name) => name.TrimEnd('.').EndsWith(".local", StringComparison.OrdinalIgnoreCase);

    /// <returns>The addresses of the first answer; none when nobody answered in time.</returns>
    public static async Task<IReadOnlyList<IpAddress>> AskAsync(string name, Address group, TimeSpan patience)
    {
        using var stop = new CancellationTokenSource(patience);
        using var socket = new Socket(SocketAddresses.FamilyOf(group.Ip), SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var ids = new Dictionary<ushort, DnsType> { [NewId()] = DnsType.A };
        ids.TryAdd(NewId(), DnsType.Aaaa);
        var found = new List<IpAddress>();
        try
        {
            foreach (var way in Ways(group))
            {
                if (way is { } local) socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local.GetAddressBytes());
                foreach (var (id, type) in ids) await SendAsync(socket, group, name, id, type, stop.Token).ConfigureAwait(false);
            }

            var buffer = new byte[9000];
            while (found.Count == 0)
            {
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None, stop.Token).ConfigureAwait(false);
                if (DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) && ids.TryGetValue(answer.Id, out var asked) && answer.Answers(answer.Id, name, asked))
                    found.AddRange(answer.Addresses);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (SocketException)
        {
        }

        return found;
    }

    /// <summary>The interfaces to ask by: a responder may be on any.</summary>
    private static IEnumerable<IPAddress?> Ways(Address group)
    {
        if (!group.Ip.IsMulticast) return [null];
        var addresses = SystemInterfaces.List().Where(i => i.Address.IsV4 && !i.Address.IsLoopback).Select(i => (IPAddress?)i.Address.ToIPAddress()).Take(8).ToList();
        return addresses.Count > 0 ? addresses : [null];
    }

    /// <summary>Multicast asks without recursion and without EDNS (RFC 6762 §18.6).</summary>
    private static async Task SendAsync(Socket socket, Address group, string name, ushort id, DnsType type, CancellationToken stop)
    {
        var query = new byte[512];
        var length = DnsMessage.WriteQuery(query, id, name, type) - OptionLength;
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(FlagsAt), 0);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(AdditionalAt), 0);
        await socket.SendToAsync(query.AsMemory(0, length), SocketFlags.None, group.ToEndPoint(), stop).ConfigureAwait(false);
    }

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(1, 1 << 16);
}
