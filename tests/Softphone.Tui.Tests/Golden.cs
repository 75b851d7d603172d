using System.Runtime.CompilerServices;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>Screens as they were judged good: text files under Golden, one a screen. With SOFTPHONE_GOLDEN=renew they are written anew.</summary>
internal static class Golden
{
    /// <summary>The frame must be this one to the glyph; where the cursor stands is its last line.</summary>
    public static void Check(Surface frame, string name, [CallerFilePath] string source = "") =>
        Check(frame.Cursor is { } at ? $"{frame}\ncursor {at.X},{at.Y}\n" : $"{frame}\n", name, source);

    public static void Check(string text, string name, [CallerFilePath] string source = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(source)!, "Golden", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (expected == text) return;
        var row = text.Split('\n').Zip(expected.Split('\n')).TakeWhile(p => p.First == p.Second).Count();
        Assert.Fail($"Golden/{name}.txt differs from row {row + 1} on. Look at it, and if it is right: SOFTPHONE_GOLDEN=renew dotnet test tests/Softphone.Tui.Tests\n\n{text}\ninstead of\n\n{expected}");
    }
}
