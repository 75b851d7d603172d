namespace Softphone.Core;

/// <summary>
/// Keeps a machine that throws at every turn from holding the thread that drives it: what it threw at may stay due for ever, so after
/// each failure in a row it is left alone for longer, 10 ms first and a second at most. Its owner asks here when to call it again.
/// </summary>
public sealed class Respite
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private Instant? _until;
    private TimeSpan _pause = First;

    /// <summary>It threw.</summary>
    public void Failed(Instant now)
    {
        _until = now + _pause;
        _pause = _pause * 2 < Longest ? _pause * 2 : Longest;
    }

    /// <summary>It went through a turn.</summary>
    public void Worked()
    {
        _until = null;
        _pause = First;
    }

    /// <summary>When the machine is to be called that asks to be called then.</summary>
    public Instant? Delay(Instant? due) => due is { } at && _until is { } until && at < until ? until : due;
}
