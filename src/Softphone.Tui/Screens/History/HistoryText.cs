using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A call that is over, in words.</summary>
internal static class HistoryText
{
    /// <summary>The clock for today, day and clock for older calls.</summary>
    public static string When(HistoryEntry entry, DateTimeOffset clock) =>
        (entry.At.Year, entry.At.DayOfYear) == (clock.Year, clock.DayOfYear) ? entry.At.ToString("HH:mm", CultureInfo.InvariantCulture)
        : entry.At.ToString(entry.At.Year == clock.Year ? "d MMM HH:mm" : "d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>What is told where there is nothing to look at.</summary>
    public static string NoRecord(Session session) => $"no record of this call is left: what is known of it stands in the row, and {session.KeyOf(Bindings.Explain)} says why";

    /// <summary>Whether its messages can still be seen, in two words.</summary>
    public static string Record(HistoryEntry entry) => entry.Record switch { RecordPlace.Memory => "record kept", RecordPlace.Disk => "record on disk", _ => "no record" };

    /// <summary>The same as a mark: filled where it is at hand, empty where it is on disk, a stroke where there is none.</summary>
    public static string RecordMark(HistoryEntry entry) => entry.Record switch { RecordPlace.Memory => "●", RecordPlace.Disk => "○", _ => "–" };

    public static string Arrow(HistoryEntry entry) => entry.Direction == CallDirection.Outgoing ? "→" : "←";

    /// <summary>The name where there is one, else the address without its scheme.</summary>
    public static string Who(HistoryEntry entry) => entry.Name.Length > 0 ? entry.Name : Wording.Address(entry.Peer);

    /// <summary>Nobody here took it: the caller gave up or was sent away by nobody.</summary>
    public static bool WasMissed(HistoryEntry entry) =>
        entry.Direction == CallDirection.Incoming && entry.Talked is null && entry.Reason != Elsewhere
            && entry is { Status: not (486 or 600 or 603), TurnedAway: TurnedAway.No };

    /// <summary>How it went, in the same words wherever it stands.</summary>
    public static string Result(HistoryEntry entry)
    {
        if (entry.Talked is not null) return "answered";
        if (entry.TurnedAway == TurnedAway.DoNotDisturb) return "do-not-disturb";
        if (entry.TurnedAway != TurnedAway.No) return "forwarded";
        if (entry.Direction == CallDirection.Incoming) return entry.Reason == Elsewhere ? Elsewhere : WasMissed(entry) ? "missed" : "rejected";
        return entry.Status == 487 ? "cancelled" : entry.Status > 0 ? $"{entry.Status} {entry.Reason}" : entry.Reason;
    }

    private const string Elsewhere = "answered elsewhere";

    public static Style ResultStyle(HistoryEntry entry) =>
        entry.Talked is not null ? Style.Plain
        : entry.IsMissed ? new Style(Color.Yellow, Emphasis: Emphasis.Bold)
        : entry.Direction == CallDirection.Outgoing && entry.Status != 487 ? Color.Red : Style.Dim;

    /// <summary>"4:10", or "1:02:03" of an hour and more; empty when it was not answered.</summary>
    public static string Duration(HistoryEntry entry) =>
        entry.Talked is not { } talked ? "" : talked.TotalHours >= 1 ? talked.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : talked.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    public static string Mos(HistoryEntry entry) => entry.Mos is { } mos ? mos.ToString("0.0", CultureInfo.InvariantCulture) : "";
}
