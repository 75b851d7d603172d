using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The bindings that a registrar lists in its answer (RFC 3261 §10.3 step 8), those of other phones of the user among them, and which of them is
/// ours, whatever servers and NATs have made of its address.
/// </summary>
internal static class Bindings
{
    /// <summary>
    /// The elements that can be read. One broken element is nothing against the others: where a quote or bracket in it does not close, they are
    /// found by the commas alone.
    /// </summary>
    public static List<NameAddr> Read(SipHeaders headers)
    {
        var readable = new List<NameAddr>();
        foreach (var text in headers.GetList(HeaderName.Contact))
        {
            if (NameAddr.TryParse(text, out var contact, out _)) readable.Add(contact);
            else foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
                if (NameAddr.TryParse(part, out var found, out _)) readable.Add(found);
        }

        return readable;
    }

    /// <summary>
    /// Ours: by instance (RFC 5626 §4.1), else by user, which no other phone has, else by address. Among several left it is the one at our address,
    /// else the one that ends first, since what is refreshed too early does no harm; null where nothing is listed.
    /// </summary>
    public static NameAddr? Own(IReadOnlyList<NameAddr> listed, string instance, SipUri contact, Address? seen)
    {
        var ours = Matching(listed, c => instance.Equals(c.Parameters["+sip.instance"]?.Trim('<', '>'), StringComparison.OrdinalIgnoreCase))
            ?? Matching(listed, c => c.Uri.DisplayUser == contact.DisplayUser)
            ?? listed;
        var here = Matching(ours, c => IsAt(c.Uri, contact.Host, contact.EffectivePort))
            ?? (seen is { } address ? Matching(ours, c => IsAt(c.Uri, address.Ip.ToString(), address.Port)) : null)
            ?? ours;
        return here.OrderBy(c => c.Expires is 0 ? uint.MaxValue : c.Expires ?? uint.MaxValue - 1).FirstOrDefault();
    }

    public static bool IsAt(SipUri uri, string host, ushort port)
    {
        if (uri.EffectivePort != port) return false;
        return IpAddress.TryParse(uri.Host, out var one) && IpAddress.TryParse(host, out var other) ? one == other : uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    private static List<NameAddr>? Matching(IReadOnlyList<NameAddr> listed, Func<NameAddr, bool> isMeant)
    {
        var found = listed.Where(isMeant).ToList();
        return found.Count > 0 ? found : null;
    }
}
