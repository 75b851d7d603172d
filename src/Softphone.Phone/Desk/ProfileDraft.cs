namespace Softphone.Phone;

/// <summary>What the set-up wizard asked.</summary>
/// <param name="Profile">The profile to write; its name is the file's.</param>
/// <param name="Password">A password to keep in a file of its owner alone; null when the profile says where it comes from.</param>
public sealed record ProfileDraft(Profile Profile, string? Password = null)
{
    /// <summary>The profile that the wizard made a moment ago and now mends: its file and account give way to this one's, which may have the same name.</summary>
    public string? Replaces { get; init; }

    /// <summary>The profile that is changed, as the person saw it; null for a new one.</summary>
    public Profile? Before { get; init; }

    /// <summary>The profile, password and all: for a file that its owner alone may read.</summary>
    public Profile Whole => Password is null ? Profile : Profile with { Account = Profile.Account with { Password = new PasswordSource.Literal(Password) } };

    /// <summary>A password that stands in a file and is not shown: whoever writes the file leaves it as it is.</summary>
    public static PasswordSource Unshown { get; } = new PasswordSource.Literal("");

    /// <summary>The profile as a screen may have it.</summary>
    public static Profile Shown(Profile profile) => profile with
    {
        Account = profile.Account with { Password = Masked(profile.Account.Password) },
        Nat = profile.Nat with { Turn = [.. profile.Nat.Turn.Select(t => t with { Password = Masked(t.Password), Secret = Masked(t.Secret) })] },
    };

    /// <summary>The draft with the passwords that its file has where none was typed.</summary>
    public Profile Over(Profile file)
    {
        var whole = Whole;
        return whole with
        {
            Account = whole.Account with { Password = Of(whole.Account.Password, file.Account.Password) },
            Nat = whole.Nat with { Turn = [.. whole.Nat.Turn.Select((t, i) => i >= file.Nat.Turn.Count ? t : t with { Password = Of(t.Password, file.Nat.Turn[i].Password), Secret = Of(t.Secret, file.Nat.Turn[i].Secret) })] },
        };
    }

    private static PasswordSource? Of(PasswordSource? drafted, PasswordSource? filed) => drafted == Unshown ? filed : drafted;

    private static PasswordSource? Masked(PasswordSource? source) => source is PasswordSource.Literal ? Unshown : source;

    public override string ToString() => $"{Profile.Name} ({Profile.Account.Uri})";
}
