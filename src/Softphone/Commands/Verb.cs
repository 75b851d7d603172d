using System.CommandLine;

namespace Softphone.Cli;

/// <summary>A command with examples. A list of commands shows its first sentence, its own help all of it.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string about, string examples)
        : base(name, FirstSentence(about))
    {
        About = about.ReplaceLineEndings("\n");
        Examples = examples.ReplaceLineEndings("\n");
    }

    public string About { get; }

    /// <summary>One command a line.</summary>
    public string Examples { get; }

    private static string FirstSentence(string about)
    {
        var text = about.ReplaceLineEndings(" ");
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
