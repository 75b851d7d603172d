using System.Diagnostics.CodeAnalysis;
using System.Text;
using Softphone.Core;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// What is shown of a verb that asks servers without a phone: its messages on standard error, its packets in a file, and a report of what it
/// found with the messages below. Files are made before anything is asked, so that one that cannot be is told then.
/// </summary>
internal sealed class PumpWatch : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly VerbContext _context;
    private readonly WatchOptions _options;
    private readonly PacketCapture? _capture;
    private readonly ReportFile? _report;
    private readonly Lock _gate = new();
    private readonly StringBuilder _found = new();
    private readonly StringBuilder _messages = new();
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private bool _isDisposed;

    private PumpWatch(VerbContext context, WatchOptions options, PacketCapture? capture, ReportFile? report) =>
        (_context, _options, _capture, _report) = (context, options, capture, report);

    /// <summary>Makes the files that were asked for; on failure the person has been told.</summary>
    public static bool TryOpen(WatchOptions options, VerbContext context, [NotNullWhen(true)] out PumpWatch? watch)
    {
        watch = null;
        PacketCapture? capture = null;
        ReportFile? report = null;
        Fault? fault = null;
        if ((options.Report is { } page && !ReportFile.TryOpen(page, out report, out fault)) || (options.Pcap is { } pcap && !PacketCapture.TryOpen(pcap, () => context.Ending.Left(EndLimit), out capture, out fault)))
        {
            report?.Dispose();
            context.Report(fault!);
            return false;
        }

        watch = new PumpWatch(context, options, capture, report);
        return true;
    }

    /// <summary>The network that a machine is made with.</summary>
    public INetwork Over(INetwork network) => _capture is null ? network : new CapturedNetwork(network, _capture);

    /// <summary>The machine that a pump drives.</summary>
    public IMachine Over(IMachine machine, Pump pump)
    {
        var (origin, clock) = (pump.Now, DateTimeOffset.UtcNow);
        if (_capture is not null) machine = new CapturedMachine(machine, _capture, () => pump.Now, at => clock + (at - origin));
        return _options.Verbose || _report is not null ? new ToldMachine(machine, Tell) : machine;
    }

    /// <summary>What the verb finds, for the report too.</summary>
    public IEventWriter Over(IEventWriter output) => _report is null ? output : new Doubled(output, Note);

    /// <summary>What went wrong, told and noted.</summary>
    public void Report(Fault fault)
    {
        _context.Report(fault);
        Note($"{fault.What}{(fault.Remedy.Length > 0 ? $": {fault.Remedy}" : "")}");
    }

    /// <summary>Writes the report; what was asked for and is not whole is no success.</summary>
    public ExitCode Judge(string title, ExitCode code)
    {
        lock (_gate)
            _report?.Write(_context, $"# {title}\n\n{_found}\n## Messages\n\n```\n{_messages}```\n");
        Dispose();
        return code == ExitCode.Ok && (_report is { HasFailed: true } || _capture?.Failure is not null) ? ExitCode.Output : code;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _report?.Dispose();
        if (_capture is null) return;
        _capture.Dispose();
        if (_capture.Failure is { } fault) _context.Report(fault);
    }

    private void Tell(string line)
    {
        var timed = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(DateTimeOffset.UtcNow - _start).TotalSeconds,8:0.000}  {line}");
        if (_options.Verbose) _context.Error.WriteLine(timed);
        if (_report is null) return;
        lock (_gate) _messages.Append(timed).Append('\n');
    }

    private void Note(string line)
    {
        if (_report is null) return;
        lock (_gate) _found.Append(PlainText.Line(line)).Append("\n\n");
    }

    private sealed class Doubled(IEventWriter output, Action<string> note) : IEventWriter
    {
        public void Write(OutputEvent happened)
        {
            output.Write(happened);
            if (HumanText.Of(happened) is { } line) note(line);
        }
    }
}
