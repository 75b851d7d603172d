using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The order of a list of dialogs. Where two are alike, the one that began first stands first, so that rows stay where they are.</summary>
/// <param name="Column">By what.</param>
/// <param name="IsFalling">The last, the most, the end of the alphabet first.</param>
public readonly record struct SipDialogOrder(SipDialogColumn Column, bool IsFalling = false)
{
    /// <summary>Those that pass the filter, in this order.</summary>
    public List<SipDialog> Of(IEnumerable<SipDialog> dialogs, SipDialogFilter filter, Instant now)
    {
        var rows = dialogs.Where(d => filter.Matches(d, now)).ToList();
        var order = this;
        rows.Sort((a, b) => order.Compare(a, b, now));
        return rows;
    }

    public int Compare(SipDialog a, SipDialog b, Instant now)
    {
        var by = Column switch
        {
            SipDialogColumn.Time => a.First.CompareTo(b.First),
            SipDialogColumn.Last => a.Last.CompareTo(b.Last),
            SipDialogColumn.Method => string.CompareOrdinal(a.Method, b.Method),
            SipDialogColumn.From => string.Compare(a.From, b.From, StringComparison.OrdinalIgnoreCase),
            SipDialogColumn.To => string.Compare(a.To, b.To, StringComparison.OrdinalIgnoreCase),
            SipDialogColumn.State => (a.StateAt(now), a.Status).CompareTo((b.StateAt(now), b.Status)),
            SipDialogColumn.Messages => a.Count.CompareTo(b.Count),
            _ => string.Compare(a.Account, b.Account, StringComparison.OrdinalIgnoreCase),
        };
        return by != 0 ? IsFalling ? -by : by : a.Number.CompareTo(b.Number);
    }
}
