namespace Softphone.Interop;

/// <summary>
/// Counts checks and prints each as it is decided; at the end once more what failed and how to run only that. The last line is what the
/// landing check reads. May be used from several threads.
/// </summary>
/// <param name="only">Runs only the cells whose name has this in it; null runs all.</param>
internal sealed class Report(string? only = null)
{
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>The part that runs, for the command that runs it again.</summary>
    public string Part { get; set; } = "";

    /// <summary>Nothing has failed so far.</summary>
    public bool IsGood
    {
        get { lock (_gate) return _failed == 0; }
    }

    /// <summary>One cell alone is wanted.</summary>
    public bool HasOnly => only is not null;

    /// <summary>True when this cell of a part is to be run.</summary>
    public bool Wants(string cell) => only is null || cell.Contains(only, StringComparison.OrdinalIgnoreCase);

    /// <param name="holds">Whether it is as it must be.</param>
    /// <param name="name">What was looked at.</param>
    /// <param name="detail">What was found; a check that holds and has none is only counted.</param>
    /// <param name="cell">The cell of the part, where it can be run alone.</param>
    public bool Check(bool holds, string name, string detail = "", string? cell = null)
    {
        lock (_gate)
        {
            if (holds) _passed++;
            else _failed++;
            var line = $"{name}{(detail.Length > 0 ? ": " + detail : "")}";
            if (!holds || detail.Length > 0) Console.WriteLine($"{(holds ? "  ok  " : "  FAIL")} {line}");
            if (!holds) _failures.Add($"{line}\n      again: ./build.sh interop {Part}{(cell is null ? "" : $" --only '{cell}'")}");
        }

        return holds;
    }

    public void Skip(string name, string why)
    {
        lock (_gate)
        {
            _skipped++;
            Console.WriteLine($"  skip {name}: {why}");
        }
    }

    /// <summary>A line of a table.</summary>
    public void Tell(string line)
    {
        lock (_gate) Console.WriteLine(line);
    }

    /// <summary>Prints what failed and the count; the exit code.</summary>
    public int Close()
    {
        foreach (var failure in _failures) Console.WriteLine($"FAILED {failure}");
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _failed == 0 && _passed > 0 ? 0 : 1;
    }
}
