using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// Makes the TURN accounts of a profile again at 80 % of their life, by the wall clock: it is looked at again and again, for a timer
/// stands still while the machine sleeps and knows nothing of a clock that was set.
/// </summary>
internal sealed class CredentialKeeper : IDisposable
{
    private static readonly TimeSpan LookAtLeast = TimeSpan.FromSeconds(30);

    private readonly Profile _profile;
    private readonly ProfileSecrets _secrets;
    private readonly Lock _gate = new();
    private readonly TimeSpan _life;
    private readonly Action<IReadOnlyList<TurnAccount>> _made;
    private readonly Timer? _timer;
    private DateTimeOffset _madeAt;

    /// <param name="profile">Servers and lives.</param>
    /// <param name="secrets">As fetched; the first accounts were made then.</param>
    /// <param name="made">Called with each new set, on a thread of its own.</param>
    /// <param name="failed">Told, on that thread, why none could be made; it is tried again.</param>
    /// <param name="looks">False leaves the looking to the owner.</param>
    public CredentialKeeper(
        Profile profile, ProfileSecrets secrets, Action<IReadOnlyList<TurnAccount>> made, Action<Exception>? failed = null, bool looks = true)
    {
        (_profile, _secrets, _made, _madeAt) = (profile, secrets, made, secrets.FetchedAt);
        if (TurnAccounts.RollOverAfter(profile) is not { } life)
        {
            _life = TimeSpan.MaxValue;
            return;
        }

        _life = life;
        var pause = life / 20 < LookAtLeast ? life / 20 : LookAtLeast;
        if (looks) _timer = Guarded.Timer(() => Look(DateTimeOffset.UtcNow), pause, pause, failed);
    }

    /// <summary>A clock that went back makes new accounts too: the old ones may last longer, but nobody knows.</summary>
    public void Look(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now >= _madeAt && now - _madeAt < _life) return;
            var accounts = TurnAccounts.Of(_profile, _secrets, now);
            _made(accounts);
            _madeAt = now;
        }
    }

    public void Dispose() => _timer?.Dispose();
}
