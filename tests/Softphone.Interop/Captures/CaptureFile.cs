namespace Softphone.Interop;

/// <summary>What softphone open says of a capture.</summary>
internal static class CaptureFile
{
    /// <summary>The kinds of problems, each once, the worst first, and their sentences.</summary>
    public static (IReadOnlyList<string> Kinds, string Text) Problems(string file, params string[] more)
    {
        using var reader = PhoneProcess.Here(new Dictionary<string, string>(), ["open", file, "--problems", .. more]);
        var exit = reader.WaitForExit(TimeSpan.FromSeconds(60));
        if (exit != 0) return ([$"exit-{exit}"], reader.Errors);
        var found = reader.All("capture.problem");
        return ([.. found.Select(p => p.Text("kind")).Distinct()], string.Join('\n', found.Select(p => $"      {p.Text("kind")}: {p.Text("text")}")));
    }
}
