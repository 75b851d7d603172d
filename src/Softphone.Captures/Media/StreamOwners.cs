using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Finds the call of each stream, by the addresses that descriptions name.</summary>
internal static class StreamOwners
{
    /// <summary>Media goes on for a moment after BYE; an address is used again later.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private const int MostOwners = 64;

    public static IReadOnlyList<MediaStream> Assign(IReadOnlyList<CapturedDialog> dialogs, IReadOnlyList<MediaStream> streams)
    {
        var owners = new Dictionary<Address, List<Owner>>();
        foreach (var dialog in dialogs.Where(d => d.Kind == SipDialogKind.Call))
            foreach (var (address, by) in Named(dialog))
            {
                if (!owners.TryGetValue(address, out var list)) owners[address] = list = [];
                if (list.Count < MostOwners && !list.Exists(o => o.Dialog == dialog && o.Party == by)) list.Add(new Owner(dialog, by));
            }

        var byDialog = new Dictionary<CapturedDialog, List<MediaStream>>();
        var told = new List<MediaStream>();
        foreach (var stream in streams)
        {
            var (first, all) = Of(stream, owners);
            var owned = first is { } f ? stream with { Call = f.Dialog.Number, Sender = f.Party } : stream;
            told.Add(owned);
            // The legs of a call share their media where a server lets it go past.
            foreach (var owner in all)
            {
                if (!byDialog.TryGetValue(owner.Dialog, out var own)) byDialog[owner.Dialog] = own = [];
                own.Add(owned with { Sender = owner.Party });
            }
        }

        foreach (var (dialog, own) in byDialog) dialog.Streams = own;
        return told;
    }

    /// <summary>Addresses of descriptions, and of candidates that were told later.</summary>
    private static IEnumerable<(Address Address, Party By)> Named(CapturedDialog dialog) =>
        dialog.Call.Descriptions.SelectMany(d => d.Addresses().Select(a => (a, d.By)))
            .Concat(dialog.Messages.Where(m => m.Fragment is not null).SelectMany(m => m.Fragment!.Candidates.Where(c => c.Address.IsValid).Select(c => (c.Address, dialog.Call.SenderOf(m)))));

    private static (Owner? First, IReadOnlyList<Owner> All) Of(MediaStream stream, Dictionary<Address, List<Owner>> owners)
    {
        var to = Matches(stream, owners.GetValueOrDefault(stream.To)).Select(o => o with { Party = o.Party.Other() });
        var from = Matches(stream, owners.GetValueOrDefault(stream.From));
        // Whom it goes to says more than where it comes from, which a NAT may have changed to anything.
        var all = to.Concat(from).DistinctBy(o => o.Dialog).ToList();
        return (all.Count == 0 ? null : all.OrderByDescending(o => o.Dialog.Began <= stream.Began ? o.Dialog.Began : new Instant(long.MinValue)).ThenBy(o => o.Dialog.Number).First(), all);
    }

    private static IEnumerable<Owner> Matches(MediaStream stream, List<Owner>? owners) =>
        (owners ?? []).Where(o => o.Dialog.Began <= stream.Ended && (o.Dialog.State != DialogState.Ended || stream.Began <= o.Dialog.Ended + Linger));

    private readonly record struct Owner(CapturedDialog Dialog, Party Party);
}
