using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// What other programs were seen to send, as public bug reports tell of it, and further inputs of the same kinds, given to the executable by
/// a peer who writes octets by hand. In a network namespace of its own that ends with it.
/// </summary>
internal static class OddTrial
{
    private const string Inside = "SOFTPHONE_ODD_INSIDE";

    private static readonly IReadOnlyList<(string Name, Action<AttackField> Run)> Cells =
    [
        ("offers", OddDescriptions.Offers),
        ("answers", OddDescriptions.Answers),
        ("dialogs", OddDialogs.Run),
        ("registrars", OddRegistrars.Run),
        ("media", OddMedia.Run),
        ("ICE", OddIce.Run),
        ("TURN", OddTurn.Run),
    ];

    public static void Run(string runRoot, Report report, string? only)
    {
        if (Environment.GetEnvironmentVariable(Inside) is null)
        {
            string[] again = ["-n", "-m", "--", "/bin/sh", "-c", "ip link set lo up; exec \"$@\"", "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "Softphone.Interop.dll"), "odd"];
            var start = new ProcessStartInfo("unshare", only is null ? again : [.. again, "--only", only]);
            start.Environment[Inside] = "1";
            using var inside = Process.Start(start)!;
            inside.WaitForExit();
            report.Check(inside.ExitCode == 0, "odd: each is taken for what it is", inside.ExitCode == 0 ? "" : "see above");
            return;
        }

        var folder = Path.Combine(runRoot, $"odd{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        foreach (var (name, run) in Cells.Where(c => report.Wants(c.Name)))
        {
            var clock = Stopwatch.StartNew();
            run(new AttackField(folder, report, name));
            report.Tell($"  {name}: {clock.Elapsed.TotalSeconds:F0} s");
        }

        if (report.IsGood) Directory.Delete(folder, recursive: true);
    }
}
