using System.Globalization;
using System.Diagnostics;

namespace Softphone.Cli;

/// <summary>What a kill left behind: files that <see cref="AtomicFile"/> had begun beside their place, named after a process that is gone.</summary>
internal static class Leftovers
{
    private const string Ending = ".tmp";

    /// <summary>Deletes them; what cannot be deleted stays.</summary>
    /// <param name="folders">Where to look, not below.</param>
    /// <param name="isAlive">Whether a process runs.</param>
    public static void Sweep(IEnumerable<string> folders, Func<int, bool>? isAlive = null)
    {
        isAlive ??= IsAlive;
        foreach (var folder in folders.Where(Directory.Exists))
        {
            try
            {
                foreach (var file in Directory.EnumerateFiles(folder, $"*{Ending}"))
                    if (ProcessOf(file) is { } process && !isAlive(process)) File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that may not be read or written has other troubles, which are told where they matter.
            }
        }
    }

    /// <summary>"contacts.jsonl.4711.tmp" is of process 4711.</summary>
    private static int? ProcessOf(string file)
    {
        var name = Path.GetFileName(file.AsSpan())[..^Ending.Length];
        var dot = name.LastIndexOf('.');
        return dot > 0 && int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : null;
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
