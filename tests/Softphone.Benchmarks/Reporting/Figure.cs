namespace Softphone.Benchmarks;

/// <summary>One measured line of the table.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Nanoseconds">Time of one operation in the fastest iteration; null when there was no result.</param>
/// <param name="Bytes">Octets that one operation allocates.</param>
/// <param name="Aim">The bounds.</param>
internal sealed record Figure(string Name, double? Nanoseconds, long Bytes, AimAttribute? Aim)
{
    public bool IsMissed => Nanoseconds is null
        || Aim is { } aim && ((aim.Nanoseconds > 0 && Nanoseconds >= aim.Nanoseconds) || (aim.Bytes >= 0 && Bytes > aim.Bytes));

    public override string ToString()
    {
        var time = Nanoseconds is { } ns ? Time(ns) : "no result";
        return $"  {Name,-62}{time,11}{Octets(Bytes),12}   {AimText()}".TrimEnd();
    }

    public static string Octets(long bytes) => bytes < 10_000 ? $"{bytes} B" : $"{bytes / 1024.0:0.0} KiB";

    private static string Time(double ns) => ns switch
    {
        < 1000 => $"{ns:0.0} ns",
        < 1_000_000 => $"{ns / 1000:0.00} µs",
        _ => $"{ns / 1_000_000:0.00} ms",
    };

    private string AimText()
    {
        if (Aim is not { } aim) return "";
        var time = aim.Nanoseconds <= 0 ? "" : aim.Nanoseconds < 1000 ? $"{aim.Nanoseconds:0} ns" : $"{aim.Nanoseconds / 1000:0} µs";
        var bytes = aim.Bytes < 0 ? "" : $"{aim.Bytes} B";
        return $"{time}{(time.Length > 0 && bytes.Length > 0 ? ", " : "")}{bytes}{(IsMissed ? "  MISSED" : "")}";
    }
}
