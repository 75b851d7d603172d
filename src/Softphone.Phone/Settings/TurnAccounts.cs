using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// The TURN accounts of a profile. Where the profile has a secret that it shares with the server, the credential is made of it and ends
/// (draft-uberti-behave-turn-rest §2.2): the shell, which has the wall clock, makes the accounts again before that.
/// </summary>
public static class TurnAccounts
{
    /// <summary>How much of its life a credential is used: the rest is for calls to restart in.</summary>
    private const double UsedLife = 0.8;

    /// <summary>The accounts as they are from this moment on.</summary>
    /// <param name="profile">Servers, users, lives.</param>
    /// <param name="secrets">The password or secret of each entry of nat.turn.</param>
    /// <param name="at">The wall clock.</param>
    public static IReadOnlyList<TurnAccount> Of(Profile profile, ProfileSecrets secrets, DateTimeOffset at)
    {
        var accounts = new List<TurnAccount>();
        for (var i = 0; i < profile.Nat.Turn.Count; i++)
        {
            var entry = profile.Nat.Turn[i];
            var (user, password) = CredentialOf(entry, secrets.Turn[i], at);
            foreach (var url in entry.Urls)
                accounts.Add(new TurnAccount(new ServerName(url.Host, url.Port) { IsService = url.IsService }, user, password) { Transport = url.Transport });
        }

        return accounts;
    }

    /// <summary>User and password of one entry of nat.turn from this moment on.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="fetched">Its password or secret.</param>
    /// <param name="at">The wall clock.</param>
    public static (string User, string Password) CredentialOf(TurnProfile entry, string fetched, DateTimeOffset at)
    {
        if (entry.Secret is null) return (entry.User, fetched);
        var made = TurnRestCredentials.Create(fetched, entry.User, (at + entry.Ttl).ToUnixTimeSeconds());
        return (made.Username, made.Password);
    }

    /// <summary>After how long the accounts are to be made again, at 80 % of the shortest life; null when none of them ends.</summary>
    public static TimeSpan? RollOverAfter(Profile profile)
    {
        var lives = profile.Nat.Turn.Where(t => t.Secret is not null).Select(t => t.Ttl).ToList();
        return lives.Count == 0 ? null : lives.Min() * UsedLife;
    }
}
