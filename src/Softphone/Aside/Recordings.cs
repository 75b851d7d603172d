using Softphone.Core;

namespace Softphone.Cli;

/// <summary>The recordings of a desk: those that are over may still have frames on their way to the disk. Used by the thread that drives the desk.</summary>
internal sealed class Recordings
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly List<RecordingSink> _all = [];

    /// <summary>A recording in a file whose folder is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="failed">Told, on the thread of the file, why there is no recording, or no whole one.</param>
    public RecordingSink Begin(string path, Action<Fault> failed)
    {
        var recording = new RecordingSink(path, failed);
        _all.RemoveAll(r => r.IsDone);
        _all.Add(recording);
        return recording;
    }

    /// <summary>Waits for a while until all are on the disk: a process that ends would cut them short. What is not then is told.</summary>
    public void End(Ending ending, Action<Fault> tell)
    {
        foreach (var recording in _all) recording.Dispose();
        foreach (var recording in _all)
        {
            if (ending.Saw(recording.Finish(ending.Left(EndLimit)))) continue;
            if (recording.Problem is { } problem) tell(problem);
        }
    }
}
