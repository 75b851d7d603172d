using System.Net;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// Answers the name questions of a machine: addresses as the system finds them (hosts file, mDNS and all), SRV and NAPTR by a small
/// DNS client of our own, because .NET has none. The work is done on pool threads and each answer comes back on the pump thread.
/// </summary>
public sealed class SystemResolver
{
    private readonly Func<Action, bool> _post;
    private readonly IReadOnlyList<Address>? _servers;

    /// <param name="pump">On whose thread answers arrive.</param>
    /// <param name="servers">DNS servers to ask for SRV and NAPTR; null: those of the system.</param>
    public SystemResolver(Pump pump, IReadOnlyList<Address>? servers = null)
        : this(pump.Post, servers)
    {
    }

    /// <param name="post">Takes an answer to the thread that owns the machine.</param>
    /// <param name="servers">DNS servers to ask for SRV and NAPTR; null: those of the system.</param>
    public SystemResolver(Func<Action, bool> post, IReadOnlyList<Address>? servers = null)
    {
        _post = post;
        _servers = servers;
    }

    /// <summary>How long the system may take to find addresses.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Asks. Every question is answered exactly once, with <see cref="NameAnswer.Failed"/> when nothing was found in time.</summary>
    public void Resolve(NameQuery query, Action<NameAnswer> answered) =>
        _ = Task.Run(async () =>
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
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException or OperationCanceledException or IOException)
        {
            return NameAnswer.Failure(query.Id);
        }
    }

    private async Task<NameAnswer> AddressesAsync(NameQuery query)
    {
        var found = await Dns.GetHostAddressesAsync(query.Name).WaitAsync(Deadline).ConfigureAwait(false);
        return NameAnswer.Of(query.Id, [.. found.Select(IpAddress.From)]);
    }

    private async Task<NameAnswer> RecordsAsync(NameQuery query)
    {
        var type = query.Record == NameRecord.Srv ? DnsType.Srv : DnsType.Naptr;
        var answer = await DnsClient.AskAsync(_servers ?? DnsServers.OfSystem(), query.Name, type).ConfigureAwait(false);
        return answer is null || answer.ResponseCode != DnsMessage.NoError
            ? NameAnswer.Failure(query.Id)
            : new NameAnswer(query.Id, [], answer.Services, answer.Pointers, false);
    }
}
