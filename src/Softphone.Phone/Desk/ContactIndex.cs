using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Finds contacts: by their names, and by the addresses of peers. A contact with a whole address means that user at that host; one that is a
/// bare user or number means it wherever it is, since servers write their own address behind it.
/// </summary>
internal sealed class ContactIndex
{
    /// <summary>Digits from which a number is the same person at every provider; below it is an extension.</summary>
    private const int PublicNumber = 6;

    private readonly Dictionary<string, Contact> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Contact> _byAddress = new(StringComparer.OrdinalIgnoreCase);

    public ContactIndex(IEnumerable<Contact> contacts)
    {
        foreach (var contact in contacts)
        {
            _byName.TryAdd(contact.Name.Trim(), contact);
            foreach (var key in KeysOf(contact.Uri)) _byAddress.TryAdd(key, contact);
        }
    }

    public Contact? Named(string name) => _byName.GetValueOrDefault(name.Trim());

    /// <summary>Who this address of a peer is; null when nobody knows.</summary>
    public Contact? At(string peer)
    {
        if (_byAddress.Count == 0 || !SipUri.TryParse(peer, out var uri, out _)) return null;
        var user = uri.DisplayUser;
        if (uri.IsSip && _byAddress.TryGetValue($"{user}@{uri.Host}", out var exact)) return exact;
        return user.Length > 0 && _byAddress.TryGetValue(DialTarget.TryNumber(user, out var number) ? number : user, out var bare) ? bare : null;
    }

    private static IEnumerable<string> KeysOf(string address)
    {
        var text = address.Trim();
        if (DialTarget.TryNumber(text, out var number))
        {
            yield return number;
            yield break;
        }

        var isWritten = text.Contains(':');
        if (!SipUri.TryParse(isWritten ? text : $"sip:{text}", out var uri, out _)) yield break;
        if (!isWritten && !text.Contains('@'))
        {
            yield return text;
            yield break;
        }

        var user = uri.DisplayUser;
        if (uri.IsSip) yield return $"{user}@{uri.Host}";
        if (DialTarget.TryNumber(user, out number) && (uri.IsTel || number.Length >= PublicNumber)) yield return number;
    }
}
