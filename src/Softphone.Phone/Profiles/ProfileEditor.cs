using System.Diagnostics.CodeAnalysis;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Softphone.Phone;

/// <summary>
/// Changes the settings of a profile's text and leaves the rest of it, comments and order too, as the person wrote it. What comes out is read again: only a
/// text that says the wanted profile is given.
/// </summary>
public static class ProfileEditor
{
    /// <param name="text">The file as it is.</param>
    /// <param name="fileName">Its path: relative names in it are of its folder.</param>
    /// <param name="shown">The profile as the person saw it, without passwords that were not shown, and with what the environment said.</param>
    /// <param name="wanted">The same as it is to be: what differs is changed, and nothing else.</param>
    /// <param name="edited">The file as it is to be, for its owner alone: a password may stand in it.</param>
    /// <returns>False when it is written so that it cannot be changed in its place.</returns>
    public static bool TryEdit(string text, string fileName, Profile shown, Profile wanted, [NotNullWhen(true)] out string? edited)
    {
        edited = null;
        if (!ProfileReader.TryRead(text, fileName, out var before, out _) || !YamlText.TryLoad(text, "profile", "account:", out var root, out _, out _)) return false;
        var (was, from, to) = (ProfileWriter.Blocks(before), ProfileWriter.Blocks(shown), ProfileWriter.Blocks(wanted));
        var will = new Dictionary<(string Section, string Key), string>(was);
        foreach (var setting in from.Keys)
            if (!to.ContainsKey(setting)) will.Remove(setting);
        foreach (var (setting, block) in to)
            if (!from.TryGetValue(setting, out var old) || old != block) will[setting] = block;
        var editing = new Editing(text, root);
        foreach (var ((section, key), _) in was)
            if (!will.ContainsKey((section, key))) editing.Remove(section, key);
        foreach (var ((section, key), block) in will)
            if (!was.TryGetValue((section, key), out var old) || old != block) editing.Set(section, key, block);
        var changed = editing.Result();
        if (!ProfileReader.TryRead(changed, fileName, out var after, out _) || !IsSame(ProfileWriter.Blocks(after), will)) return false;
        edited = changed;
        return true;
    }

    private static bool IsSame(Dictionary<(string, string), string> one, Dictionary<(string, string), string> other) =>
        one.Count == other.Count && one.All(b => other.TryGetValue(b.Key, out var block) && block == b.Value);

    private sealed class Editing(string text, YamlMappingNode root)
    {
        private readonly List<(int From, int To, string New)> _edits = [];
        private readonly StringBuilder _newSections = new();
        private readonly HashSet<string> _begun = [];

        public void Remove(string section, string key)
        {
            if (Find(section) is not { } mapping || Entry(mapping, key) is not { } entry) return;
            _edits.Add((LineStart(entry.Key), LineEnd(LastOf(entry.Value, entry.Key)), ""));
        }

        public void Set(string section, string key, string block)
        {
            if (Find(section) is not { Children.Count: > 0 } mapping)
            {
                Begin(section, block);
                return;
            }

            if (Entry(mapping, key) is not { } entry)
            {
                // Behind the last setting of the section.
                var last = mapping.Children.Last();
                var at = LineEnd(LastOf(last.Value, last.Key));
                var isOpen = at > 0 && text[at - 1] != '\n';
                _edits.Add((at, at, (isOpen ? "\n" : "") + Indented(block, mapping)));
            }
            else if (IsInline(entry.Value) && block.IndexOf('\n', StringComparison.Ordinal) == block.Length - 1)
            {
                _edits.Add(((int)entry.Value.Start.Index, EndOf(entry.Value), block[(block.IndexOf(':', StringComparison.Ordinal) + 2)..^1]));
            }
            else
            {
                _edits.Add((LineStart(entry.Key), LineEnd(LastOf(entry.Value, entry.Key)), Indented(block, mapping)));
            }
        }

        public string Result()
        {
            var changed = new StringBuilder(text);
            if (_newSections.Length > 0 && text.Length > 0 && text[^1] != '\n') changed.Append('\n');
            changed.Append(_newSections);
            // From the end on, so that places before stay what they were; of one place the later comes first.
            foreach (var (from, to, replacement) in _edits.Select((e, i) => (Edit: e, Order: i)).OrderByDescending(e => e.Edit.From).ThenByDescending(e => e.Order).Select(e => e.Edit))
                changed.Remove(from, to - from).Insert(from, replacement);
            return changed.ToString();
        }

        private void Begin(string section, string block)
        {
            if (_begun.Add(section)) _newSections.Append(section).Append(":\n");
            _newSections.Append(block);
        }

        private YamlMappingNode? Find(string section) => Entry(root, section)?.Value as YamlMappingNode;

        private static (YamlNode Key, YamlNode Value)? Entry(YamlMappingNode mapping, string key)
        {
            foreach (var (name, value) in mapping.Children)
                if (name is YamlScalarNode { Value: { } text } && text == key) return (name, value);
            return null;
        }

        private bool IsInline(YamlNode value) => value switch
        {
            YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } scalar => scalar.End.Index > scalar.Start.Index,
            YamlSequenceNode sequence => sequence.Style == SequenceStyle.Flow && sequence.Start.Index < text.Length && text[(int)sequence.Start.Index] == '[',
            _ => false,
        };

        /// <summary>A list in brackets ends with its bracket; its own mark is that of its beginning.</summary>
        private int EndOf(YamlNode value)
        {
            if (value is not YamlSequenceNode list) return (int)value.End.Index;
            var from = list.Children.Count > 0 ? EndOf(list.Children[^1]) : (int)list.Start.Index;
            return text.IndexOf(']', from) is >= 0 and var end ? end + 1 : from;
        }

        /// <summary>Where the last word of it ends: the marks of a block reach to what follows it.</summary>
        private static int LastOf(YamlNode value, YamlNode key) => value switch
        {
            YamlMappingNode { Style: not MappingStyle.Flow, Children.Count: > 0 } mapping => LastOf(mapping.Children.Last().Value, mapping.Children.Last().Key),
            YamlSequenceNode { Style: not SequenceStyle.Flow, Children.Count: > 0 } sequence => LastOf(sequence.Children[^1], key),
            _ when value.End.Index > value.Start.Index => (int)value.End.Index,
            _ => (int)key.End.Index,
        };

        private int LineStart(YamlNode key) => text.LastIndexOf('\n', Math.Max((int)key.Start.Index - 1, 0)) + 1;

        private int LineEnd(int at)
        {
            var end = text.IndexOf('\n', Math.Clamp(at, 0, text.Length));
            return end < 0 ? text.Length : end + 1;
        }

        private static string Indented(string block, YamlMappingNode mapping)
        {
            var indent = new string(' ', (int)mapping.Children.First().Key.Start.Column - 1);
            return string.Concat(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{indent}{line[2..]}\n"));
        }
    }
}
