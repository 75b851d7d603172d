using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Keys of a row of the history: those of a call that goes on, on the record of one that is over.</summary>
internal static class PastKeys
{
    /// <summary>Takes a row out of the history, and its record with it.</summary>
    public static KeyBinding Delete(Func<HistoryEntry?> selected, string group) => new(["X", "Del"], "", "delete", "take this call out of the history", session =>
    {
        var entry = selected()!;
        session.AskUndoable(
            new PhoneCommand.ForgetCall(entry.Number), new PhoneCommand.RestoreCall(entry.Number), $"the call with {HistoryText.Who(entry)} is out of the history", $"the call with {HistoryText.Who(entry)} is back");
    })
    {
        Group = group,
        Rank = 41,
        Disabled = _ => selected() is null ? "no call is selected" : null,
    };

    /// <param name="selected">The row; null in an empty list.</param>
    /// <param name="group">The heading they stand under in help.</param>
    /// <param name="isExplained">Why it went so stands on the screen already, whole.</param>
    public static IEnumerable<KeyBinding> Of(Func<HistoryEntry?> selected, string group, Func<bool>? isExplained = null)
    {
        yield return On(["Enter", "p"], "open", "levels, quality and path as they were, from the record", 10, call => new CallScreen(call)) with { Name = Bindings.Stats.Name };
        yield return On(["s"], "SIP", "every SIP message of that call", 11, call => new SipScreen(call));
        yield return On(["i"], "ICE", "candidates and checks of that call, and why that path", 12, call => new IceScreen(call));
        yield return Key(["w"], "report", "write the report of that call, and its packets", 14, NeedsRecord, s => s.WithRecord(selected()!, id => s.Ask(new PhoneCommand.SaveReport(id))));
        yield return Key(["e"], "explain", "why that call went as it did", 13, s => NeedsRow(s) ?? (isExplained?.Invoke() == true ? "it stands below, under Why" : null), s => s.Open(new WhyScreen(selected()!)));

        KeyBinding On(string[] keys, string label, string help, int rank, Func<CallId, Screen> make) =>
            Key(keys, label, help, rank, NeedsRecord, s => s.WithRecord(selected()!, id => s.Open(make(id))));

        KeyBinding Key(string[] keys, string label, string help, int rank, Func<Session, string?> disabled, Action<Session> run) =>
            new(keys, "", label, help, run) { Group = group, Rank = rank, Disabled = disabled };

        string? NeedsRow(Session session) => selected() is null ? "no call is selected" : null;

        string? NeedsRecord(Session session) => NeedsRow(session) ?? (selected()!.Record == RecordPlace.None ? HistoryText.NoRecord(session) : null);
    }
}
