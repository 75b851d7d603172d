using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The desk on real sockets: the pump thread owns it, other threads post. Passwords are fetched aside, each account comes when its own
/// is there, and until then the views say what is waited for.
/// </summary>
internal sealed partial class LiveDesk : IPhoneLink, IDisposable
{
    private readonly LiveHost _host;
    private readonly Desk _desk;
    private readonly UiInbox _inbox;
    private readonly VerbContext _context;
    private bool _isShuttingDown;
    private bool _toldDown;

    /// <param name="context">The environment.</param>
    /// <param name="inbox">Where views go.</param>
    /// <param name="options">What the desk starts with.</param>
    /// <param name="shell">Makes what the desk has of the world around it.</param>
    public LiveDesk(VerbContext context, UiInbox inbox, DeskOptions options, Func<LiveDesk, IDeskShell> shell)
    {
        _context = context;
        _inbox = inbox;
        _host = new LiveHost(crash => inbox.TryAdd(new UiSignal.Crashed(crash)));
        _desk = new Desk(shell(this), options);
    }

    /// <summary>Starts the pump and the accounts.</summary>
    public void Start(IEnumerable<Profile> profiles, IEnumerable<BrokenProfile> broken)
    {
        _host.Start(_desk, _desk.TryQuery, _desk.Resolved, _desk.NetworkChanged, Drained);
        foreach (var profile in broken) Post(_ => _waiting.Add(new WaitingAccount(profile.Name, "") { Problem = new Fault(Layer.Profile, profile.Mistake, $"softphone profile edit {profile.Name}") }));
        foreach (var profile in profiles) Add(profile);
    }

    public DateTimeOffset WallClock(Instant at) => _host.WallClock(at).ToLocalTime();

    public void Do(PhoneCommand command) => Post(now =>
    {
        if (command is PhoneCommand.Register { Account: var name } && Retry(name)) return;
        _desk.Do(now, command);
    });

    public void Watch(CallId? call) => Post(_ => _desk.Watch = call);

    public void AskView()
    {
        if (!Post(now => _inbox.TryAdd(new UiSignal.View(Complete(_desk.View(now)))))) _inbox.TryAdd(new UiSignal.Down());
    }

    /// <summary>A line for the person, from any thread.</summary>
    public void Tell(string text, bool isProblem = false) => Post(now => _desk.Tell(now, text, isProblem: isProblem));

    public void Shutdown()
    {
        var posted = Post(now =>
        {
            _isShuttingDown = true;
            _desk.Shutdown(now);
        });
        if (!posted) _inbox.TryAdd(new UiSignal.Down());
    }

    public void Dispose()
    {
        foreach (var keeper in _credentials) keeper.Dispose();
        _host.Dispose();
        foreach (var account in _desk.Accounts) account.Phone.Dispose();
    }

    private bool Post(Action<Instant> action) => _host.Do(action);

    private void Drained(Instant now)
    {
        if (!_isShuttingDown || _toldDown || !_desk.IsDown) return;
        _toldDown = true;
        _inbox.TryAdd(new UiSignal.Down());
    }
}
