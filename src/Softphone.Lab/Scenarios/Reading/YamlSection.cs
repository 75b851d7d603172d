using Softphone.Core;
using Softphone.Phone;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Softphone.Lab;

/// <summary>
/// One mapping of a scenario file. Each key that is asked for counts as known; <see cref="Done"/> reports the others, each with the
/// nearest known one. What cannot be read is reported where it stands, and the asker gets nothing.
/// </summary>
internal sealed class YamlSection
{
    private readonly List<string> _known = [];
    private readonly Action<long, string> _report;
    private readonly YamlMappingNode _node;

    public YamlSection(YamlMappingNode node, string path, Action<long, string> report)
    {
        _node = node;
        _report = report;
        Path = path;
    }

    /// <summary>"networks.home"; empty for the file.</summary>
    public string Path { get; }

    public int Line => (int)_node.Start.Line;

    /// <summary>Every key with its value, in order: names that the file chooses.</summary>
    public IEnumerable<(string Name, YamlNode Value)> Entries => _node.Children.Select(c => (NameOf(c.Key), c.Value));

    public static string NameOf(YamlNode key) => key is YamlScalarNode { Value: { } name } ? name : "?";

    public string Within(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public void Report(YamlNode at, string message) => _report(at.Start.Line, message);

    /// <summary>The value of a key; null when it is absent or empty.</summary>
    public YamlNode? Node(string key)
    {
        if (!_known.Contains(key)) _known.Add(key);
        var found = _node.Children.FirstOrDefault(c => NameOf(c.Key) == key).Value;
        return found is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } ? null : found;
    }

    public string? Text(string key) => Node(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        { } other => Wrong<string>(other, $"{Within(key)} is one value, not a list or a section"),
    };

    public T? Value<T>(string key, TryRead<T> read, string allowed)
        where T : struct
    {
        if (Text(key) is not { } text) return null;
        if (read(text, out var value)) return value;
        Wrong<string>(Node(key)!, $"{Within(key)} \"{text}\" is not allowed: {allowed}");
        return null;
    }

    public bool? Flag(string key) => Value(key, (string text, out bool value) => bool.TryParse(text, out value), "true, false");

    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct => Value<T>(key, words.TryGetValue, string.Join(", ", words.Keys));

    public TimeSpan? Time(string key) => Value<TimeSpan>(key, DurationText.TryParse, DurationText.Forms);

    public int? Number(string key, int least, int most) => Value(
        key,
        (string text, out int value) => int.TryParse(text, System.Globalization.NumberStyles.None, null, out value) && value >= least && value <= most,
        $"a number from {least} to {most}");

    /// <summary>One word, or a list of words.</summary>
    public IReadOnlyList<string> Words(string key) => Node(key) switch
    {
        null => [],
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode list when list.All(n => n is YamlScalarNode) => [.. list.Select(n => ((YamlScalarNode)n).Value ?? "")],
        { } other => Wrong<IReadOnlyList<string>>(other, $"{Within(key)} is a word, or a list such as [a, b]") ?? [],
    };

    public YamlSection? Section(string key) => Node(key) switch
    {
        null => null,
        YamlMappingNode mapping => new YamlSection(mapping, Within(key), _report),
        { } other => Wrong<YamlSection>(other, $"{Within(key)} is a section; its settings stand indented below it"),
    };

    public YamlSequenceNode? List(string key) => Node(key) switch
    {
        null => null,
        YamlSequenceNode list => list,
        { } other => Wrong<YamlSequenceNode>(other, $"{Within(key)} is a list; each item starts with a dash"),
    };

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Done()
    {
        foreach (var (key, _) in _node.Children)
        {
            var name = NameOf(key);
            if (_known.Contains(name)) continue;
            _report(key.Start.Line, $"unknown key \"{name}\"{(Path.Length == 0 ? "" : $" in {Path}")}; the nearest known key is {Nearest.Of(name, _known)}");
        }
    }

    private T? Wrong<T>(YamlNode at, string message)
        where T : class
    {
        Report(at, message);
        return null;
    }

    public delegate bool TryRead<T>(string text, out T value);
}
