namespace Softphone.Media;

/// <summary>
/// Which of several ports, each with its own phase, reads the microphone or writes the loudspeaker: one does for all. It keeps the lead
/// until it leaves or stands still.
/// </summary>
internal sealed class Lead
{
    /// <summary>A port that has come so often while the lead has not takes its place: 60 ms.</summary>
    private const int Patience = 3;

    private MixerPort? _port;
    private long _turns;

    /// <summary>How often the lead had its turn, whoever it was.</summary>
    public long Turns => _turns;

    public bool IsTaken => _port is not null;

    public bool IsOf(MixerPort port) => _port == port;

    /// <summary>True when this port, which has its frame now, is to do it for all.</summary>
    public bool Takes(MixerPort port, ref Seen seen)
    {
        if (_port != port && _port is not null)
        {
            seen = seen.Turns == _turns ? seen with { Missed = seen.Missed + 1 } : new Seen(_turns, 0);
            if (seen.Missed < Patience) return false;
        }

        _port = port;
        _turns++;
        return true;
    }

    public void Leave(MixerPort port)
    {
        if (_port == port) _port = null;
    }

    /// <summary>What a port that follows remembers of the lead.</summary>
    public readonly record struct Seen(long Turns, int Missed);
}
