using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>A phone on real sockets: every event is handed to the owner on the pump thread.</summary>
internal sealed class LivePhone : IDisposable
{
    private readonly LiveHost _host;
    private readonly Action<PhoneMachine, PhoneEvent, Instant> _happened;
    private readonly IMachine _driven;

    /// <param name="options">How the phone behaves.</param>
    /// <param name="trust">Which certificates of its servers are believed.</param>
    /// <param name="codecs">Its codecs.</param>
    /// <param name="trace">Its trace.</param>
    /// <param name="happened">Called on the pump thread for each event; it may give the machine further commands.</param>
    /// <param name="crashed">Called when the pump ended by an error of ours.</param>
    /// <param name="capture">Where its packets are written; the pump thread's until this is disposed. Null writes none.</param>
    public LivePhone(
        PhoneOptions options,
        TlsTrust trust,
        ICodecFactory codecs,
        Trace trace,
        Action<PhoneMachine, PhoneEvent, Instant> happened,
        Action<Exception> crashed,
        PacketCapture? capture = null)
    {
        _host = new LiveHost(crashed);
        _happened = happened;
        var network = _host.Network(options.TlsDomain, trust);
        Machine = new PhoneMachine(options, capture is null ? network : new CapturedNetwork(network, capture), new SystemEntropy(), codecs, trace);
        _driven = capture is null ? Machine : new CapturedMachine(Machine, capture, () => _host.Now, WallClock);
    }

    /// <summary>Belongs to the pump thread once <see cref="Start"/> was called.</summary>
    public PhoneMachine Machine { get; }

    /// <summary>Starts the pump and gives the machine its first commands on the pump thread.</summary>
    public void Start(Action<PhoneMachine, Instant> first)
    {
        _ = WarmUp.Begin();
        _host.Start(_driven, Machine.TryQuery, Machine.Resolved, Machine.NetworkChanged, Drained);
        Do((machine, now) =>
        {
            machine.Start(now);
            first(machine, now);
        });
    }

    /// <summary>A command from any thread.</summary>
    public void Do(Action<PhoneMachine, Instant> command) => _host.Do(now => command(Machine, now));

    public DateTimeOffset WallClock(Instant at) => _host.WallClock(at);

    public void Dispose()
    {
        _host.Dispose();
        Machine.Dispose();
    }

    private void Drained(Instant now)
    {
        while (Machine.TryEvent(out var happened)) _happened(Machine, happened, now);
    }
}
