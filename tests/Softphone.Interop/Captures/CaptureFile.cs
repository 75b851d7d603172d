namespace Softphone.Interop;

/// <summary>What softphone open says of a capture.</summary>
internal static class CaptureFile
{
    /// <summary>Why media of the last call in it went as it did.</summary>
    public static string Explanation(string file)
    {
        using var reader = PhoneProcess.Here(new Dictionary<string, string>(), ["open", file]);
        reader.WaitForExit(TimeSpan.FromSeconds(60));
        return reader.All("explain").LastOrDefault()?.Text("text") ?? reader.Errors;
    }

    /// <summary>The kinds of problems, each once, the worst first, and their sentences.</summary>
    public static (IReadOnlyList<string> Kinds, string Text) Problems(string file, bool failuresOnly = false)
    {
        using var reader = PhoneProcess.Here(new Dictionary<string, string>(), ["open", file, "--problems"]);
        var exit = reader.WaitForExit(TimeSpan.FromSeconds(60));
        if (exit != 0) return ([$"exit-{exit}"], reader.Errors);
        var found = reader.All("capture.problem").Where(p => !failuresOnly || p.Text("severity") == "failure").ToList();
        return ([.. found.Select(p => p.Text("kind")).Distinct()], string.Join('\n', found.Select(p => $"      {p.Text("kind")}: {p.Text("text")}")));
    }
}
