namespace Softphone.Tui;

/// <summary>The command line: a word of the key table, and what follows it.</summary>
internal sealed class CommandWords
{
    private readonly List<KeyBinding> _bindings = [];

    /// <param name="screen">The bindings of the screen below, which come first.</param>
    /// <param name="everywhere">Those that hold on every screen.</param>
    public CommandWords(IReadOnlyList<KeyBinding> screen, IReadOnlyList<KeyBinding> everywhere)
    {
        foreach (var binding in screen.Concat(everywhere))
            if (binding.Word.Length > 0 && !_bindings.Exists(b => b.Word == binding.Word)) _bindings.Add(binding);
        _bindings.Sort((a, b) => string.CompareOrdinal(a.Word, b.Word));
    }

    /// <summary>Does a line, or says why not: an unknown word with the nearest one, a reason, or what must follow.</summary>
    /// <returns>What is wrong with the line; null when it was taken.</returns>
    public string? Run(Session session, string line)
    {
        var (word, rest) = Split(line);
        if (word.Length == 0) return null;
        if (word == "q!")
        {
            Bindings.Leave(session);
            return null;
        }

        if (Find(word) is not { } binding)
        {
            var starts = _bindings.Where(b => b.Word.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ToList();
            if (starts.Count > 1) return $"“{word}” could be {string.Join(", ", starts.Select(b => b.Word))}";
            return Nearest(word) is { } nearest ? $"there is no command “{word}”: did you mean “{nearest}”?" : $"there is no command “{word}”: :help lists them all";
        }

        if (rest.Length > 0 && binding.RunWith is null) return $"nothing follows “{binding.Word}”";
        if (rest.Length == 0) session.Do(binding);
        else binding.RunWith!(session, rest);
        return null;
    }

    /// <summary>What the line may become, each a whole line; empty when nothing fits.</summary>
    public List<(string Line, string Argument, string Help)> Complete(Session session, string line)
    {
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        if (at < 0)
        {
            return [.. _bindings.Where(b => b.Word.StartsWith(line, StringComparison.OrdinalIgnoreCase))
                .Select(b => (b.RunWith is null ? b.Word : b.Word + " ", b.Argument, Describe(session, b)))];
        }

        if (Find(line[..at]) is not { } binding) return [];
        var typed = line[at..].TrimStart();
        return [.. binding.Choices(session)
            .Select(c => (Text: c, Says: binding.Says(session, c)))
            .Where(c => Letters.Have(typed, c.Text, c.Says))
            .OrderBy(c => c.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .Select(c => ($"{binding.Word} {c.Text}", "", c.Says))];
    }

    /// <summary>The word itself, or the only one that begins so.</summary>
    private KeyBinding? Find(string word)
    {
        if (word == "q") return Bindings.Quit;
        if (_bindings.Find(b => b.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } exact) return exact;
        var starts = _bindings.FindAll(b => b.Word.StartsWith(word, StringComparison.OrdinalIgnoreCase));
        return starts.Count == 1 ? starts[0] : null;
    }

    private string? Nearest(string word)
    {
        var (best, least) = ((string?)null, Math.Max(word.Length / 2, 2) + 1);
        foreach (var binding in _bindings)
        {
            var distance = Distance(word, binding.Word);
            if (distance < least) (best, least) = (binding.Word, distance);
        }

        return best;
    }

    private static string Describe(Session session, KeyBinding binding) =>
        binding.Disabled(session) is { } why && binding.RunWith is null ? $"({why})" : binding.Help;

    private static (string Word, string Argument) Split(string line)
    {
        line = line.Trim().TrimStart(':');
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        return at < 0 ? (line, "") : (line[..at], line[at..].Trim());
    }

    /// <summary>How many letters must change, come or go (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
