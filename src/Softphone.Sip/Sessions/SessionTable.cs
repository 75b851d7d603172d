namespace Softphone.Sip;

/// <summary>Finds sessions by their id, and by the dialogs that they have.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<SessionId, Session> _sessions = [];
    private readonly Dictionary<DialogKey, Session> _dialogs = [];
    private readonly Dictionary<string, int> _callIds = new(StringComparer.Ordinal);
    /// <summary>Who wants to replace a call learned of it a moment ago.</summary>
    private const int MostEnded = 32;

    private readonly Queue<DialogKey> _ended = [];
    private int _lastId;

    public int Count => _sessions.Count;

    public int DialogCount => _dialogs.Count;

    public IReadOnlyList<Session> All => [.. _sessions.Values];

    /// <summary>The same, while none comes or goes.</summary>
    public Dictionary<SessionId, Session>.ValueCollection Running => _sessions.Values;

    public SessionId NextId() => new(++_lastId);

    public void Add(Session session) => _sessions[session.Id] = session;

    public void Remove(Session session) => _sessions.Remove(session.Id);

    public Session? Find(SessionId id) => _sessions.GetValueOrDefault(id);

    public Session? Find(in DialogKey key) => _dialogs.GetValueOrDefault(key);

    /// <summary>Whether some dialog has this Call-ID.</summary>
    public bool HasCallId(ReadOnlySpan<char> callId) => _callIds.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(callId);

    public void Bind(in DialogKey key, Session session)
    {
        if (_dialogs.TryAdd(key, session)) _callIds[key.CallId] = _callIds.GetValueOrDefault(key.CallId) + 1;
        else _dialogs[key] = session;
    }

    public void Unbind(in DialogKey key)
    {
        if (!_dialogs.Remove(key)) return;
        if (--_callIds[key.CallId] == 0) _callIds.Remove(key.CallId);
        _ended.Enqueue(key);
        if (_ended.Count > MostEnded) _ended.Dequeue();
    }

    /// <summary>Whether a dialog was among the last that ended.</summary>
    public bool HasEnded(in DialogKey key) => _ended.Contains(key);

    /// <summary>Lets go of every session, sending nothing.</summary>
    public void Clear()
    {
        foreach (var session in _sessions.Values.Concat(_dialogs.Values).Distinct().ToList()) session.Abort();
        _sessions.Clear();
        _dialogs.Clear();
        _callIds.Clear();
    }
}
