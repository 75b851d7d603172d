using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Softphone.Nat;

/// <summary>
/// Credentials that end by themselves, made of a secret that a web service and a TURN server share (draft-uberti-behave-turn-rest):
/// the username starts with the second of 1970 at which it ends, the password is base64 of HMAC-SHA1 of the username.
/// </summary>
/// <param name="Username">"expiry:user", or "expiry" alone.</param>
/// <param name="Password">Base64.</param>
public readonly record struct TurnRestCredentials(string Username, string Password)
{
    private const long EarliestTime = 1_000_000_000;
    private const long LatestTime = 9_999_999_999;

    /// <param name="secret">What the service and the server share.</param>
    /// <param name="user">Who it is for; may be empty.</param>
    /// <param name="expiry">Seconds since 1970 at which the credentials end.</param>
    public static TurnRestCredentials Create(string secret, string user, long expiry)
    {
        var stamp = expiry.ToString(CultureInfo.InvariantCulture);
        var username = user.Length == 0 ? stamp : $"{stamp}:{user}";
        return new TurnRestCredentials(username, PasswordOf(secret, username));
    }

    /// <summary>The password that belongs to a username.</summary>
    public static string PasswordOf(string secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));

    /// <summary>When a username ends, in seconds since 1970; false for a username of another kind, which never ends.</summary>
    public static bool TryGetExpiry(ReadOnlySpan<char> username, out long expiry)
    {
        var colon = username.IndexOf(':');
        return long.TryParse(colon < 0 ? username : username[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out expiry);
    }

    /// <summary>
    /// What to look at when a server refuses this username. A service's credentials most likely are past their time, which the name itself tells;
    /// a telephone number for a name is no time.
    /// </summary>
    internal static string RemedyOf(string username)
    {
        const string Check = "check username and password";
        if (!TryGetExpiry(username, out var expiry) || expiry is < EarliestTime or > LatestTime) return Check;
        var end = DateTimeOffset.FromUnixTimeSeconds(expiry).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"by its own name this username was good until {end} UTC only: when that is past, get new credentials, else {Check}";
    }

    /// <summary>Who a username is for, without the time at which it ends; another kind of username as it is.</summary>
    public static string UserOf(string username) =>
        !TryGetExpiry(username, out _) ? username : username.IndexOf(':') is var colon and >= 0 ? username[(colon + 1)..] : "";

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{nameof(TurnRestCredentials)} {Username}";
}
