using System.Globalization;

namespace Softphone.Simulator;

/// <summary>A line of <c>failed-calls.txt</c>: a call that failed once, and is run again whenever calls are.</summary>
/// <param name="Seed">The seed of its run.</param>
/// <param name="Index">Its number there.</param>
/// <param name="Why">What was wrong.</param>
internal sealed record FailedCall(ulong Seed, long Index, string Why)
{
    /// <summary>The list as it was when this was built.</summary>
    public static IReadOnlyList<FailedCall> All => Read(Path.Combine(AppContext.BaseDirectory, "failed-calls.txt"));

    public static IReadOnlyList<FailedCall> Read(string file) =>
        [.. File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(Parse)];

    /// <summary>Adds the call to a list, unless it stands there.</summary>
    /// <returns>False when it does.</returns>
    public bool KeepIn(string file)
    {
        if (Read(file).Any(c => c.Seed == Seed && c.Index == Index)) return false;
        File.AppendAllText(file, $"{this}\n");
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seed} {Index} {Why.ReplaceLineEndings(" ")}");

    private static FailedCall Parse(string line)
    {
        var parts = line.Split(' ', 3);
        return new FailedCall(ulong.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }
}
