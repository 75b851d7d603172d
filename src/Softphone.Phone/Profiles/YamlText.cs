using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Softphone.Phone;

/// <summary>
/// The one way in which YAML that a person or a stranger wrote becomes a tree. Whatever is wrong with it is a message with a line: a text
/// that is too long, nested so deeply that walking it would take the whole stack, a key that is no word (comparing such keys may take for
/// ever where aliases repeat them), and everything that the library stumbles over by an exception of any kind.
/// </summary>
public static class YamlText
{
    /// <summary>The longest text that is looked at, in characters.</summary>
    public const int MaxLength = 262_144;

    /// <summary>More levels than anything here has use for, and few enough for the stack of any thread.</summary>
    public const int DeepestNesting = 50;

    /// <param name="text">The text of one document.</param>
    /// <param name="kind">What it should be, for messages: "profile".</param>
    /// <param name="starts">What it starts with, for messages: "a section such as account:".</param>
    /// <param name="root">The document's mapping.</param>
    /// <param name="line">Where it is wrong; 0 for the whole file.</param>
    /// <param name="mistake">What is wrong; null when it was read.</param>
    public static bool TryLoad(
        string text, string kind, string starts, [NotNullWhen(true)] out YamlMappingNode? root, out long line, [NotNullWhen(false)] out string? mistake)
    {
        root = null;
        (line, mistake) = text.Length > MaxLength ? (0, $"is longer than {MaxLength} characters") : Load(text, kind, starts, out root);
        return mistake is null;
    }

    private static (long Line, string? Mistake) Load(string text, string kind, string starts, out YamlMappingNode? root)
    {
        root = null;
        var stream = new YamlStream();
        var guarded = new GuardedParser(new Parser(new StringReader(text)), kind);
        try
        {
            stream.Load(guarded);
        }
        catch (YamlException e)
        {
            return (Math.Max(e.Start.Line, 1), e.Message.Replace("Duplicate key", "this key is there twice:", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library's scanner stumbles so over some broken text; what was read last stood just before.
            return (guarded.Line, "is no YAML that can be read from here on");
        }

        if (stream.Documents.Count == 0) return (1, $"is empty; a {kind} starts with {starts}");
        if (stream.Documents.Count > 1) return (stream.Documents[1].RootNode.Start.Line, $"a {kind} is one document");
        root = stream.Documents[0].RootNode as YamlMappingNode;
        return root is null ? (1, $"a {kind} starts with {starts}") : (0, null);
    }

    /// <summary>Refuses, before a tree is made of it, what a tree would not bear.</summary>
    private sealed class GuardedParser(Parser parser, string kind) : IParser
    {
        /// <summary>For each open collection: true where it is a mapping whose next child is a key; null for a list.</summary>
        private readonly Stack<bool?> _open = [];

        public ParsingEvent? Current => parser.Current;

        public long Line { get; private set; } = 1;

        public bool MoveNext()
        {
            if (!parser.MoveNext()) return false;
            var found = parser.Current!;
            Line = Math.Max(found.Start.Line, 1);
            switch (found)
            {
                case MappingStart or SequenceStart:
                    Count(found, isPlain: false);
                    _open.Push(found is MappingStart ? true : null);
                    if (_open.Count >= DeepestNesting) throw new YamlException(found.Start, found.End, $"is nested too deeply for a {kind}");
                    break;
                case MappingEnd or SequenceEnd:
                    _open.Pop();
                    break;
                case Scalar:
                    Count(found, isPlain: true);
                    break;
                case AnchorAlias:
                    Count(found, isPlain: false);
                    break;
            }

            return true;
        }

        private void Count(ParsingEvent found, bool isPlain)
        {
            if (!_open.TryPeek(out var isKey) || isKey is not { } key) return;
            if (key && !isPlain) throw new YamlException(found.Start, found.End, "a key is a word, not a list, a section or an alias");
            _open.Pop();
            _open.Push(!key);
        }
    }
}
