using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>Finds the addresses of a name by DNS: A and AAAA at once, through the search list.</summary>
internal static class AddressLookup
{
    public static async Task<NameAnswer> FindAsync(DnsClient client, DnsSettings settings, NameQuery query)
    {
        var failure = NameAnswer.Failure(query.Id);
        foreach (var name in settings.Candidates(query.Name).Where(DnsMessage.IsName))
        {
            var (found, fault) = await BothAsync(client, settings, name).ConfigureAwait(false);
            if (found.Count > 0) return NameAnswer.Of(query.Id, [.. Ordered(found)]);
            if (fault == NameFault.NotFound) continue;
            failure = NameAnswer.Failure(query.Id, fault, settings.Servers);
            // Silent servers are so for the next name too; one that could not tell of this may tell of that.
            if (fault == NameFault.Silent) break;
        }

        return failure;
    }

    private static async Task<(List<IpAddress> Found, NameFault Fault)> BothAsync(DnsClient client, DnsSettings settings, string name)
    {
        var v6 = client.AskAsync(settings, name, DnsType.Aaaa);
        var v4 = client.AskAsync(settings, name, DnsType.A);
        var first = await Task.WhenAny(v6, v4).ConfigureAwait(false);
        var other = first == v6 ? v4 : v6;

        // Some servers drop AAAA questions: one family found does not wait long for the other (RFC 8305 §3 waits 50 ms; a lost datagram needs a second try).
        if ((await first.ConfigureAwait(false)).Answer is { Addresses.Count: > 0 })
            await Task.WhenAny(other, Task.Delay(DnsRace.Step + DnsRace.Step)).ConfigureAwait(false);
        else
            await other.ConfigureAwait(false);
        var found = new List<IpAddress>();
        foreach (var asked in new[] { v6, v4 })
        {
            if (asked.IsCompletedSuccessfully && (await asked.ConfigureAwait(false)).Answer is { } answer) found.AddRange(answer.Addresses);
        }

        if (found.Count > 0) return (found, NameFault.NotFound);
        var (six, four) = (await v6.ConfigureAwait(false), await v4.ConfigureAwait(false));
        if (six.Answer?.ResponseCode == DnsMessage.NameError || four.Answer?.ResponseCode == DnsMessage.NameError) return (found, NameFault.NotFound);
        if (six.Answer is not null && four.Answer is not null) return (found, NameFault.NotFound);
        return (found, six.WasRefused || four.WasRefused ? NameFault.Refused : NameFault.Silent);
    }

    /// <summary>As RFC 6724 §6 would: what we have no route to last, and IPv6 before IPv4 unless our own IPv6 address is of narrower use than the other's.</summary>
    private static IEnumerable<IpAddress> Ordered(IEnumerable<IpAddress> found) => found.Distinct().OrderBy(Rank);

    private static int Rank(IpAddress ip)
    {
        const int natural = 0, narrow = 2, unreachable = 3;
        try
        {
            using var socket = new Socket(SocketAddresses.FamilyOf(ip), SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new Address(ip, 9).ToEndPoint());
            if (!ip.IsV6) return natural + 1;
            return socket.LocalEndPoint is System.Net.IPEndPoint { Address: { IsIPv6UniqueLocal: true } } && !ip.ToIPAddress().IsIPv6UniqueLocal ? narrow : natural;
        }
        catch (SocketException)
        {
            return unreachable;
        }
    }
}
