using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>Users by shared secret, whom the server does not know before they come (draft-uberti-behave-turn-rest §2.2).</summary>
public sealed partial class TurnServer
{
    private readonly Dictionary<string, TurnUser> _guests = new(StringComparer.Ordinal);

    /// <summary>The user of a request, by name; null when there is none such, or the time of the credential is over.</summary>
    private TurnUser? UserOf(string name, StunMethod method)
    {
        if (_users.TryGetValue(name, out var user)) return user;
        if (_options.SharedSecret.Length == 0 || !TurnRestCredentials.TryGetExpiry(name, out var expiry)) return null;

        // Checked at Allocate (§2.2): what is allocated may live on, unless the options say otherwise.
        if (expiry <= UnixTime && (method == StunMethod.Allocate || _options.EndsWithCredential)) return null;
        return _guests.TryGetValue(name, out user) ? user : new TurnUser(name, _options.Realm, TurnRestCredentials.PasswordOf(_options.SharedSecret, name));
    }

    /// <summary>Only who has proved the password is kept, and while others need the room, only who holds something or may come again.</summary>
    private void Remember(TurnUser user)
    {
        if (_users.ContainsKey(user.Name) || !_guests.TryAdd(user.Name, user) || _guests.Count <= _options.Capacity) return;
        foreach (var (name, guest) in _guests)
            if (guest != user && guest.Allocations == 0) _guests.Remove(name);
    }

    private long UnixTime => (_options.ClockOrigin + (_now - Instant.Zero)).ToUnixTimeSeconds();
}
