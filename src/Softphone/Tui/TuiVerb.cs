using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>softphone without a verb: the phone on the full screen of a terminal.</summary>
internal sealed class TuiVerb : IVerb<TuiOptions>
{
    private static readonly TimeSpan KeepingLimit = TimeSpan.FromSeconds(2);

    public async Task<ExitCode> RunAsync(TuiOptions options, VerbContext context, CancellationToken stop)
    {
        var features = TerminalFeatures.From(context.Environment.GetValueOrDefault);
        if (Refusal(features, context) is { } refusal)
        {
            foreach (var line in refusal) await context.Error.WriteLineAsync(line);
            return ExitCode.Usage;
        }

        var held = new Held();
        return await FullScreen.RunAsync(features, context, screen => Run(options, context, screen, held), () => End(context, held));
    }

    private static ExitCode Run(TuiOptions options, VerbContext context, FullScreen screen, Held held)
    {
        var folders = screen.Folders;
        var keys = KeyMapFile.Read(folders.Keys, out var mistakes);
        var locks = held.Locks = new InstanceLocks(context.Environment);
        var inUse = new Dictionary<string, Fault>();
        foreach (var profile in options.Profiles)
            if (!locks.TryTake(profile, out var fault)) inUse[profile.Name] = fault;
        var setup = new TuiSetup
        {
            InUse = [.. inUse.Select(u => (u.Key, u.Value.What))],
            NeedsProfile = options.Profiles.Count + options.Broken.Count == 0,
            ProfileNames = context.Profiles.Names(),
            Keys = keys,
            Theme = options.Theme ?? ThemeOf(folders),
        };
        return screen.Show(setup, () => BootClock.Now, () =>
        {
            held.Keeper = new Keeper(folders);
            var phone = held.Phone = new LiveDesk(context, screen.Inbox, held.Keeper, folders, options, Notice(context)) { Locks = locks, InUse = inUse };
            phone.Start(options);
            foreach (var mistake in mistakes) phone.Tell(mistake, isProblem: true);
            screen.Guard.HangUp = () => phone.HangUp(UiLoop.ShutdownLimit);
            WarmUp.Begin();
            return phone;
        });
    }

    /// <summary>Not a disk and not a sound server may keep the process.</summary>
    private static void End(VerbContext context, Held held)
    {
        if (held.Keeper is { } told) told.Failed = why => context.Error.WriteLine($"softphone: {why}");
        held.Phone?.Dispose();
        held.Locks?.Dispose();
        if (held.Keeper is { } keeper && !context.Ending.Saw(keeper.End(context.Ending.Left(KeepingLimit))))
            context.Report(new Fault(Layer.Internal, "not everything could be kept: the disk of contacts and history takes nothing", $"look at {new KeptFolders(context.Environment).State}"));
    }

    /// <summary>The theme that was chosen last; that of the terminal where none was, or what was kept cannot be read now.</summary>
    internal static Theme ThemeOf(KeptFolders folders)
    {
        try
        {
            return Theme.Named(new SettingsFile(folders.Settings).Load().Theme ?? "") ?? Theme.Terminal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Theme.Terminal;
        }
    }

    /// <summary>Why there can be no full screen here, and what there is instead; null when there can.</summary>
    internal static string[]? Refusal(TerminalFeatures features, VerbContext context)
    {
        var why = Console.IsInputRedirected ? "standard input is not a terminal"
            : !context.IsTerminal ? "standard output is not a terminal"
            : !features.IsUsable && !OperatingSystem.IsWindows() ? $"the terminal ({(context.Environment.GetValueOrDefault("TERM") is { Length: > 0 } term ? $"TERM={term}" : "TERM is not set")}) has no full screen"
            : null;
        return why is null ? null :
        [
            $"softphone: {why}",
            "  without a full screen: softphone call URI, softphone answer, softphone register, all with --json for scripts",
            "  softphone --help lists the commands",
        ];
    }

    private static string Notice(VerbContext context) =>
        context.Environment.GetValueOrDefault("SSH_CONNECTION") is { Length: > 0 } ? $"over SSH: sound is on {Environment.MachineName}" : "";

    /// <summary>What runs behind the screen, as far as it was made.</summary>
    private sealed class Held
    {
        public LiveDesk? Phone { get; set; }

        public Keeper? Keeper { get; set; }

        public InstanceLocks? Locks { get; set; }
    }
}
