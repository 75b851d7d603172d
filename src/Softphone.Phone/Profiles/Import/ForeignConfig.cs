namespace Softphone.Phone;

/// <summary>Reads the accounts of other phones. What a file says of anything else is left aside.</summary>
public static class ForeignConfig
{
    /// <summary>A longer file is none of theirs.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Which phone wrote it, by what stands in it; null when it looks like none of them.</summary>
    public static ForeignPhone? KindOf(string text)
    {
        var file = new IniSections(text);
        if (file.Numbered("proxy_").Any() || file.Numbered("auth_info_").Any()) return ForeignPhone.Linphone;
        if (file.Numbered("Account").Any()) return ForeignPhone.MicroSip;
        if (file["", "user_name"] is not null && file["", "user_domain"] is not null) return ForeignPhone.Twinkle;
        if (ForeignText.Lines(text).Any(l => l.StartsWith("--", StringComparison.Ordinal))) return ForeignPhone.Pjsua;
        return BaresipAccounts.Read(text).Any() ? ForeignPhone.Baresip : null;
    }

    /// <summary>Its accounts, in the order of the file; none where it has none of that phone.</summary>
    public static IReadOnlyList<ForeignAccount> Read(ForeignPhone phone, string text) => text.Length > MaxLength ? [] : phone switch
    {
        ForeignPhone.Baresip => [.. BaresipAccounts.Read(text)],
        ForeignPhone.Linphone => [.. LinphoneConfig.Read(text)],
        ForeignPhone.Pjsua => [.. PjsuaConfig.Read(text)],
        ForeignPhone.MicroSip => [.. MicroSipSettings.Read(text)],
        _ => [.. TwinkleProfile.Read(text)],
    };

    /// <summary>The account as a profile.</summary>
    /// <param name="account">What was read.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="errors">What of it is no value for this phone: it is left at our default.</param>
    public static Profile ToProfile(ForeignAccount account, string name, out IReadOnlyList<ProfileError> errors)
    {
        var profile = ProfileOverrides.Apply(new Profile { Name = name }, new Dictionary<string, string>(), account.Settings, new Dictionary<string, string>(), out errors);
        if (account.Password is { Length: > 0 } password) profile = profile with { Account = profile.Account with { Password = new PasswordSource.Literal(password) } };
        return account.TurnPassword is { Length: > 0 } secret && profile.Nat.Turn.Count > 0
            ? profile with { Nat = profile.Nat with { Turn = [.. profile.Nat.Turn.Select(t => t with { Password = new PasswordSource.Literal(secret) })] } }
            : profile;
    }
}
