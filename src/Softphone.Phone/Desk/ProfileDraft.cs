namespace Softphone.Phone;

/// <summary>What the set-up wizard asked.</summary>
/// <param name="Profile">The profile to write; its name is the file's.</param>
/// <param name="Password">A password to keep in a file of its owner alone; null when the profile says where it comes from.</param>
public sealed record ProfileDraft(Profile Profile, string? Password = null)
{
    /// <summary>The profile that the wizard made a moment ago and now mends: its file and account give way to this one's, which may have the same name.</summary>
    public string? Replaces { get; init; }

    /// <summary>The profile, password and all: for a file that its owner alone may read.</summary>
    public Profile Whole => Password is null ? Profile : Profile with { Account = Profile.Account with { Password = new PasswordSource.Literal(Password) } };

    public override string ToString() => $"{Profile.Name} ({Profile.Account.Uri})";
}
