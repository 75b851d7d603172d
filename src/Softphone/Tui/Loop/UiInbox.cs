using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Softphone.Cli;

/// <summary>
/// What waits for the UI thread. Bounded: while the terminal does not take what is drawn, keys wait in the terminal, and whoever may not
/// wait is told that there is no room.
/// </summary>
internal sealed class UiInbox : IDisposable
{
    private readonly BlockingCollection<UiSignal> _signals = new(1024);

    /// <summary>Waits for room.</summary>
    public void Add(UiSignal signal) => _signals.Add(signal);

    /// <summary>False when there is no room.</summary>
    public bool TryAdd(UiSignal signal) => _signals.TryAdd(signal);

    /// <summary>Takes the next one, waiting no longer than the limit.</summary>
    public bool TryTake([MaybeNullWhen(false)] out UiSignal signal, TimeSpan limit) => _signals.TryTake(out signal, limit);

    public void Dispose() => _signals.Dispose();
}
