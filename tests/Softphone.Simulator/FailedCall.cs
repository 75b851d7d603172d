using System.Globalization;

using Softphone.Lab;

namespace Softphone.Simulator;

/// <summary>
/// A line of <c>failed-calls.txt</c>: a call that failed once, or with "stay" before it a phone that did not stay registered in a run of those alone. It
/// is run again whenever others are.
/// </summary>
/// <param name="Seed">The seed of its run.</param>
/// <param name="Index">Its number there.</param>
/// <param name="Why">What was wrong.</param>
/// <param name="IsStay">It was a run of phones that stay registered.</param>
internal sealed record FailedCall(ulong Seed, long Index, string Why, bool IsStay = false)
{
    private const string Stay = "stay ";

    /// <summary>The list as it was when this was built.</summary>
    public static IReadOnlyList<FailedCall> All => Read(Path.Combine(AppContext.BaseDirectory, "failed-calls.txt"));

    /// <summary>What a run takes to come to it again.</summary>
    public SimulationOptions Options => new() { OnlyStays = IsStay };

    /// <summary>How a list and a command line name it.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(IsStay ? Stay : "")}{Seed} {Index}");

    public static IReadOnlyList<FailedCall> Read(string file) =>
        [.. File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(Parse)];

    /// <summary>Adds the call to a list, unless it stands there.</summary>
    /// <returns>False when it does.</returns>
    public bool KeepIn(string file)
    {
        if (IsIn(Read(file))) return false;
        File.AppendAllText(file, $"{this}\n");
        return true;
    }

    public bool IsIn(IReadOnlyList<FailedCall> list) => list.Any(c => c.Name == Name);

    public override string ToString() => $"{Name} {Why.ReplaceLineEndings(" ")}";

    public static FailedCall Parse(string line)
    {
        var isStay = line.StartsWith(Stay, StringComparison.Ordinal);
        var parts = (isStay ? line[Stay.Length..] : line).Split(' ', 3);
        return new FailedCall(ulong.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], isStay);
    }
}
