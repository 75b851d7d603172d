using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// Threads of texts, the one with the newest text first, bounded in number and in octets: what is over goes from the thread that was silent for
/// longest. They last as long as the phone.
/// </summary>
internal sealed class Conversations
{
    public const int MostThreads = 500;
    public const int MostTexts = 10_000;

    /// <summary>Characters of all texts.</summary>
    public const int MostLength = 4 << 20;

    private readonly LinkedList<TextThread> _threads = [];
    private int _texts;
    private long _length;
    private ThreadView[]? _view;

    public IReadOnlyList<ThreadView> View => _view ??= [.. _threads.Select(t => t.View)];

    public IEnumerable<TextThread> Threads => _threads;

    public TextThread? Find(string account, string peer)
    {
        foreach (var thread in _threads)
            if (thread.Account == account && thread.Peer == peer) return thread;
        return null;
    }

    /// <summary>The thread, a new one where there was none.</summary>
    public TextThread Of(string account, string peer) => Find(account, peer) ?? new TextThread(account, peer);

    public void Add(TextThread thread, TextId? id, TextView text)
    {
        _threads.Remove(thread);
        _threads.AddFirst(thread);
        thread.Add(id, text);
        _texts++;
        _length += text.Text.Length;
        while (_texts > MostTexts || _length > MostLength || _threads.Count > MostThreads) DropOldest();
        _view = null;
    }

    /// <summary>Something about a thread has changed.</summary>
    public void Changed() => _view = null;

    private void DropOldest()
    {
        var silent = _threads.Last!.Value;
        _length -= silent.DropOldest();
        _texts--;
        if (silent.Count == 0) _threads.RemoveLast();
    }
}
