using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// The trace of one call, oldest first. Entries are only ever added to an array whose used part does not change any more, so that what
/// <see cref="Entries"/> gave may be read by another thread while the call goes on. Past its bounds the middle is forgotten: how a call
/// came about and how it stands now are both worth more.
/// </summary>
public sealed class CallRecord
{
    /// <summary>Checks and answers of the peer on a path that has been in use for so long are its consent, and no news.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly int _bound;
    private readonly long _sizeBound;
    private readonly Dictionary<int, IceTrace.Selected> _paths = [];
    private TraceEntry[] _entries = new TraceEntry[64];
    private IReadOnlyList<TraceEntry>? _shown;
    private int _count;
    private long _size;

    /// <param name="bound">How many entries are kept; at least 8.</param>
    /// <param name="sizeBound">How many characters from the network they may hold.</param>
    public CallRecord(int bound = 4096, long sizeBound = 2 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 8);
        _bound = bound;
        _sizeBound = sizeBound;
    }

    /// <summary>The Call-ID of its SIP messages; empty before there are any.</summary>
    public string SipCallId { get; private set; } = "";

    /// <summary>Its SIP session in the trace; empty before there is one.</summary>
    public string Session { get; private set; } = "";

    /// <summary>Entries that went because a bound was reached.</summary>
    public long Forgotten { get; private set; }

    /// <summary>What is known now. Immutable, and the same object until something is added.</summary>
    public IReadOnlyList<TraceEntry> Entries => _shown ??= new ArraySegment<TraceEntry>(_entries, 0, _count);

    /// <summary>Adds what concerns this call.</summary>
    public void Add(TraceEntry entry)
    {
        if (entry is CallTrace.Signalled signalled) (SipCallId, Session) = (signalled.SipCallId, signalled.Session);
        if (IsConsent(entry)) return;
        if (_count == _bound || _size + entry.Size > _sizeBound) Forget(entry.Size);
        if (_count == _entries.Length) Array.Resize(ref _entries, Math.Min(2 * _count, _bound));
        _entries[_count++] = entry;
        _size += entry.Size;
        _shown = null;
    }

    /// <summary>True for a message of its dialogs, and for a change of its session.</summary>
    public bool IsOwn(SipTrace entry) => entry switch
    {
        SipTrace.Message message => SipCallId.Length > 0 && message.CallId == SipCallId,
        SipTrace.State state => Session.Length > 0 && state.Subject == Session,
        _ => false,
    };

    private bool IsConsent(TraceEntry entry)
    {
        switch (entry)
        {
            case IceTrace.Selected selected:
                _paths[selected.Component] = selected;
                return false;
            case IceTrace.CheckReceived { UseCandidate: false } e:
                return IsSettled(e.At, e.Pair);
            case IceTrace.AnswerSent { Code: 0 } e:
                return IsSettled(e.At, e.Pair);
            default:
                return false;
        }
    }

    private bool IsSettled(Instant at, int pair)
    {
        foreach (var path in _paths.Values)
            if (path.Pair == pair && at - path.At > Settled) return true;
        return false;
    }

    /// <summary>Goes on in another array, with the first and the last quarter of what there was; readers keep the old one.</summary>
    private void Forget(int coming)
    {
        do
        {
            var (head, tail) = (_count / 4, (_count + 3) / 4);
            if (head == 0 && tail == _count) tail = 0;
            var kept = new TraceEntry[Math.Max(_entries.Length, 64)];
            Array.Copy(_entries, kept, head);
            Array.Copy(_entries, _count - tail, kept, head, tail);
            Forgotten += _count - head - tail;
            (_entries, _count) = (kept, head + tail);
            _size = 0;
            for (var i = 0; i < _count; i++) _size += _entries[i].Size;
        }
        while (_count > 0 && _size + coming > _sizeBound);
    }
}
