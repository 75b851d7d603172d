using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// One line of history.jsonl: a call that is over, or the moment until which missed calls were seen. What is not there is left out, so
/// that other versions can read it.
/// </summary>
internal sealed record KeptLine
{
    /// <summary>When the call began; null in a line that has only <see cref="Seen"/>.</summary>
    public DateTimeOffset? At { get; init; }

    public string? Direction { get; init; }

    public string? Peer { get; init; }

    public string? Name { get; init; }

    public string? Account { get; init; }

    public int Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>Seconds from answer to end; null when it was not answered.</summary>
    public double? TalkedS { get; init; }

    public string? Path { get; init; }

    public string? Codec { get; init; }

    public double? Mos { get; init; }

    public string? Explanation { get; init; }

    public bool Missed { get; init; }

    /// <summary>How it was turned away as the person had it: DoNotDisturb, Always, Busy, NoAnswer; null when it was not.</summary>
    public string? TurnedAway { get; init; }

    /// <summary>The name of the file of its record; null when there is none.</summary>
    public string? Record { get; init; }

    /// <summary>Calls that were missed before this moment were seen.</summary>
    public DateTimeOffset? Seen { get; init; }

    /// <summary>The call that began then was taken out of the history; <see cref="Peer"/> and <see cref="Record"/> are its own.</summary>
    public DateTimeOffset? Gone { get; init; }

    /// <summary>It was brought back.</summary>
    public DateTimeOffset? Back { get; init; }

    public static KeptLine Of(HistoryEntry entry) => new()
    {
        At = entry.At,
        Direction = entry.Direction == CallDirection.Incoming ? "in" : "out",
        Peer = entry.Peer,
        Name = OrNull(entry.Name),
        Account = OrNull(entry.Account),
        Status = entry.Status,
        Reason = OrNull(entry.Reason),
        TalkedS = entry.Talked is { } talked ? Math.Round(talked.TotalSeconds, 3) : null,
        Path = OrNull(entry.Path),
        Codec = OrNull(entry.Codec),
        Mos = entry.Mos is { } mos && double.IsFinite(mos) ? Math.Round(mos, 2) : null,
        Explanation = OrNull(entry.Explanation),
        Missed = entry.IsMissed,
        TurnedAway = entry.TurnedAway == Softphone.Phone.TurnedAway.No ? null : entry.TurnedAway.ToString(),
        Record = OrNull(entry.File),
    };

    /// <summary>The call; null when this line is none.</summary>
    public HistoryEntry? ToEntry() => At is not { } at || Peer is null || Direction is not ("in" or "out") ? null : new HistoryEntry(
        at,
        Direction == "in" ? CallDirection.Incoming : CallDirection.Outgoing,
        Peer,
        Name ?? "",
        Account ?? "",
        Status,
        Reason ?? "",
        TalkedS is { } talked and >= 0 and < 1e9 ? TimeSpan.FromSeconds(talked) : null,
        Path ?? "",
        Codec ?? "",
        Mos,
        Explanation ?? "",
        Missed)
    {
        TurnedAway = Enum.TryParse<TurnedAway>(TurnedAway, out var turned) && Enum.IsDefined(turned) ? turned : default,
        File = Record is { } file && RecordStore.IsName(file) ? file : "",
    };

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
