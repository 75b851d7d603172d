using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What came and had to be thrown away (RFC 3261 §18.3, §8.1.3.3, §18.1.2), the last of it: where a request of ours ends without an answer, it is
/// not true that none came.
/// </summary>
internal sealed class UnreadAnswers
{
    private const int MostNotes = 256;
    private const int MostKinds = 8;

    private readonly Queue<(Instant At, Address Sender, string Why)> _notes = [];

    public void Note(Instant now, Address sender, string why)
    {
        if (_notes.Count == MostNotes) _notes.Dequeue();
        _notes.Enqueue((now, sender, why));
    }

    /// <summary>What these senders sent since then, by sender and reason, the most frequent first; what stands last is what came last where two are as many.</summary>
    public IReadOnlyList<Dropped> Since(Instant since, Predicate<IpAddress> isAsked) =>
    [
        .. _notes.Where(note => note.At >= since && isAsked(note.Sender.Ip))
            .GroupBy(note => (note.Sender, note.Why))
            .Select(kind => new Dropped(Layer.Sip, kind.Key.Sender, kind.Key.Why, kind.Count()))
            .OrderByDescending(kind => kind.Count)
            .Take(MostKinds),
    ];
}
