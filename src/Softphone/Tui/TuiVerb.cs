using System.Runtime.InteropServices;
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

        var folders = new KeptFolders(context.Environment);
        using var inbox = new UiInbox();
        using var screen = new TerminalSession(features, inbox, new ErrorLog(folders.Errors));
        using var guard = new CrashGuard(folders, context.Error, screen.Leave, context.Ending);
        using var ends = new ScreenEnding(context.Ending, () => inbox.TryAdd(new UiSignal.Stop(PosixSignal.SIGTERM)), () => guard.HangUp?.Invoke(), screen.Leave);
        return await Task.Factory.StartNew(() => Run(options, context, folders, inbox, screen, guard, ends), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The UI thread. The first frame is drawn before the phone is made.</summary>
    private static ExitCode Run(TuiOptions options, VerbContext context, KeptFolders folders, UiInbox inbox, TerminalSession screen, CrashGuard guard, ScreenEnding ends)
    {
        Thread.CurrentThread.Name = "screen";
        LiveDesk? phone = null;
        Keeper? keeper = null;
        InstanceLocks? locks = null;
        var code = ExitCode.Internal;
        try
        {
            var keys = KeyMapFile.Read(folders.Keys, out var mistakes);
            locks = new InstanceLocks(context.Environment);
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
            screen.Use(setup.Theme);
            var loop = new UiLoop(screen, inbox, new TuiMachine(setup), Attention.For(context.Environment.GetValueOrDefault), () => BootClock.Now);
            screen.Begin();
            return code = loop.Run(() =>
            {
                keeper = new Keeper(folders);
                phone = new LiveDesk(context, inbox, keeper, folders, options, Notice(context)) { Locks = locks, InUse = inUse };
                phone.Start(options);
                foreach (var mistake in mistakes) phone.Tell(mistake, isProblem: true);
                var made = phone;
                guard.HangUp = () => made.HangUp(UiLoop.ShutdownLimit);
                WarmUp.Begin();
                return phone;
            });
        }
        catch (Exception e)
        {
            guard.Tell(e);
            if (e is not PhoneCrashException) guard.HangUp?.Invoke();
            return ExitCode.Internal;
        }
        finally
        {
            screen.Leave();
            ends.HasLeft();
            guard.HangUp = null;
            // Nobody looks any more, and nothing below may keep the process: not a disk, not a sound server.
            context.Ending.CountDown((int)code);
            if (keeper is not null) keeper.Failed = why => context.Error.WriteLine($"softphone: {why}");
            phone?.Dispose();
            locks?.Dispose();
            if (keeper is not null && !context.Ending.Saw(keeper.End(context.Ending.Left(KeepingLimit))))
                context.Report(new Fault(Layer.Internal, "not everything could be kept: the disk of contacts and history takes nothing", $"look at {folders.State}"));
        }
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
}
