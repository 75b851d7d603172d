using Softphone.Core;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>The STUN and TURN servers of a profile with their names turned into addresses and their passwords fetched.</summary>
/// <param name="Stun">Over UDP.</param>
/// <param name="Turn">By every transport, each with what a person calls it.</param>
/// <param name="Faults">Servers that have no address, and passwords that could not be had.</param>
internal sealed record NatServers(IReadOnlyList<Address> Stun, IReadOnlyList<(ServerUri Uri, RelayServer Server)> Turn, IReadOnlyList<Fault> Faults)
{
    private const int MostTargets = 3;

    /// <summary>Some server is on this machine: then loopback addresses count as candidates.</summary>
    public bool UsesLoopback => Stun.Any(s => s.Ip.IsLoopback) || Turn.Any(t => t.Server.Address.Ip.IsLoopback);

    /// <summary>Asks the system's resolver; the pump runs already.</summary>
    public static async Task<NatServers> FindAsync(Profile profile, VerbContext context, Pump pump, CancellationToken stop)
    {
        var stun = new List<Address>();
        var turn = new List<(ServerUri, RelayServer)>();
        var faults = new List<Fault>();
        var resolver = new SystemResolver(pump);
        foreach (var uri in profile.Nat.Stun.Where(s => s.Transport == Transport.Udp))
            foreach (var address in await AddressesAsync(uri, Layer.Stun)) stun.Add(address);

        var fetcher = new SecretFetcher(context.Environment);
        foreach (var account in profile.Nat.Turn)
        {
            if (!fetcher.TryFetch(account.Source, out var fetched, out var fault))
            {
                faults.Add(fault);
                continue;
            }

            var (user, password) = TurnAccounts.CredentialOf(account, fetched, DateTimeOffset.UtcNow);
            foreach (var uri in account.Urls)
                foreach (var address in await AddressesAsync(uri, Layer.Turn))
                    turn.Add((uri, new RelayServer(address, user, password) { Transport = uri.Transport, Host = uri.Host }));
        }

        return new NatServers(stun, turn, faults);

        async Task<IEnumerable<Address>> AddressesAsync(ServerUri uri, Layer layer)
        {
            var found = new List<Address>();
            if (uri.IsService)
            {
                // SRV records where no port was named (RFC 8489 §8, RFC 5928 §3); without any, the name itself.
                var service = await AskAsync($"{ServiceOf(uri)}.{uri.Host}", NameRecord.Srv);
                foreach (var record in service.Services.Where(r => r.Port != 0).OrderBy(r => r.Priority).ThenByDescending(r => r.Weight).Take(MostTargets))
                    found.AddRange((await AskAsync(record.Target, NameRecord.Address)).Addresses.Select(ip => new Address(ip, record.Port)));
            }

            if (found.Count == 0) found.AddRange((await AskAsync(uri.Host, NameRecord.Address)).Addresses.Select(ip => new Address(ip, uri.Port)));
            if (found.Count == 0) faults.Add(new Fault(Layer.Dns, $"{uri.Host} has no address", $"check the name of the {(layer == Layer.Stun ? "STUN" : "TURN")} server"));

            // One of each family is enough to know.
            return found.DistinctBy(a => a.Ip.IsV4);
        }

        async Task<NameAnswer> AskAsync(string name, NameRecord record)
        {
            var done = new TaskCompletionSource<NameAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            resolver.Resolve(new NameQuery(1, name, record), answer => done.TrySetResult(answer));
            return await done.Task.WaitAsync(stop);
        }
    }

    private static string ServiceOf(ServerUri uri) => (uri.IsTurn, uri.Transport) switch
    {
        (false, _) => "_stun._udp",
        (true, Transport.Udp) => "_turn._udp",
        (true, Transport.Tcp) => "_turn._tcp",
        _ => "_turns._tcp",
    };
}
