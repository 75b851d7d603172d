using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// Whose a path is, who may have something to send, and when the first call wants to be called: what a packet of one call must not look for among all
/// calls of a phone. Everything that may concern several calls ends in <see cref="All"/>, a packet that moved nothing in <see cref="One"/>.
/// </summary>
internal sealed class CallPaths
{
    private readonly Dictionary<PathId, Call> _owners = [];

    /// <summary>Any call may have something to send.</summary>
    private bool _mayAllSend;

    /// <summary>Of no other one, where not all may.</summary>
    private Call? _sender;

    /// <summary>The first timeout of all calls, where it is known.</summary>
    private Instant? _due;

    private bool _isDueKnown;

    /// <summary>What went, by all paths together, to hosts that did not ask for it.</summary>
    public UnaskedHosts Unasked { get; } = new();

    public void Opened(PathId path, Call call) => _owners[path] = call;

    public void Closed(PathId path) => _owners.Remove(path);

    /// <summary>The call of a path; null when it is of none.</summary>
    public Call? Of(PathId path) => _owners.TryGetValue(path, out var call) && call.Owns(path) ? call : null;

    /// <summary>Any call may have changed.</summary>
    public void All()
    {
        _mayAllSend = true;
        _isDueKnown = false;
    }

    /// <summary>This call has taken a packet, and no other was concerned.</summary>
    /// <param name="call">Which.</param>
    /// <param name="dueBefore">When it was to be called before that.</param>
    public void One(Call call, Instant? dueBefore)
    {
        if (_sender is not null && _sender != call) _mayAllSend = true;
        _sender = call;
        if (dueBefore is not null && dueBefore == _due) _isDueKnown = false;
        else _due = Instant.Earlier(_due, call.NextTimeout);
    }

    /// <summary>Somebody may have something to send.</summary>
    public bool MaySend => _mayAllSend || _sender is not null;

    /// <summary>The only call that may have something to send; null where any may.</summary>
    public Call? OnlySender => _mayAllSend ? null : _sender;

    /// <summary>Something was sent: the call's timers may be others.</summary>
    public void Sent() => _isDueKnown = false;

    /// <summary>Nobody has anything to send any more.</summary>
    public void SaidAll() => (_mayAllSend, _sender) = (false, null);

    public bool TryDue(out Instant? due)
    {
        due = _due;
        return _isDueKnown;
    }

    public Instant? Know(Instant? due)
    {
        (_due, _isDueKnown) = (due, true);
        return due;
    }
}
