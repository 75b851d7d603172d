using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>A phone on real sockets: every event is handed to the owner on the pump thread.</summary>
internal sealed class LivePhone : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly LiveHost _host;
    private readonly Action<PhoneMachine, PhoneEvent, Instant> _happened;
    private readonly Action<Exception> _crashed;
    private readonly FaultLog _faults;
    private readonly IMachine _driven;

    /// <param name="options">How the phone behaves.</param>
    /// <param name="trust">Which certificates of its servers are believed.</param>
    /// <param name="codecs">Its codecs.</param>
    /// <param name="trace">Its trace.</param>
    /// <param name="happened">Called on the pump thread for each event; it may give the machine further commands.</param>
    /// <param name="crashed">Called when the pump ended by an error of ours.</param>
    /// <param name="faults">Takes the errors of ours that it survives.</param>
    /// <param name="told">Takes, on the pump thread, what the system could not give.</param>
    /// <param name="capture">Where its packets are written; the pump thread's until this is disposed. Null writes none.</param>
    public LivePhone(
        PhoneOptions options,
        TlsTrust trust,
        ICodecFactory codecs,
        Trace trace,
        Action<PhoneMachine, PhoneEvent, Instant> happened,
        Action<Exception> crashed,
        FaultLog faults,
        Action<Fault> told,
        PacketCapture? capture = null)
    {
        _host = new LiveHost(crashed, faults, told);
        (_crashed, _faults) = (crashed, faults);
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
        WarmUp.Begin();
        _host.Start(_driven, Machine.TryQuery, Machine.Resolved, Machine.NetworkChanged, Drained);
        Do((machine, now) =>
        {
            try
            {
                machine.Start(now);
                first(machine, now);
            }
            catch (Exception e)
            {
                // Without its first command there is no phone whose other calls could go on.
                _crashed(e);
            }
        });
    }

    /// <summary>A command from any thread; false once the pump has ended.</summary>
    public bool Do(Action<PhoneMachine, Instant> command) => _host.Do(now => command(Machine, now));

    public DateTimeOffset WallClock(Instant at) => _host.WallClock(at);

    /// <summary>Ends the pump and frees the machine; false when the thread of the pump hangs, and the machine is left to it.</summary>
    public bool End(TimeSpan limit)
    {
        if (!_host.End(limit)) return false;
        Machine.Dispose();
        return true;
    }

    public void Dispose() => End(EndLimit);

    private void Drained(Instant now)
    {
        while (Machine.TryEvent(out var happened))
        {
            if (happened is PhoneEvent.Broke broke) _faults.Note(broke.Where, broke.Error);
            _happened(Machine, happened, now);
        }
    }
}
