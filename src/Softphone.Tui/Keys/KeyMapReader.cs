using Softphone.Phone;
using YamlDotNet.RepresentationModel;

namespace Softphone.Tui;

/// <summary>
/// Reads keys.yaml: a meaning, and its key or keys, a line. Everything wrong is told at once, each with file and line; what is wrong is passed
/// over, and the rest holds, for a phone must start whatever stands there.
/// </summary>
public static class KeyMapReader
{
    /// <param name="text">The YAML text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="errors">What is wrong, in the order of the file.</param>
    public static KeyMap Read(string text, string file, out IReadOnlyList<ProfileError> errors)
    {
        var reading = new Reading(file);
        reading.Read(text);
        errors = [.. reading.Errors.OrderBy(e => e.Line)];
        return reading.Map();
    }

    private sealed class Reading(string file)
    {
        private readonly List<Entry> _entries = [];

        public List<ProfileError> Errors { get; } = [];

        public void Read(string text)
        {
            // A file of nothing but comments is one that waits to be written.
            if (text.Split('\n').All(l => l.Trim() is [] or ['#', ..])) return;
            if (!YamlText.TryLoad(text, "key map", "an action such as answer: a", out var root, out var line, out var mistake))
            {
                Report(line, mistake);
                return;
            }

            foreach (var (key, value) in root.Children) Read(((YamlScalarNode)key).Value ?? "", key, value);
            while (Conflict() is { } found)
            {
                Report(found.Entry.Line, found.Why);
                found.Entry.Keys.Remove(found.Key);
                if (found.Entry.Keys.Count == 0) _entries.Remove(found.Entry);
            }
        }

        public KeyMap Map() => new(_entries.ToDictionary(e => e.Name, e => (IReadOnlyList<string>)e.Keys));

        private void Report(long line, string message) => Errors.Add(new ProfileError(file, (int)line, message));

        private void Read(string name, YamlNode at, YamlNode value)
        {
            if (!KeyCatalog.Meanings.ContainsKey(name))
            {
                Report(at.Start.Line, $"there is no action \"{name}\": did you mean {Nearest.Of(name, KeyCatalog.Meanings.Keys)}? softphone keys lists them");
                return;
            }

            var keys = new List<string>();
            foreach (var item in value is YamlSequenceNode list ? list.Children : [value])
            {
                var typed = (item as YamlScalarNode)?.Value ?? "";
                if (item is not YamlScalarNode || typed.Length == 0) Report(item.Start.Line, $"{name} needs a key, or several: [a, F5]");
                else if (!KeyNames.TryRead(typed, out var key)) Report(item.Start.Line, $"\"{typed}\" is no key: write a letter, Space, F5, Ctrl-R or Alt-R");
                else if (KeyNames.SentAs(key) is { } sent) Report(item.Start.Line, $"{key} comes from a terminal as {sent}: take another");
                else if (KeyNames.IsFixed(key)) Report(item.Start.Line, $"{key} stays what it is: it moves, goes back or is a digit");
                else if (!keys.Contains(key)) keys.Add(key);
            }

            if (keys.Count > 0) _entries.Add(new Entry(name, at.Start.Line, keys));
        }

        /// <summary>The first key that would mean two things, and who must give way: the later line, or the line alone where the other has its own key.</summary>
        private (Entry Entry, string Key, string Why)? Conflict()
        {
            var meanings = KeyCatalog.MeaningsByKey(Map());
            for (var i = 0; i < _entries.Count; i++)
            {
                foreach (var key in _entries[i].Keys)
                {
                    if (_entries.Take(i).FirstOrDefault(e => e.Keys.Contains(key)) is { } before)
                        return (_entries[i], key, $"{key} is {before.Name} already, in line {before.Line}");
                    // Whoever writes down what is so already changes nothing.
                    if (KeyCatalog.Shared.ContainsKey(key) && KeyCatalog.Meanings[_entries[i].Name].Keys.Contains(key)) continue;
                    if (meanings[key].Find(n => n != _entries[i].Name && !_entries.Exists(e => e.Name == n && e.Keys.Contains(key))) is { } other)
                        return (_entries[i], key, $"{key} is {other} already: give that another key too, or take another here");
                }
            }

            return null;
        }

        private sealed record Entry(string Name, long Line, List<string> Keys);
    }
}
