using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Keys of a row of the history: those of a call that goes on, on the record of one that is over.</summary>
internal static class PastKeys
{
    /// <param name="selected">The row; null in an empty list.</param>
    /// <param name="group">The heading they stand under in help.</param>
    public static IEnumerable<KeyBinding> Of(Func<HistoryEntry?> selected, string group)
    {
        yield return On(["Enter", "p"], "call", "levels, quality and path as they were, from the record", 10, call => new CallScreen(call));
        yield return On(["s"], "SIP", "every SIP message of that call", 11, call => new SipScreen(call));
        yield return On(["i"], "ICE", "candidates and checks of that call, and why that path", 12, call => new IceScreen(call));
        yield return Key(["w"], "report", "write the report of that call, and its packets", 14, NeedsRecord, s => s.WithRecord(selected()!, id => s.Ask(new PhoneCommand.SaveReport(id))));
        yield return Key(["e"], "explain", "why that call went as it did", 13, NeedsRow, s => s.Open(new WhyScreen(selected()!)));

        KeyBinding On(string[] keys, string label, string help, int rank, Func<CallId, Screen> make) =>
            Key(keys, label, help, rank, NeedsRecord, s => s.WithRecord(selected()!, id => s.Open(make(id))));

        KeyBinding Key(string[] keys, string label, string help, int rank, Func<Session, string?> disabled, Action<Session> run) =>
            new(keys, "", label, help, run) { Group = group, Rank = rank, Disabled = disabled };

        string? NeedsRow(Session session) => selected() is null ? "no call is selected" : null;

        string? NeedsRecord(Session session) => NeedsRow(session) ?? (selected()!.Record == RecordPlace.None ? HistoryText.NoRecord : null);
    }
}
