using System.Diagnostics.CodeAnalysis;
using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// The --report of a verb: a file that is made before anything is called, so that one that cannot be is told then, and that holds the last call
/// which ended. A disk that takes nothing costs the report, never the next call.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(2);

    private readonly string _name;
    private readonly Stream _file;
    private AsideWriter? _writing;

    internal ReportFile(string name, Stream file) => (_name, _file) = (name, file);

    /// <summary>Not everything that was to stand there does.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Creates the file, or empties it. It holds whom the phone talked to, and every message: for its owner alone.</summary>
    public static bool TryOpen(string name, [NotNullWhen(true)] out ReportFile? report, [NotNullWhen(false)] out Fault? fault)
    {
        try
        {
            (report, fault) = (new ReportFile(name, PrivateFile.Create(name)), null);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            (report, fault) = (null, new Fault(Layer.Internal, $"the report {name} cannot be written: {e.Message}", "name another file"));
            return false;
        }
    }

    /// <summary>The report of a call, in place of the one before.</summary>
    public void Write(PhoneRun run, PhoneEvent.CallEnded ended) =>
        Write(run.Context, CallReport.Text(ended.Direction, ended.Peer, HumanText.Of(run.Translate.Of(ended, [])) ?? "", ended.Summary.Explanation, run.TraceNow()));

    internal void Write(VerbContext context, string text)
    {
        // Who still waits for the disk has the stream.
        if (_writing is { IsDone: false })
        {
            Tell("the disk has not taken the last one");
            return;
        }

        _writing = new AsideWriter("report", int.MaxValue, () => new Target(_file));
        _writing.TryWrite(Encoding.UTF8.GetBytes(text));
        if (!context.Ending.Saw(_writing.Finish(context.Ending.Left(DiskLimit)))) Tell("the disk did not take it");
        else if (_writing.Failure is { } failure) Tell(failure.Message);

        void Tell(string why)
        {
            HasFailed = true;
            context.Report(new Fault(Layer.Internal, $"the report {_name} could not be written: {why}", "name another file"));
        }
    }

    public void Dispose()
    {
        if (_writing is not { IsDone: false }) Guarded.Run(_file.Dispose);
    }

    private sealed class Target(Stream file) : IAsideTarget
    {
        public void Write(ReadOnlySpan<byte> record)
        {
            if (file.CanSeek) file.SetLength(0);
            file.Write(record);
            file.Flush();
        }

        public void Rest()
        {
        }

        public void Close()
        {
        }
    }
}
