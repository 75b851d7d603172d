using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>What is written down when the program fails: what a developer needs, and nothing of the person's.</summary>
internal static partial class CrashReport
{
    private const int LongestMessage = 300;

    private static int _written;

    /// <summary>Writes it and gives the file; null when it cannot be written.</summary>
    /// <param name="folders">Where it goes.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="at">When.</param>
    /// <param name="where">What was under way; empty when the whole program failed.</param>
    public static string? Write(KeptFolders folders, Exception error, DateTimeOffset at, string where = "")
    {
        try
        {
            PrivateFile.CreateFolder(folders.Crashes);
            var number = Interlocked.Increment(ref _written);
            var path = Path.Combine(folders.Crashes, $"{FileNames.Stamp(at)}-{Environment.ProcessId}{(number == 1 ? "" : $"-{number}")}.txt");
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(Text(error, at, where)));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(Exception error, DateTimeOffset at, string where) => PlainText.Lines(
        $"""
        softphone {typeof(CrashReport).Assembly.GetName().Version?.ToString(3)} failed at {at:O}{(where.Length == 0 ? "" : $", {where}")}
        {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}
        TERM={Environment.GetEnvironmentVariable("TERM")}, up {TimeSpan.FromMilliseconds(Environment.TickCount64 - Started):c}

        {Describe(error)}

        """);

    /// <summary>Types and places as they are; what stands in quotes in a message, and every address, is a value that may be anybody's.</summary>
    internal static string Describe(Exception error)
    {
        var text = new StringBuilder();
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (text.Length > 0) text.AppendLine().Append("caused by ");
            text.Append(e.GetType().FullName).Append(": ").AppendLine(CleanMessage(e.Message)).Append(e.StackTrace);
        }

        return text.ToString();
    }

    private static string CleanMessage(string message)
    {
        var clean = Value().Replace(message, "…");
        if (clean.Length > LongestMessage) clean = clean[..LongestMessage] + "…";
        return PlainText.Line(clean);
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|\b(sips?|tel|turns?|stuns?):\S+|\S+@\S+|\b(response|nonce|password|ufrag|pwd|key)\b\s*[=:]\s*\S+""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Value();

    private static readonly long Started = Environment.TickCount64;
}
