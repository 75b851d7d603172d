namespace Softphone.Media;

/// <summary>
/// The order of the packets of a stream: sequence numbers and timestamps without their wrap, and which packets were played, so that a copy
/// that comes late is known as one.
/// </summary>
internal sealed class StreamOrder
{
    /// <summary>A step of the sequence numbers beyond this is another stream (RFC 3550 appendix A.1, MAX_DROPOUT).</summary>
    private const int JumpLimit = 3000;

    /// <summary>The first packet stands so far up that one from before it has a number too.</summary>
    private const long FirstTurn = 0x1_0000;

    private readonly ushort[] _playedSequences = new ushort[PacketStore.Span];
    private readonly bool[] _playedMarks = new bool[PacketStore.Span];
    private int _clock;

    /// <summary>A packet of the stream has come.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>The highest number so far.</summary>
    public long Newest { get; private set; }

    /// <summary>The timestamp of the packet that was placed last.</summary>
    public long Timestamp { get; private set; }

    public long Extend(ushort number) => Newest + (short)(ushort)(number - (ushort)Newest);

    /// <summary>This packet belongs to no stream that was here: another clock, a jump, or a time that runs backwards.</summary>
    public bool IsOfAnother(ushort number, uint timestamp, int clock)
    {
        if (clock != _clock) return true;
        var ahead = Extend(number) - Newest;
        return Math.Abs(ahead) > JumpLimit || (long)(int)(timestamp - (uint)Timestamp) * Math.Sign(ahead) < -2L * clock;
    }

    /// <summary>The first packet of a stream; its number.</summary>
    public long Start(ushort number, uint timestamp, int clock)
    {
        IsStarted = true;
        _clock = clock;
        Newest = number + FirstTurn;
        Timestamp = timestamp;
        Array.Clear(_playedMarks);
        return Newest;
    }

    /// <summary>The stream has ended; the next packet starts one.</summary>
    public void End() => IsStarted = false;

    public void Place(long sequence, uint timestamp)
    {
        Timestamp += (int)(timestamp - (uint)Timestamp);
        Reach(sequence);
    }

    /// <summary>A packet of the stream that has no place in time.</summary>
    public void Reach(long sequence) => Newest = Math.Max(Newest, sequence);

    public bool WasPlayed(long sequence)
    {
        var slot = sequence & (PacketStore.Span - 1);
        return _playedMarks[slot] && _playedSequences[slot] == (ushort)sequence;
    }

    public void Played(long sequence)
    {
        var slot = sequence & (PacketStore.Span - 1);
        _playedMarks[slot] = true;
        _playedSequences[slot] = (ushort)sequence;
    }
}
