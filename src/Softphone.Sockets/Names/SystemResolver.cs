using System.Net;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// Answers the name questions of a machine: the hosts file and a DNS client of our own, which asks all servers of resolv.conf
/// and takes late answers; the system's resolver where those find nothing; names under ".local" by multicast DNS besides. The work is done on pool threads and each answer comes back on the pump thread.
/// </summary>
public sealed class SystemResolver
{
    private readonly Func<Action, bool> _post;
    private readonly IReadOnlyList<Address>? _servers;
    private readonly DnsClient _client = new();

    /// <param name="pump">On whose thread answers arrive.</param>
    /// <param name="servers">DNS servers to ask, and nobody else; null: those of the system.</param>
    public SystemResolver(Pump pump, IReadOnlyList<Address>? servers = null)
        : this(pump.Post, servers)
    {
    }

    /// <param name="post">Takes an answer to the thread that owns the machine.</param>
    /// <param name="servers">DNS servers to ask, and nobody else; null: those of the system.</param>
    public SystemResolver(Func<Action, bool> post, IReadOnlyList<Address>? servers = null)
    {
        _post = post;
        _servers = servers;
    }

    /// <summary>How long the system may take to find addresses.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long multicast DNS may take: a call does not wait long for a name.</summary>
    public TimeSpan LocalDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where multicast questions go.</summary>
    internal Address MulticastGroup { get; init; } = MulticastDns.Group;

    /// <summary>Asks. Every question is answered exactly once, with <see cref="NameAnswer.Failed"/> when nothing was found in time.</summary>
    public void Resolve(NameQuery query, Action<NameAnswer> answered) =>
        Guarded.Begin(async () =>
        {
            var answer = await AnswerAsync(query).ConfigureAwait(false);
            _post(() => answered(answer));
        });

    private async Task<NameAnswer> AnswerAsync(NameQuery query)
    {
        if (IpAddress.TryParse(query.Name, out var numeric))
            return query.Record == NameRecord.Address ? NameAnswer.Of(query.Id, numeric) : NameAnswer.Of(query.Id);
        try
        {
            return query.Record == NameRecord.Address
                ? await AddressesAsync(query).ConfigureAwait(false)
                : await RecordsAsync(query).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it was, the question must be answered: who asked waits for it.
            return NameAnswer.Failure(query.Id);
        }
    }

    /// <summary>The hosts file, then our own client; the system's resolver last, for what else it may know (nsswitch), or where it alone knows the DNS servers.</summary>
    private async Task<NameAnswer> AddressesAsync(NameQuery query)
    {
        if (MulticastDns.IsLocal(query.Name)) return await LocalAsync(query).ConfigureAwait(false);
        var failure = NameAnswer.Failure(query.Id);
        if (_servers is not null || DnsServers.AreInFile)
        {
            var listed = HostsFile.Find(query.Name);
            if (listed.Count > 0) return NameAnswer.Of(query.Id, [.. listed]);
            if (DnsMessage.IsName(query.Name))
            {
                var answer = await AddressLookup.FindAsync(_client, _servers is null ? DnsServers.OfSystem() : DnsSettings.Of(_servers), query).ConfigureAwait(false);
                if (!answer.Failed || _servers is not null) return answer;
                failure = answer;
            }
        }

        var found = await OfSystemAsync(query.Name, Deadline).ConfigureAwait(false);
        return found.Count > 0 ? NameAnswer.Of(query.Id, [.. found]) : failure;
    }

    /// <summary>Not every system resolves such names itself, so both ways are gone at once; within a second or not at all.</summary>
    private async Task<NameAnswer> LocalAsync(NameQuery query)
    {
        var limit = LocalDeadline < Deadline ? LocalDeadline : Deadline;
        var multicast = MulticastDns.AskAsync(query.Name, MulticastGroup, limit);
        var system = OfSystemAsync(query.Name, limit);
        var first = await Task.WhenAny(multicast, system).ConfigureAwait(false);
        var found = await first.ConfigureAwait(false);
        if (found.Count == 0) found = await (first == multicast ? system : multicast).ConfigureAwait(false);
        return found.Count > 0 ? NameAnswer.Of(query.Id, [.. found]) : NameAnswer.Failure(query.Id);
    }

    private static async Task<IReadOnlyList<IpAddress>> OfSystemAsync(string name, TimeSpan limit)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(name).WaitAsync(limit).ConfigureAwait(false)).Select(IpAddress.From)];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private async Task<NameAnswer> RecordsAsync(NameQuery query)
    {
        var type = query.Record == NameRecord.Srv ? DnsType.Srv : DnsType.Naptr;
        var settings = _servers is null ? DnsServers.OfSystem() : DnsSettings.Of(_servers);
        var (answer, wasRefused) = await _client.AskAsync(settings, query.Name, type).ConfigureAwait(false);
        if (answer is null) return NameAnswer.Failure(query.Id, wasRefused ? NameFault.Refused : NameFault.Silent, settings.Servers);
        return answer.ResponseCode != DnsMessage.NoError
            ? NameAnswer.Failure(query.Id)
            : new NameAnswer(query.Id, [], answer.Services, answer.Pointers, false);
    }
}
