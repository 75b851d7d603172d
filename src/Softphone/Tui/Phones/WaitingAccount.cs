using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>An account that has no phone yet: its password is being fetched, or something is wrong with it.</summary>
/// <param name="Name">Its profile's name.</param>
/// <param name="Aor">Its address; empty when the profile cannot be read.</param>
internal sealed record WaitingAccount(string Name, string Aor)
{
    /// <summary>To try again with; null when the profile cannot be read.</summary>
    public Profile? Profile { get; init; }

    /// <summary>Why there is no phone; null while it is being made.</summary>
    public Fault? Problem { get; init; }

    /// <summary>A command is asked for a password, which may ask the person.</summary>
    public bool AsksCommand => Problem is null && Profile is { } profile
        && (profile.Account.Password is PasswordSource.Command || profile.Nat.Turn.Any(t => t.Source is PasswordSource.Command));

    public AccountView View => new(Name, Aor, Problem is null ? RegistrationState.Registering : RegistrationState.Failed) { Problem = Problem, Profile = Profile is { } profile ? ProfileDraft.Shown(profile) : null };
}
