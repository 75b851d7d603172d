namespace Softphone.Sip;

/// <summary>
/// All dialogs and transactions that were seen, of every method, made from messages in the order in which they passed. Bounded in messages and
/// in octets: past that the oldest messages go, those of everyday (a keepalive that was answered, a refresh) before those of calls and of what was
/// refused, of which three quarters of the room may be full. Whatever the messages say, nothing here throws.
/// </summary>
/// <param name="mostMessages">Messages that are kept; at least 1.</param>
/// <param name="mostOctets">What they may take in memory, in octets.</param>
public sealed class SipDialogTable(int mostMessages = 8_000, long mostOctets = 16 << 20)
{
    /// <summary>An entry with its addresses and its place in the lists.</summary>
    private const long OfOneMessage = 320;

    private readonly Dictionary<(string Account, string CallId, string Ends), DialogRun> _byId = [];
    private readonly List<DialogRun> _runs = [];

    /// <summary>For each message its run, oldest first: whose oldest one goes when its turn comes.</summary>
    private readonly Queue<DialogRun> _recent = [];

    /// <summary>The same of messages that had their turn and were worth keeping.</summary>
    private readonly Queue<DialogRun> _kept = [];

    private IReadOnlyList<SipDialog>? _view;
    private long _numbered;

    /// <summary>Messages that are kept.</summary>
    public int Messages => _recent.Count + _kept.Count;

    /// <summary>What they take.</summary>
    public long Octets { get; private set; }

    /// <summary>Messages that went because a bound was reached.</summary>
    public long Forgotten { get; private set; }

    /// <summary>In the order of their first message. Immutable, and the same object until something changes.</summary>
    public IReadOnlyList<SipDialog> View => _view ??= [.. _runs.Select(r => r.Snapshot)];

    /// <summary>Takes a message of one of our phones, or one that <see cref="SipSight"/> has read.</summary>
    public void Add(SipTrace.Message message)
    {
        var key = KeyOf(message);
        if (!_byId.TryGetValue(key, out var run))
        {
            run = new DialogRun(++_numbered, message);
            _byId[key] = run;
            _runs.Add(run);
        }

        var added = run.Add(message);
        _recent.Enqueue(run);
        Octets += CostOf(added);
        while ((Messages > mostMessages || Octets > mostOctets) && Messages > 1) Shed();
        _view = null;
    }

    /// <summary>The dialog of a Call-ID; null when nothing of it is kept.</summary>
    public SipDialog? Find(string account, string callId) => callId.Length > 0 && _byId.TryGetValue((account, callId, ""), out var run) ? run.Snapshot : null;

    private void Shed()
    {
        if (_kept.Count > 0 && _kept.Count >= 3 * _recent.Count)
        {
            Drop(_kept.Dequeue());
            return;
        }

        var run = _recent.Dequeue();
        // The newest message has to find room too.
        if (run.IsWorthKeeping && _recent.Count > 0) _kept.Enqueue(run);
        else Drop(run);
    }

    private void Drop(DialogRun run)
    {
        Octets -= CostOf(run.Drop());
        Forgotten++;
        if (!run.IsEmpty) return;
        _runs.Remove(run);
        _byId.Remove(KeyOf(run));
    }

    private static (string Account, string CallId, string Ends) KeyOf(SipTrace.Message message) =>
        (message.Source, message.CallId, message.CallId.Length > 0 ? "" : message.IsSent ? $"{message.Local} {message.Remote}" : $"{message.Remote} {message.Local}");

    private static (string Account, string CallId, string Ends) KeyOf(DialogRun run) => KeyOf(run.First);

    private static long CostOf(SipTrace.Message message) => OfOneMessage + (2L * message.Size);
}
