namespace Softphone.Interop;

/// <summary>
/// Which part of a trial that is too long for every day runs today: each of so many parts in turn, by the date in UTC, which is printed
/// with it. All of it runs with --whole.
/// </summary>
internal static class Rotation
{
    /// <summary>Every item of today's part, or all of them.</summary>
    public static IReadOnlyList<T> Of<T>(Report report, IReadOnlyList<T> items, int parts, bool whole)
    {
        if (whole) return items;
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var part = today.DayNumber % parts;
        report.Tell($"  {today:yyyy-MM-dd}: part {part + 1} of {parts}; --whole runs all");
        return [.. items.Where((_, at) => at % parts == part)];
    }
}
