using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What DNS said when it last led to a server. Its lifetime is the resolver's business; here it serves when DNS says nothing more, since
/// an old answer is better than none (RFC 8767 §4).
/// </summary>
internal sealed class NameMemory
{
    /// <summary>How long a question waits for an answer where an old one is known (RFC 8767 §5: client response timer).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1800);

    /// <summary>How long after a silence old answers are used without waiting (RFC 8767 §5: failure recheck timer).</summary>
    private static readonly TimeSpan RecheckAfter = TimeSpan.FromSeconds(30);

    private const int MostNames = 64;

    private readonly Dictionary<(string Name, NameRecord Record), NameAnswer> _answers = [];
    private Instant? _silentUntil;

    public bool IsSilent(Instant now) => now < _silentUntil;

    public NameAnswer? Find(in (string Name, NameRecord Record) question) => _answers.GetValueOrDefault(Key(question));

    public void Keep(in (string Name, NameRecord Record) question, NameAnswer answer)
    {
        var key = Key(question);
        if (_answers.Count < MostNames || _answers.ContainsKey(key)) _answers[key] = answer;
    }

    /// <summary>DNS did not answer in time.</summary>
    public void NoteSilence(Instant now) => _silentUntil = now + RecheckAfter;

    /// <summary>DNS answered.</summary>
    public void NoteAnswer() => _silentUntil = null;

    private static (string, NameRecord) Key(in (string Name, NameRecord Record) question) => (question.Name.ToLowerInvariant(), question.Record);
}
