namespace Softphone.Media;

/// <summary>
/// A time without packets that was long enough to give the stream up: how much of it was made up and how much was idle, kept until it is
/// known whether speech was lost over it. What comes after it too old to be played was; what goes on where it had stopped was not. In
/// samples at 48 kHz.
/// </summary>
internal sealed class Stall
{
    /// <summary>So long after the last of what was thrown away the next may still belong to the same stall.</summary>
    private const int Patience = 48_000;

    private long _made;
    private long _forgiven;
    private long _idle;
    private long _missed;
    private long _until;
    private bool _isOver;

    /// <summary>The stream is given up, so much of it having been made up.</summary>
    public void Begin(long made)
    {
        Clear();
        _made = made;
    }

    /// <summary>Nothing was there still.</summary>
    public void Idle(int samples)
    {
        if (_made > 0 && !_isOver) _idle += samples;
    }

    /// <summary>Packets come again.</summary>
    /// <param name="at">When.</param>
    /// <param name="forgiven">How much of what was made up counts as silence for now; null when the sender said that it was silent.</param>
    public void Return(long at, long? forgiven)
    {
        _isOver = true;
        _until = at + Patience;
        _forgiven = forgiven ?? 0;
        if (forgiven is null) _made = _idle = 0;
    }

    /// <summary>So much speech of that time was never played.</summary>
    /// <returns>What is to be counted as made up: of what counts as silence until now, and of what counts as idle.</returns>
    public (long Comfort, long Idle) Miss(long at, long samples)
    {
        if (!_isOver || samples <= 0 || at > _until) return default;
        _until = at + Patience;
        _missed += samples;
        var comfort = _forgiven;
        _forgiven = 0;
        var idle = Math.Clamp(_missed - _made, 0, _idle);
        _missed -= idle;
        _idle -= idle;
        return (comfort, idle);
    }

    /// <summary>Nothing of it counts any more.</summary>
    public void Clear()
    {
        _made = _forgiven = _idle = _missed = 0;
        _isOver = false;
    }
}
