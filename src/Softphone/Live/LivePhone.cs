using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// A phone on real sockets: the pump drives the machine, the system's resolver answers its questions, a watcher tells it when the network
/// is another, and every event is handed to the owner on the pump thread. Instants become wall-clock time through one offset taken at the start.
/// </summary>
internal sealed class LivePhone : IDisposable
{
    private readonly Pump _pump;
    private readonly SystemResolver _resolver;
    private readonly InterfaceWatcher _watcher;
    private readonly Action<PhoneMachine, PhoneEvent, Instant> _happened;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly Instant _origin;
    private readonly IMachine _driven;

    /// <param name="options">How the phone behaves.</param>
    /// <param name="codecs">Its codecs.</param>
    /// <param name="trace">Its trace.</param>
    /// <param name="happened">Called on the pump thread for each event; it may give the machine further commands.</param>
    /// <param name="crashed">Called when the pump ended by an error of ours.</param>
    /// <param name="capture">Where its packets are written; the pump thread's until this is disposed. Null writes none.</param>
    public LivePhone(
        PhoneOptions options,
        ICodecFactory codecs,
        Trace trace,
        Action<PhoneMachine, PhoneEvent, Instant> happened,
        Action<Exception> crashed,
        PacketCapture? capture = null)
    {
        var domain = options.TlsDomain.Length > 0 ? options.TlsDomain : null;
        _pump = new Pump(PumpOptions.Default with { Crashed = crashed, Tls = new TlsOptions { ServerName = _ => domain } });
        _resolver = new SystemResolver(_pump);
        _happened = happened;
        _origin = _pump.Now;
        Machine = new PhoneMachine(options, capture is null ? _pump : new CapturedNetwork(_pump, capture), new SystemEntropy(), codecs, trace);
        _watcher = new InterfaceWatcher(_pump, _ => Machine.NetworkChanged(_pump.Now));
        _driven = capture is null ? Machine : new CapturedMachine(Machine, capture, () => _pump.Now, WallClock);
    }

    /// <summary>Belongs to the pump thread once <see cref="Start"/> was called.</summary>
    public PhoneMachine Machine { get; }

    /// <summary>Starts the pump and gives the machine its first commands on the pump thread.</summary>
    public void Start(Action<PhoneMachine, Instant> first)
    {
        _ = WarmUp.Begin();
        _pump.Start(_driven, Drained);
        Do((machine, now) =>
        {
            machine.Start(now);
            first(machine, now);
        });
    }

    /// <summary>A command from any thread.</summary>
    public void Do(Action<PhoneMachine, Instant> command) => _pump.Post(() => command(Machine, _pump.Now));

    public DateTimeOffset WallClock(Instant at) => _startedAt + (at - _origin);

    public void Dispose()
    {
        _watcher.Dispose();
        _pump.Dispose();
        Machine.Dispose();
    }

    private void Drained(Instant now)
    {
        while (Machine.TryQuery(out var query)) _resolver.Resolve(query, answer => Machine.Resolved(_pump.Now, answer));
        while (Machine.TryEvent(out var happened)) _happened(Machine, happened, now);
    }
}
