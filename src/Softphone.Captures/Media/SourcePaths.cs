namespace Softphone.Captures;

/// <summary>
/// The streams of one source: by which of them each of its last packets came. Media that moves from one path to another and back, as it does while ICE chooses, loses
/// nothing by that; what one hop of a way lacks and the hop before it had is lost. Streams that carry the same packets are hops, those that carry others are paths.
/// </summary>
internal sealed class SourcePaths
{
    /// <summary>Streams of one source that are told apart.</summary>
    public const int Most = 16;

    private const int Kept = 4096;

    /// <summary>One packet in so many may be seen on two paths, as a repetition is.</summary>
    private const int FewShared = 20;

    private readonly (ushort Sequence, ushort Seen)[] _last = new (ushort, ushort)[Kept];
    private readonly int[] _shared = new int[Most * Most];
    private readonly int[] _packets = new int[Most];

    /// <summary>A packet came by a stream.</summary>
    /// <param name="stream">Its number, below <see cref="Most"/>.</param>
    /// <param name="sequence">Of the packet.</param>
    public void Take(int stream, ushort sequence)
    {
        ref var last = ref _last[sequence % Kept];
        if (last.Sequence != sequence) last = (sequence, 0);
        var bit = (ushort)(1 << stream);
        if ((last.Seen & bit) != 0) return;
        _packets[stream]++;
        for (var other = 0; other < Most; other++)
        {
            if ((last.Seen & (1 << other)) == 0) continue;
            _shared[(stream * Most) + other]++;
            _shared[(other * Most) + stream]++;
        }

        last.Seen |= bit;
    }

    /// <summary>How many packets that a stream lacks went by another path: what is missing between two of those was lost there, and counts there.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="first">The first that it lacks.</param>
    /// <param name="count">How many it lacks in a row.</param>
    public int Elsewhere(int stream, ushort first, int count)
    {
        var paths = 0;
        for (var other = 0; other < Most; other++)
            if (other != stream && _packets[other] > 0 && _shared[(stream * Most) + other] * FewShared <= Math.Min(_packets[stream], _packets[other])) paths |= 1 << other;
        var (begin, end) = (-1, -1);
        for (var i = 0; i < Math.Min(count, Kept) && paths != 0; i++)
        {
            var sequence = (ushort)(first + i);
            var (last, seen) = _last[sequence % Kept];
            if (last != sequence || (seen & paths) == 0) continue;
            if (begin < 0) begin = i;
            end = i;
        }

        return begin < 0 ? 0 : end - begin + 1;
    }
}
