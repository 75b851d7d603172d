namespace Softphone.Interop;

/// <summary>Counts checks and prints each as it is decided; the last line is what the landing check reads.</summary>
internal sealed class Report
{
    private int _passed;
    private int _failed;
    private int _skipped;

    public bool Check(bool holds, string name, string detail = "")
    {
        if (holds) _passed++;
        else _failed++;
        if (!holds || detail.Length > 0) Console.WriteLine($"{(holds ? "  ok  " : "  FAIL")} {name}{(detail.Length > 0 ? ": " + detail : "")}");
        return holds;
    }

    public void Skip(string name, string why)
    {
        _skipped++;
        Console.WriteLine($"  skip {name}: {why}");
    }

    /// <summary>Prints the count; the exit code.</summary>
    public int Close()
    {
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _failed == 0 && _passed > 0 ? 0 : 1;
    }
}
