using System.CommandLine;
using System.Reflection;

namespace Softphone.Cli;

/// <summary>softphone completion, and softphone manual, of which packages make the manual page.</summary>
internal static class ShellCommands
{
    private const string AboutCompletion =
        """
        Print the completion script of a shell. It asks the program for the words, and so knows every verb, flag and value.
        """;

    private const string CompletionExamples =
        """
        source <(softphone completion bash)
        softphone completion zsh > ~/.zfunc/_softphone
        softphone completion fish > ~/.config/fish/completions/softphone.fish
        """;

    private const string AboutManual =
        """
        Print the manual page, in roff. man reads it when it stands in a folder of pages.
        """;

    public static Command Completion(VerbContext context)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add(_ => Cli.Completion.Shells.Select(s => new System.CommandLine.Completions.CompletionItem(s)));
        var command = new Verb("completion", AboutCompletion, CompletionExamples, [ExitCode.Output]) { shell };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(shell)!;
            var script = Cli.Completion.For(name) ?? throw new UsageException($"there is no completion for \"{name}\"; there is for {string.Join(", ", Cli.Completion.Shells)}");
            context.Out.Write(script);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    public static Command Manual(RootCommand root, VerbContext context)
    {
        var command = new Verb("manual", AboutManual, "softphone manual | man -l -", [ExitCode.Output]);
        command.SetAction(_ =>
        {
            context.Out.Write(ManualPage.Text(root, VersionOf(typeof(ShellCommands).Assembly)));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string VersionOf(Assembly program) =>
        program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
