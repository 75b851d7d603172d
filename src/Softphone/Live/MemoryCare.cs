namespace Softphone.Cli;

/// <summary>
/// Gives memory back to the system some seconds after a flood. The collector keeps what a heap has grown to for the next time, and a phone that
/// idles after the flood would never collect again. Nothing is done while much is allocated, nor twice for the same size.
/// </summary>
internal sealed class MemoryCare : IDisposable
{
    private const long Worth = 24 << 20;
    private const long Busy = 16 << 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Timer _timer;
    private long _allocated;
    private long _settledAt;

    public MemoryCare()
    {
        _settledAt = GC.GetGCMemoryInfo().TotalCommittedBytes;
        _timer = new Timer(_ => Look(), null, LookEvery, LookEvery);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isBusy = allocated - _allocated > Busy;
        _allocated = allocated;
        if (isBusy || Environment.WorkingSet - _settledAt < Worth) return;

        // Compacts and returns every free page; what is alive then is little, and so is the pause.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _settledAt = Environment.WorkingSet;
    }
}
