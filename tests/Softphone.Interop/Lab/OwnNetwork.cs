using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>A part that runs itself once more in a network namespace that ends with it, so that nothing outside is met and nothing stays.</summary>
internal static class OwnNetwork
{
    private const string Inside = "SOFTPHONE_PART_INSIDE";

    /// <param name="part">Its name on the command line.</param>
    /// <param name="report">Takes, outside, whether it went well inside.</param>
    /// <param name="claim">What holds when it did.</param>
    /// <param name="only">The cell that is wanted alone, or null.</param>
    /// <param name="prepare">Shell commands before it, inside.</param>
    /// <returns>True inside, where the part goes on.</returns>
    public static bool Enter(string part, Report report, string claim, string? only, string prepare = "true")
    {
        if (Environment.GetEnvironmentVariable(Inside) == part) return true;
        string[] again =
        [
            "-n", "-m", "--", "/bin/sh", "-c", $"ip link set lo up; {prepare}; exec \"$@\"", "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "Softphone.Interop.dll"), part,
            .. only is null ? Array.Empty<string>() : ["--only", only],
        ];
        var start = new ProcessStartInfo("unshare", again);
        start.Environment[Inside] = part;
        using var inside = Process.Start(start)!;
        inside.WaitForExit();
        report.Check(inside.ExitCode == 0, $"{part}: {claim}", inside.ExitCode == 0 ? "" : "see above");
        return false;
    }
}
