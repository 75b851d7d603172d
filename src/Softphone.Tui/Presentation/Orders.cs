using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>The columns that lists can be sorted by, the same in a panel as on the whole screen.</summary>
internal static class Orders
{
    public static ListOrder<HistoryEntry> OfHistory() => new(
        ("when", true, null),
        ("peer", false, (a, b) => Compare(HistoryText.Who(a), HistoryText.Who(b))),
        ("result", false, (a, b) => Compare(HistoryText.Result(a), HistoryText.Result(b))),
        ("time", true, (a, b) => Nullable.Compare(a.Talked, b.Talked)),
        ("MOS", true, (a, b) => Nullable.Compare(a.Mos, b.Mos)),
        ("account", false, (a, b) => Compare(a.Account, b.Account)));

    public static ListOrder<Contact> OfContacts() => new(
        ("name", false, ByName),
        ("address", false, (a, b) => Compare(Wording.Address(a.Uri), Wording.Address(b.Uri))),
        ("account", false, (a, b) => Compare(a.Account ?? "", b.Account ?? "")));

    public static ListOrder<CallView> OfCalls() => new(
        ("#", false, null),
        ("peer", false, (a, b) => Compare(Wording.Who(a), Wording.Who(b))),
        ("state", false, (a, b) => a.State.CompareTo(b.State)),
        ("time", true, (a, b) => Nullable.Compare(a.Talked, b.Talked)),
        ("MOS", true, (a, b) => Nullable.Compare(a.Quality.Minute.Mos, b.Quality.Minute.Mos)));

    private static int ByName(Contact a, Contact b) => Compare(a.Name, b.Name);

    private static int Compare(string a, string b) => string.CompareOrdinal(Letters.Fold(a), Letters.Fold(b));
}
