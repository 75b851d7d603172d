using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Softphone.Cli;

/// <summary>
/// What waits for the UI thread. Bounded: while the terminal does not take what is drawn, keys wait in the terminal, and whoever may not
/// wait is told that there is no room. The thread of the keys lives as long as the process: what comes after the end is dropped.
/// </summary>
internal sealed class UiInbox : IDisposable
{
    private readonly BlockingCollection<UiSignal> _signals = new(1024);

    /// <summary>Waits for room.</summary>
    public void Add(UiSignal signal)
    {
        try
        {
            _signals.Add(signal);
        }
        catch (InvalidOperationException)
        {
        }
    }

    /// <summary>False when there is no room, and when nobody takes anything any more.</summary>
    public bool TryAdd(UiSignal signal)
    {
        try
        {
            return _signals.TryAdd(signal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Takes the next one, waiting no longer than the limit.</summary>
    public bool TryTake([MaybeNullWhen(false)] out UiSignal signal, TimeSpan limit) => _signals.TryTake(out signal, limit);

    public void Dispose() => _signals.CompleteAdding();
}
