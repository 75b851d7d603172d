using Softphone.Core;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// Writes down what the phone has survived: a crash report for each kind of error, and a line for the person that says where. What comes
/// again is not written again, since one that comes with every packet would fill the disk. Called from any thread, and never waits
/// for the disk.
/// </summary>
/// <param name="folders">Where reports go.</param>
/// <param name="tell">Takes a line for the person, on a thread of the pool.</param>
internal sealed class FaultLog(KeptFolders folders, Action<string> tell)
{
    private const int Most = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = [];

    public void Note(PumpFault fault) => Note(fault.Where, fault.Error);

    public void Note(string where, Exception error)
    {
        // Kinds are told apart by what was thrown at which place, however it came there.
        var kind = $"{error.GetType().FullName} {error.StackTrace?.Split('\n', 2)[0]}";
        lock (_gate)
        {
            if (_known.Count >= Most || !_known.Add(kind)) return;
        }

        _ = Task.Run(() =>
        {
            var path = CrashReport.Write(folders, error, DateTimeOffset.Now, where);
            tell($"internal error at {where} ({error.GetType().Name}); it ends what it concerns and nothing else{(path is null ? "" : $"; {path} tells where, please report it (it has no passwords in it)")}");
        });
    }
}
