using System.CommandLine;

namespace Softphone.Cli;

/// <summary>A command with examples. A list of commands shows its first sentence, its own help all of it.</summary>
internal sealed class Verb : Command
{
    /// <param name="name">The word.</param>
    /// <param name="about">What it does.</param>
    /// <param name="examples">One command a line; empty for none.</param>
    /// <param name="ends">The exit codes that it may end with, besides those of every verb.</param>
    public Verb(string name, string about, string examples = "", IReadOnlyList<ExitCode>? ends = null)
        : base(name, FirstSentence(about))
    {
        About = about.ReplaceLineEndings("\n");
        Examples = examples.ReplaceLineEndings("\n");
        Ends = ends ?? [];
    }

    public string About { get; }

    /// <summary>One command a line; empty for none.</summary>
    public string Examples { get; }

    /// <summary>The exit codes that it may end with, besides those of every verb.</summary>
    public IReadOnlyList<ExitCode> Ends { get; }

    private static string FirstSentence(string about)
    {
        var text = about.ReplaceLineEndings(" ");
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
