using System.Globalization;

namespace Softphone.Interop;

/// <summary>What one end of an ICE session told at its end, out of its lines.</summary>
internal sealed record PeerEnd
{
    /// <summary>From the other end's description until data could be sent on all components; null when it did not come to it.</summary>
    public double? ConnectedMs { get; private init; }

    /// <summary>The same until all components had their nominated pair.</summary>
    public double? NominatedMs { get; private init; }

    /// <summary>For each component how many of its pings came back.</summary>
    public IReadOnlyDictionary<int, int> Echoed { get; private init; } = new Dictionary<int, int>();

    public IReadOnlyDictionary<int, SelectedPair> Selected { get; private init; } = new Dictionary<int, SelectedPair>();

    public IReadOnlyList<string> Candidates { get; private init; } = [];

    public string Failure { get; private init; } = "";

    public static PeerEnd Of(PeerProcess process)
    {
        var lines = process.Lines;
        return new PeerEnd
        {
            ConnectedMs = Milliseconds(lines, "connected"),
            NominatedMs = Milliseconds(lines, "nominated"),
            Echoed = Words(lines, "data").ToDictionary(w => int.Parse(w[1], CultureInfo.InvariantCulture), w => int.Parse(w[3], CultureInfo.InvariantCulture)),
            Selected = Words(lines, "selected").ToDictionary(w => int.Parse(w[1], CultureInfo.InvariantCulture), w => new SelectedPair(w[2], w[3], w[4], w[5], w[6])),
            Candidates = [.. lines.Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal))],
            Failure = string.Join(' ', lines.Where(l => l.StartsWith("failed", StringComparison.Ordinal)).Append(process.Errors)),
        };
    }

    private static double? Milliseconds(IReadOnlyList<string> lines, string what) =>
        Words(lines, what).FirstOrDefault() is { } words ? double.Parse(words[1], CultureInfo.InvariantCulture) : null;

    private static IEnumerable<string[]> Words(IReadOnlyList<string> lines, string first) =>
        lines.Where(l => l.StartsWith(first + " ", StringComparison.Ordinal)).Select(l => l.Split(' '));
}

/// <summary>The pair that one end sends by: types as ICE names them, addresses as text.</summary>
internal sealed record SelectedPair(string LocalType, string Local, string Base, string RemoteType, string Remote);
