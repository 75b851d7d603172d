using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// A program of a release of Debian in a folder of its own, made once by mmdebstrap from the mirror that this machine's apt uses and
/// kept between runs.
/// </summary>
internal static class DebianTree
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The release that this machine is of.</summary>
    public static string OwnRelease => File.ReadLines("/etc/os-release").FirstOrDefault(l => l.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal))?.Split('=')[1].Trim('"') ?? "stable";

    /// <summary>The root of the tree; null where it cannot be had, and why.</summary>
    public static string? Obtain(string package, string program, out string why, string release = "unstable")
    {
        why = "";
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var root = Path.Combine(cache, "softphone", $"{(release == "unstable" ? "sid" : release)}-{package}");
        if (File.Exists(root + program)) return root;
        if (Mirror() is not { } mirror)
        {
            why = "apt on this machine has no mirror of Debian";
            return null;
        }

        // What was broken off is begun anew; only a whole tree gets the name that is looked for.
        var unfinished = root + ".unfinished";
        Delete(root);
        Delete(unfinished);
        Directory.CreateDirectory(Path.GetDirectoryName(root)!);
        Console.WriteLine($"  a tree with {package} of Debian {release} is made in {root}");
        var (code, said) = Finish("mmdebstrap", "--quiet", "--variant=apt", "--aptopt=Acquire::Check-Valid-Until \"false\"", $"--include={package}", release, unfinished, mirror);
        if (code != 0 || !File.Exists(unfinished + program))
        {
            why = $"mmdebstrap made none: {said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"it ended with {code}"}";
            return null;
        }

        Directory.Move(unfinished, root);
        return root;
    }

    private static string? Mirror() =>
        Finish("apt-get", "indextargets", "--format", "$(REPO_URI)", "Identifier: Packages", "Label: Debian").Said
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(l => l.Contains("://", StringComparison.Ordinal));

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static (int Code, string Said) Finish(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (process.ExitCode, output.Result + error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (127, $"{program} is not installed");
        }
    }
}
