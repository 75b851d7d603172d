namespace Softphone.Media;

/// <summary>
/// What the listener got in place of audio, and what it stood for: for loss as long as nothing else is known, for silence once the next packet shows
/// that none is missing. Counts in samples at 48 kHz.
/// </summary>
internal sealed class MadeUp
{
    private readonly Stall _stall = new();

    /// <summary>Made up since the last decoded sample, while the media clock stood still; what is missing before the next packet is paid with it.</summary>
    private long _debt;

    /// <summary>The same of a stream that was given up, until its packets come again.</summary>
    private long _unsettled;

    /// <summary>The last samples were made up.</summary>
    private bool _isMaking;
    private long _runs;

    /// <summary>Stood for loss.</summary>
    public long Concealed { get; private set; }

    /// <summary>Stood for silence.</summary>
    public long Comfort { get; private set; }

    /// <summary>No stream was there.</summary>
    public long Idle { get; private set; }

    /// <summary>Since the last packet, of either kind.</summary>
    public long SinceLast { get; private set; }

    /// <summary>Nobody knows yet what it stood for.</summary>
    public long Unproven => _debt + _unsettled;

    /// <summary>Stretches of concealment without a break; not one that may turn out to be silence.</summary>
    public long Runs => _isMaking && Unproven > 0 ? _runs - 1 : _runs;

    /// <summary>Packets are missing, as later ones have shown.</summary>
    public void Conceal(int samples)
    {
        Concealed += samples;
        if (!_isMaking) _runs++;
        _isMaking = true;
    }

    /// <summary>Nothing is there, which may be loss, lateness or silence.</summary>
    public void Await(int samples)
    {
        Conceal(samples);
        _debt += samples;
        SinceLast += samples;
    }

    /// <summary>The sender says nothing.</summary>
    public void Rest(int samples)
    {
        Comfort += samples;
        SinceLast += samples;
    }

    /// <summary>Comfort noise that the sender's own packet describes.</summary>
    public void Silence(int samples) => Comfort += samples;

    /// <summary>No stream is there.</summary>
    public void StayIdle(int samples)
    {
        Idle += samples;
        _stall.Idle(samples);
    }

    /// <summary>More was made up than is missing before a packet, so that nothing need be waited for.</summary>
    public bool Covers(long samples) => _debt >= samples;

    /// <summary>So much is missing before the next packet.</summary>
    /// <returns>How much of it was made up already.</returns>
    public long Pay(long missing)
    {
        var paid = Math.Min(_debt, missing);
        _debt = 0;
        return paid;
    }

    /// <summary>A packet was played, or the stream is no more: nothing is owed.</summary>
    public void Settle() => _debt = SinceLast = 0;

    /// <summary>What was played was audio.</summary>
    public void Heard() => _isMaking = false;

    /// <summary>The stream is given up.</summary>
    public void GiveUp()
    {
        _unsettled = _debt;
        _stall.Begin(_unsettled);
    }

    /// <summary>What was made up since the last packet stood for silence and not for loss.</summary>
    public void Forgive()
    {
        var silence = Unproven;
        _debt = _unsettled = 0;
        if (silence == 0) return;
        Concealed -= silence;
        Comfort += silence;
        if (_isMaking) _runs--;
        _isMaking = false;
    }

    /// <summary>Packets come again after so long a time without any that the stream had been given up.</summary>
    /// <param name="at">When, in samples.</param>
    /// <param name="missing">The audio of packets that are missing before the first; null when none is.</param>
    /// <param name="wasSilent">The sender let time pass before the first.</param>
    public void ComeBack(long at, long? missing, bool wasSilent)
    {
        if (_unsettled == 0) return;
        if (missing is { } lost)
        {
            // What was made up stood for them, and so did the silence behind it.
            _unsettled = 0;
            _stall.Return(at, 0);
            Miss(at, lost);
            return;
        }

        // The sender was silent, or the network stood still and what comes now is too old to be played.
        _stall.Return(at, wasSilent ? null : _unsettled);
        Forgive();
    }

    /// <summary>Speech was never heard: what the listener got in its place after a stall was loss after all.</summary>
    public void Miss(long at, long samples)
    {
        var (comfort, idle) = _stall.Miss(at, samples);
        if (comfort > 0) _runs++;
        Comfort -= comfort;
        Idle -= idle;
        Concealed += comfort + idle;
    }

    /// <summary>What was owed to this stream counts for no other.</summary>
    public void ForgetStall() => _stall.Clear();
}
