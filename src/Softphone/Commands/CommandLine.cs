using System.CommandLine;
using System.CommandLine.Help;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>The front of the program: verbs and flags in, an exit code out. A contract with scripts (golden tests hold it).</summary>
internal static class CommandLine
{
    private const string About =
        """
        A phone for the terminal: SIP with its own ICE, for people and for scripts.

        Start here:
          softphone                                        the phone on the full screen; the first time it asks for an account
          softphone demo --tui                             the same in a virtual internet, nothing to set up
          softphone demo                                   a whole call in a virtual internet, nothing to set up
          softphone profile add office --uri sip:201@pbx.example.net
          softphone call sip:202@pbx.example.net --for 20s
          softphone help call                              what a verb does, its flags and its exit codes
        """;

    /// <summary>Runs one command. Mistakes on the command line are told on standard error and end with <see cref="ExitCode.Usage"/>.</summary>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args, VerbHandlers handlers, VerbContext context, CancellationToken stop = default)
    {
        var root = Build(handlers, context);
        // `help call` is what people type who know git; a verb of that name would have to be one of the list.
        if (args.Count > 0 && args[0] == "help") args = [.. args.Skip(1).Where(a => a is not ("help" or "version")), "--help"];
        if (args is ["version"]) args = ["--version"];
        var parsed = root.Parse(ExpectFlag.Spread(args), new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        // Help for a verb that there is not is that of no verb.
        if (parsed.Errors.Count > 0 && (parsed.Action is not (VerbHelp or HelpAction) || UnknownVerb(parsed) is not null))
        {
            var mistakes = UnknownVerb(parsed) is { } unknown ? [unknown] : parsed.Errors.Select(e => e.Message).Distinct();
            foreach (var mistake in mistakes) await context.Error.WriteLineAsync($"softphone: {mistake}");
            var verb = parsed.CommandResult.Command is RootCommand ? "" : $" {PathOf(parsed.CommandResult.Command)}";
            await context.Error.WriteLineAsync($"  softphone{verb} --help lists its commands and flags");
            return ExitCode.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are heard by Ending.
                ProcessTerminationTimeout = null,
            };
            return (ExitCode)await parsed.InvokeAsync(configuration, stop);
        }
        catch (UsageException e)
        {
            foreach (var mistake in e.Mistakes) await context.Error.WriteLineAsync($"softphone: {mistake}");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (OutputException e)
        {
            context.Report(e.Fault);
            return ExitCode.Output;
        }
        catch (Exception e)
        {
            await context.TellAsync(e);
            return ExitCode.Internal;
        }
    }

    private static RootCommand Build(VerbHandlers handlers, VerbContext context)
    {
        var root = new RootCommand(About);
        if (handlers.Demo is { } demo) root.Add(DemoCommand.Build(demo, context));
        if (handlers.Call is { } call) root.Add(CallCommand.Build(call, context));
        if (handlers.Answer is { } answer) root.Add(AnswerCommand.Build(answer, context));
        if (handlers.Register is { } register) root.Add(RegisterCommand.Build(register, context));
        if (handlers.Options is { } options) root.Add(OptionsCommand.Build(options, context));
        if (handlers.Message is { } message) root.Add(MessageCommand.Build(message, context));
        if (handlers.Nat is { } nat) root.Add(NatCommand.Build(nat, context));
        if (handlers.IceGather is { } gather) root.Add(IceCommand.Build(gather, context));
        if (handlers.TurnTest is { } relays) root.Add(TurnCommand.Build(relays, context));
        if (LabCommand.Build(handlers, context) is { } lab) root.Add(lab);
        if (handlers.Test is { } test) root.Add(TestCommand.Build(test, context));
        if (handlers.Devices is { } devices) root.Add(DevicesCommand.Build(devices, context));
        root.Add(CallsCommand.Build(context));
        root.Add(KeysCommand.Build(context));
        root.Add(OpenCommand.Build(context));
        root.Add(ProfileCommand.Build(context));
        root.Add(ShellCommands.Completion(context));
        root.Add(ShellCommands.Manual(root, context));
        VerbHelp.Install(root);

        if (handlers.Tui is { } tui)
        {
            var flags = new ProfileFlags();
            var theme = Flags.Word("--theme", "The colours of the screen, for this time (the last chosen when not given)", [.. Theme.All.Select(t => t.Name)]);
            root.Add(flags.Profile);
            root.Add(theme);
            root.SetAction(async (parsed, stop) =>
                (int)await tui.RunAsync(flags.ResolveAll(parsed, context) with { Theme = parsed.GetValue(theme) is { } name ? Theme.Named(name) : null }, context, stop));
        }
        else
        {
            root.SetAction(parsed => new HelpAction().Invoke(parsed));
        }

        return root;
    }

    /// <summary>Where a verb should stand and another word does: which one was probably meant. Null when the mistake is another.</summary>
    private static string? UnknownVerb(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0 || parsed.UnmatchedTokens is not [var word, ..] || word.StartsWith('-')) return null;
        var verbs = command.Subcommands.Select(c => c.Name).ToList();
        var nearest = Nearest.Of(word, verbs);
        var hint = Nearest.Distance(word.ToLowerInvariant(), nearest) <= Math.Max(1, word.Length / 3) ? $"; did you mean {nearest}?" : $"; there are: {string.Join(", ", verbs)}";
        return $"there is no verb \"{word}\"{(command is RootCommand ? "" : $" of {PathOf(command)}")}{hint}";
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {command.Name}" : command.Name;
}
