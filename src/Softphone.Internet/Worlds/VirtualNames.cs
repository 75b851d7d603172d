using Softphone.Core;

namespace Softphone.Internet;

/// <summary>The world's DNS: a table that answers name queries. Names are compared without case.</summary>
public sealed class VirtualNames
{
    /// <summary>How long a resolver of common systems waits for an answer in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan NextServerAfter = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, List<IpAddress>> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<SrvRecord>> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<NaptrRecord>> _pointers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long an answer takes; zero answers at once.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many of the first name servers never answer: a phone asks the next one half a second after each, and takes who answers.</summary>
    public int SilentServers { get; set; }

    /// <summary>True: no name server answers, and each query fails after five seconds.</summary>
    public bool IsDead { get; set; }

    /// <summary>What the world's hosts know as their name servers, to be named where those are silent.</summary>
    public IReadOnlyList<Address> Servers { get; set; } = [Address.Parse("198.51.100.53:53")];

    /// <summary>When the answer to a query of now is there.</summary>
    public TimeSpan AnswersAfter => IsSilent ? Patience : Waits;

    public VirtualNames Add(string name, params ReadOnlySpan<IpAddress> addresses) => Add(_addresses, name, addresses);

    public VirtualNames AddSrv(string name, params ReadOnlySpan<SrvRecord> services) => Add(_services, name, services);

    public VirtualNames AddNaptr(string name, params ReadOnlySpan<NaptrRecord> pointers) => Add(_pointers, name, pointers);

    /// <summary>Forgets all records of a name.</summary>
    public void Remove(string name)
    {
        _addresses.Remove(name);
        _services.Remove(name);
        _pointers.Remove(name);
    }

    /// <summary>The answer, with the id of the question. An unknown name is a failure; a known one without such records an empty answer.</summary>
    public NameAnswer Answer(NameQuery query)
    {
        var name = query.Name.TrimEnd('.');
        if (IsSilent) return NameAnswer.Failure(query.Id, NameFault.Silent, Servers);
        if (!_addresses.ContainsKey(name) && !_services.ContainsKey(name) && !_pointers.ContainsKey(name)) return NameAnswer.Failure(query.Id);
        return new NameAnswer(
            query.Id,
            query.Record == NameRecord.Address ? Of(_addresses, name) : [],
            query.Record == NameRecord.Srv ? Of(_services, name) : [],
            query.Record == NameRecord.Naptr ? Of(_pointers, name) : [],
            false);
    }

    private TimeSpan Waits => Delay + SilentServers * NextServerAfter;

    private bool IsSilent => IsDead || Waits > Patience;

    private VirtualNames Add<T>(Dictionary<string, List<T>> table, string name, ReadOnlySpan<T> records)
    {
        if (!table.TryGetValue(name, out var list)) table[name] = list = [];
        list.AddRange(records);
        return this;
    }

    private static T[] Of<T>(Dictionary<string, List<T>> table, string name) =>
        table.TryGetValue(name, out var list) ? [.. list] : [];
}
