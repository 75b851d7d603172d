namespace Softphone.Sip;

/// <summary>A user and password, and the realm they are for.</summary>
/// <param name="User">The authentication user, which need not be the user of the address.</param>
/// <param name="Password">The password.</param>
/// <param name="Realm">The only realm they answer; null for whatever realm the account's own server or proxy names.</param>
public sealed record DigestCredentials(string User, string Password, string? Realm = null)
{
    public override string ToString() => $"{User}@{Realm ?? "any realm"}";
}
