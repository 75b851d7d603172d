using Softphone.Core;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// What phones on real sockets need around them, one or several: the pump that drives their machine, the system's resolver that answers
/// its questions, a watcher that tells it when the network is another.
/// </summary>
internal sealed class LiveHost : IDisposable
{
    private readonly Pump _pump;
    private readonly SystemResolver _resolver;
    private readonly Dictionary<PathId, (string? Domain, TlsTrust Trust)> _servers = [];
    private readonly WallClock _clock;
    private readonly MemoryCare _memory = new();
    private InterfaceWatcher? _watcher;

    /// <param name="crashed">Called on the pump thread when the pump ended by an error of ours.</param>
    /// <param name="faults">Takes the errors of ours that it survives.</param>
    /// <param name="told">Takes, on the pump thread, what the system could not give.</param>
    public LiveHost(Action<Exception> crashed, FaultLog faults, Action<Fault> told)
    {
        var tls = new TlsOptions
        {
            ServerName = (path, _) => _servers.GetValueOrDefault(path).Domain,
            Trust = path => _servers.GetValueOrDefault(path).Trust ?? TlsTrust.OfSystem,
        };
        _pump = new Pump(PumpOptions.Default with { Crashed = crashed, Faulted = faults.Note, Told = told, Tls = tls });
        _resolver = new SystemResolver(_pump);
        _clock = new WallClock(() => _pump.Now, () => DateTimeOffset.UtcNow);
    }

    /// <summary>May be read from any thread.</summary>
    public Instant Now => _pump.Now;

    /// <summary>The network for one phone.</summary>
    /// <param name="domain">Of which its SIP server's certificate must be; empty for the server's address.</param>
    /// <param name="trust">Which certificates of its servers are believed.</param>
    public INetwork Network(string domain, TlsTrust trust) => new DomainNetwork(_pump, domain, trust, _servers);

    /// <summary>Starts the pump; from now on the machine belongs to its thread.</summary>
    /// <param name="machine">What to drive.</param>
    /// <param name="queries">Its questions.</param>
    /// <param name="resolved">Takes the answers.</param>
    /// <param name="networkChanged">Interfaces or their addresses came or went.</param>
    /// <param name="drained">Called after each input; takes the events.</param>
    public void Start(IMachine machine, NameQueries queries, Action<Instant, NameAnswer> resolved, Action<Instant> networkChanged, Action<Instant>? drained = null)
    {
        _watcher = new InterfaceWatcher(_pump, _ => networkChanged(_pump.Now));
        _pump.Start(machine, now =>
        {
            while (queries(out var query)) _resolver.Resolve(query, answer => resolved(_pump.Now, answer));
            drained?.Invoke(now);
        });
    }

    /// <summary>An action on the pump thread, from any thread.</summary>
    /// <returns>False when the pump has ended: it will not run.</returns>
    public bool Do(Action<Instant> action) => _pump.Post(() => action(_pump.Now));

    public DateTimeOffset WallClock(Instant at) => _clock.Of(at);

    /// <summary>Ends the pump, waiting no longer than a limit; false when its thread hangs and the machine is still its own.</summary>
    public bool End(TimeSpan limit)
    {
        _watcher?.Dispose();
        return _pump.End(limit);
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _memory.Dispose();
        _pump.Dispose();
    }
}
