using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What a desk knows of one account: its registration, and what waits at its server.</summary>
internal sealed class DeskLine(DeskAccount account)
{
    private AccountView? _view;
    private RegistrationState? _settled;
    private Instant? _expiresAt;
    private Instant? _retryAt;
    private Instant? _askedAt;
    private TimeSpan? _took;
    private (int New, int Old)? _messages;
    private string _server = "";
    private string _transport = "";

    public DeskAccount Account { get; } = account;

    public PhoneMachine Phone => Account.Phone;

    /// <summary>When it may be advanced again after it threw.</summary>
    public Respite Respite { get; } = new();

    public Instant? NextTimeout => Respite.Delay(Phone.NextTimeout);

    public bool IsStarted { get; set; }

    public bool IsDown { get; set; }

    public RegistrationState State { get; private set; } = RegistrationState.Unregistered;

    /// <summary>Why it is not registered; null when all is well.</summary>
    public Fault? Problem { get; private set; }

    /// <summary>What becomes of its calls where nobody has decided.</summary>
    public CallManners Manners
    {
        get => Phone.MannersOf(Account.Account);
        set
        {
            Phone.SetManners(Account.Account, value);
            _view = null;
        }
    }

    public int NewMessages => _messages?.New ?? 0;

    /// <summary>The traces of its calls.</summary>
    public CallRecords Records { get; } = new(account.Phone);

    /// <summary>What its registrations that failed leave behind.</summary>
    public RegistrationRecords Registrations { get; } = new(account.Phone.Trace, account.Phone.Options.Name);

    /// <summary>This is how it ended the last time too, with nothing but attempts between.</summary>
    public bool HasBeen(RegistrationState state) => _settled == state;

    public void On(PhoneEvent.Registration happened)
    {
        _view = null;
        if (happened.State == RegistrationState.Registering && State != RegistrationState.Registering) _askedAt = happened.At;
        if (happened.State == RegistrationState.Registered && State == RegistrationState.Registering) _took = happened.At - _askedAt;
        State = happened.State;
        _server = happened.Server;
        if (happened.Transport is { } transport) _transport = transport.ToString().ToLowerInvariant();
        _expiresAt = happened is { State: RegistrationState.Registered, Expires: { } expires } ? happened.At + expires : null;
        _retryAt = happened.RetryIn is { } wait ? happened.At + wait : null;
        // While it tries again, what went wrong the last time still stands.
        if (happened.State != RegistrationState.Registering) (_settled, Problem) = (happened.State, happened.Fault);
    }

    public void Waiting(int fresh, int old)
    {
        _view = null;
        _messages = (fresh, old);
    }

    /// <summary>The same object as long as a person would see the same: times count in whole seconds.</summary>
    public AccountView View(Instant now)
    {
        var (expires, retry) = (Until(_expiresAt, now), Until(_retryAt, now));
        if (_view is { } last && last.ExpiresIn == expires && last.RetryIn == retry) return last;
        return _view = new AccountView(Account.Name, Account.Identity.Aor.ToString(), State)
        {
            ExpiresIn = expires,
            RetryIn = retry,
            Server = _server,
            Transport = _transport,
            Problem = Problem,
            RegisteredIn = _took,
            Messages = _messages,
            Manners = Manners,
            Profile = Account.Profile,
        };
    }

    private static TimeSpan? Until(Instant? due, Instant now) =>
        due is not { } at ? null : TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling((at - now).TotalSeconds)));
}
