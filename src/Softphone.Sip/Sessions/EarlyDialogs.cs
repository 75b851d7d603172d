namespace Softphone.Sip;

/// <summary>The early dialogs of an INVITE of ours, one for each branch that rings, and what was told of them. There are no more than a few dozen.</summary>
internal sealed class EarlyDialogs(SessionTable table)
{
    public const int Most = 16;

    private readonly Dictionary<string, EarlyDialog> _branches = [];
    private readonly Dictionary<string, (int Status, ReadOnlyMemory<byte> Sdp)> _told = [];

    private readonly HashSet<string> _over = [];

    public IEnumerable<EarlyDialog> All => _branches.Values;

    public bool IsFull => _branches.Count >= Most;

    /// <summary>The branch in which an offer of ours may go out; null where there is none, or which of several will be answered cannot be known.</summary>
    public EarlyDialog? Settled => _branches.Count == 1 && _branches.Values.First() is { IsSettled: true } only ? only : null;

    public EarlyDialog? Find(string tag) => _branches.GetValueOrDefault(tag);

    public Dialog? Find(in DialogKey key) => _branches.TryGetValue(key.RemoteTag, out var branch) && branch.Dialog.Key == key ? branch.Dialog : null;

    /// <summary>The branch whose PRACK this is.</summary>
    public EarlyDialog? ByPrack(Exchange prack)
    {
        foreach (var branch in _branches.Values)
            if (branch.Prack == prack) return branch;
        return null;
    }

    public EarlyDialog Add(Session session, Dialog dialog)
    {
        table.Bind(dialog.Key, session);
        return _branches[dialog.Key.RemoteTag] = new EarlyDialog(dialog);
    }

    /// <summary>Whether this is news of the branch: a peer repeats what must not get lost (RFC 8839 §7.1), and told once is enough.</summary>
    public bool IsNews(string tag, int status, ReadOnlyMemory<byte> sdp)
    {
        if (_told.TryGetValue(tag, out var last) && last.Status == status && last.Sdp.Span.SequenceEqual(sdp.Span)) return false;
        if (_told.Count < Most || _told.ContainsKey(tag)) _told[tag] = (status, sdp);
        return true;
    }

    /// <summary>The branch is over: nothing is taken in its dialog any more.</summary>
    public void Forget(string tag)
    {
        if (!_branches.Remove(tag, out var branch)) return;
        table.Unbind(branch.Dialog.Key);
        if (_over.Count < Most) _over.Add(tag);
    }

    /// <summary>The branch was forgotten: what comes of it while it rings is late.</summary>
    public bool IsOver(string tag) => _over.Contains(tag);

    /// <summary>All are over but the one that was answered.</summary>
    public void Clear(Dialog? keep)
    {
        foreach (var branch in _branches.Values)
            if (branch.Dialog != keep) table.Unbind(branch.Dialog.Key);
        _branches.Clear();
    }
}
