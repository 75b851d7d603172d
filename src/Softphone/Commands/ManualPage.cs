using System.CommandLine;
using System.Text;

namespace Softphone.Cli;

/// <summary>The manual page, made from the verbs and flags that there are, so that it cannot say anything else.</summary>
internal static class ManualPage
{
    private static readonly (string Path, string About)[] Files =
    [
        ("$XDG_CONFIG_HOME/softphone/profiles/", "Accounts, one YAML file each; softphone profile add makes one."),
        ("$XDG_CONFIG_HOME/softphone/contacts.jsonl", "Contacts."),
        ("$XDG_STATE_HOME/softphone/", "History, records of past calls, devices chosen last."),
    ];

    /// <param name="root">The command tree.</param>
    /// <param name="version">Of the program.</param>
    public static string Text(RootCommand root, string version)
    {
        var page = new StringBuilder();
        page.Append($".TH SOFTPHONE 1 \"\" \"softphone {Plain(version)}\" \"User commands\"\n");
        page.Append(".SH NAME\nsoftphone \\- terminal softphone: SIP with its own ICE, STUN and TURN\n");
        page.Append(".SH SYNOPSIS\n.B softphone\n[\\fIVERB\\fR] [\\fIFLAGS\\fR]\n");
        page.Append(".SH DESCRIPTION\n");
        Paragraphs(page, root.Description ?? "");
        page.Append(".SH VERBS\n");
        foreach (var verb in root.Subcommands) Append(page, verb, "softphone");
        page.Append(".SH EXIT STATUS\n");
        foreach (var code in Enum.GetValues<ExitCode>()) page.Append($".TP\n.B {(int)code}\n{Plain(ExitCodes.Meaning(code))}\n");
        page.Append(".SH FILES\n");
        foreach (var (path, about) in Files) page.Append($".TP\n.I {Plain(path)}\n{Plain(about)}\n");
        page.Append(".SH SEE ALSO\n.BR baresip (1),\n.BR sngrep (8),\n.BR turnserver (1)\n");
        return page.ToString();
    }

    private static void Append(StringBuilder page, Command command, string parent)
    {
        if (command.Hidden) return;
        var path = $"{parent} {command.Name}";
        if (command.Subcommands.Count > 0)
        {
            foreach (var part in command.Subcommands) Append(page, part, path);
            if (command is not Verb) return;
        }

        page.Append($".SS {Plain(path)}{Arguments(command)}\n");
        Paragraphs(page, command is Verb { About: var about } ? about : command.Description ?? "");
        foreach (var option in command.Options.Where(o => !o.Hidden))
        {
            var names = string.Join(", ", new[] { option.Name }.Concat(option.Aliases).Distinct().Order(StringComparer.Ordinal).Select(Plain));
            var value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" \\fI{Plain(option.HelpName)}\\fR";
            page.Append($".TP\n\\fB{names}\\fR{value}\n{Plain(option.Description ?? "")}\n");
        }

        if (command is not Verb { Examples: { Length: > 0 } examples }) return;
        page.Append(".PP\nExamples:\n.PP\n.nf\n.RS\n");
        foreach (var line in examples.Split('\n')) page.Append($"{Plain(line)}\n");
        page.Append(".RE\n.fi\n");
    }

    private static string Arguments(Command command) =>
        string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => $" {Plain((a.HelpName ?? a.Name).ToUpperInvariant())}"));

    /// <summary>Text as it is told by --help: indented lines stay as they are, the rest is filled.</summary>
    private static void Paragraphs(StringBuilder page, string text)
    {
        var isVerbatim = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var verbatim = line.StartsWith("  ", StringComparison.Ordinal);
            if (verbatim != isVerbatim) page.Append(verbatim ? ".PP\n.nf\n" : ".fi\n");
            isVerbatim = verbatim;
            page.Append(line.Length == 0 ? ".PP\n" : $"{Plain(line)}\n");
        }

        if (isVerbatim) page.Append(".fi\n");
    }

    /// <summary>So that roff shows it as it stands.</summary>
    private static string Plain(string text)
    {
        var plain = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return plain.StartsWith('.') || plain.StartsWith('\'') ? $"\\&{plain}" : plain;
    }
}
