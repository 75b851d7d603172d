using System.Runtime.InteropServices;
using System.Text;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>What is written down when the program fails: what a developer needs, and nothing of the person's.</summary>
internal static class CrashReport
{
    /// <summary>Writes it and gives the file; null when it cannot be written.</summary>
    public static string? Write(KeptFolders folders, Exception error, DateTimeOffset at)
    {
        try
        {
            PrivateFile.CreateFolder(folders.Crashes);
            var path = Path.Combine(folders.Crashes, $"{FileNames.Stamp(at)}-{Environment.ProcessId}.txt");
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(Text(error, at)));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(Exception error, DateTimeOffset at) => PlainText.Lines(
        $"""
        softphone {typeof(CrashReport).Assembly.GetName().Version?.ToString(3)} failed at {at:O}
        {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}
        TERM={Environment.GetEnvironmentVariable("TERM")}, up {TimeSpan.FromMilliseconds(Environment.TickCount64 - Started):c}

        {error}

        """);

    private static readonly long Started = Environment.TickCount64;
}
