namespace Softphone.Phone;

/// <summary>A file of sections and values; what stands before the first section is in the one of no name.</summary>
internal sealed class IniSections
{
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.OrdinalIgnoreCase);

    public IniSections(string text)
    {
        var section = Of("");
        foreach (var line in ForeignText.Lines(text))
        {
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            if (line[0] == '[' && line[^1] == ']') section = Of(line[1..^1].Trim());
            else if (ForeignText.TryPair(line, out var key, out var value)) section[key] = value;
        }
    }

    public IEnumerable<string> Names => _sections.Keys;

    /// <summary>Null where it is not there or is empty.</summary>
    public string? this[string section, string key] =>
        _sections.GetValueOrDefault(section)?.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>Sections of one kind, "proxy_0" and "proxy_1", in the order of their numbers.</summary>
    public IEnumerable<string> Numbered(string prefix) =>
        from name in _sections.Keys
        where name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        let number = int.TryParse(name.AsSpan(prefix.Length), out var n) ? n : -1
        where number >= 0
        orderby number
        select name;

    private Dictionary<string, string> Of(string name)
    {
        if (!_sections.TryGetValue(name, out var section)) _sections[name] = section = new(StringComparer.OrdinalIgnoreCase);
        return section;
    }
}
