using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The desk on real sockets: the pump thread owns it, other threads post. Passwords are fetched aside, each account comes when its own
/// is there, and until then the views say what is waited for.
/// </summary>
internal sealed partial class LiveDesk : IPhoneLink, IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly LiveHost _host;
    private readonly Desk _desk;
    private readonly DeskShell _shell;
    private readonly UiInbox _inbox;
    private readonly VerbContext _context;
    private readonly Keeper _keeper;
    private readonly KeptFolders _folders;
    private readonly PacketMemory _packets = new();
    private readonly PacketCapture _capture;
    private readonly List<PhoneMachine> _phones = [];
    private readonly ManualResetEventSlim _isDown = new();
    private volatile Exception? _crash;
    private bool _isShuttingDown;
    private bool _toldDown;

    /// <param name="context">The environment.</param>
    /// <param name="inbox">Where views go.</param>
    /// <param name="keeper">What was kept, and is to be.</param>
    /// <param name="folders">Where files go.</param>
    /// <param name="options">The accounts; the first one's devices are used.</param>
    /// <param name="notice">What a person must know all the time; empty when nothing.</param>
    public LiveDesk(VerbContext context, UiInbox inbox, Keeper keeper, KeptFolders folders, TuiOptions options, string notice)
    {
        (_context, _inbox, _keeper, _folders) = (context, inbox, keeper, folders);
        var faults = new FaultLog(folders, line => Tell(line, isProblem: true));
        _host = new LiveHost(crash =>
        {
            _crash = crash;
            inbox.TryAdd(new UiSignal.Crashed(crash));
        }, faults, fault => _desk!.Tell(_host!.Now, $"{fault.What}: {fault.Remedy}", isProblem: true));
        _capture = new PacketCapture(_packets);
        _shell = new DeskShell(this, options.Audio, keeper, folders, context);
        _desk = new Desk(_shell, new DeskOptions
        {
            History = keeper.History,
            Contacts = keeper.Contacts,
            Account = keeper.Settings.Account ?? (options.Profiles.Count > 0 ? options.Profiles[0].Name : ""),
            VolumeDb = keeper.Settings.VolumeDb,
            Country = Region.Of(context.Environment),
            Notice = notice,
        });
        _desk.Broke = (_, where, error) => faults.Note(where, error);
        keeper.Failed = why => Tell(why, isProblem: true);
    }

    /// <summary>Tells other softphones which profiles are used here; null tells nobody.</summary>
    public InstanceLocks? Locks { get; init; }

    /// <summary>Profiles that another softphone uses: they wait until somebody registers them here too.</summary>
    public IReadOnlyDictionary<string, Fault> InUse { get; init; } = new Dictionary<string, Fault>();

    /// <summary>Starts the pump and the accounts.</summary>
    public void Start(TuiOptions options)
    {
        _host.Start(new CapturedMachine(_desk, _capture, () => _host.Now, _host.WallClock), _desk.TryQuery, _desk.Resolved, _desk.NetworkChanged, Drained);
        Post(now =>
        {
            foreach (var profile in options.Profiles)
            {
                if (InUse.TryGetValue(profile.Name, out var fault))
                    _waiting.Add(new WaitingAccount(profile.Name, profile.Account.Uri) { Profile = profile, Problem = fault with { Remedy = $"R registers it here too; {fault.Remedy}" } });
                else
                    Wait(profile);
            }

            foreach (var profile in options.Broken)
                _waiting.Add(new WaitingAccount(profile.Name, "") { Problem = new Fault(Layer.Profile, profile.Mistake, $"softphone profile edit {profile.Name}") });
            foreach (var what in _keeper.Unreadable) _desk.Tell(now, what, isProblem: true);
            _keeper.RecallRegistrations(WallClock(now), now, failed => Post(_ => _desk.RecalledRegistrations(failed)));
        });
    }

    public DateTimeOffset WallClock(Instant at) => _host.WallClock(at).ToLocalTime();

    public void Do(PhoneCommand command) => Post(now =>
    {
        if (command is PhoneCommand.Register { Account: var name } && Retry(name)) return;
        if (command is PhoneCommand.UseTheme theme)
        {
            _keeper.Remember(s => s with { Theme = theme.Name });
            return;
        }

        _desk.Do(now, command);
        if (command is PhoneCommand.Volume volume) _keeper.Remember(s => s with { VolumeDb = volume.Decibels });
        if (command is PhoneCommand.UseAccount use) _keeper.Remember(s => s with { Account = use.Account });
    });

    public void Watch(CallId? call) => Post(_ => _desk.Watch = call);

    public void AskView()
    {
        if (Post(now => _inbox.TryAdd(new UiSignal.View(Complete(_desk.View(now)))))) return;
        _inbox.TryAdd(_crash is { } crash ? new UiSignal.Crashed(crash) : new UiSignal.Down());
    }

    /// <summary>A line for the person, from any thread.</summary>
    public void Tell(string text, bool isProblem = false, bool isAnswer = false) => Post(now => _desk.Tell(now, text, isProblem: isProblem, isAnswer: isAnswer));

    public void Shutdown()
    {
        var posted = Post(now =>
        {
            _isShuttingDown = true;
            _desk.Shutdown(now);
        });
        if (posted) return;
        _isDown.Set();
        _inbox.TryAdd(new UiSignal.Down());
    }

    /// <summary>Shuts down and waits for it, when there is no UI thread any more that would; from any thread but the pump's.</summary>
    public void HangUp(TimeSpan limit)
    {
        Shutdown();
        _isDown.Wait(limit);
    }

    public void Dispose()
    {
        var ended = _context.Ending.Saw(_host.End(_context.Ending.Left(EndLimit)));
        foreach (var keeper in _credentials.Values) keeper.Dispose();
        if (ended)
        {
            _desk.Dispose();
            foreach (var phone in _phones) phone.Dispose();
            _capture.Dispose();
        }

        _shell.Dispose();
        _isDown.Dispose();
    }

    private bool Post(Action<Instant> action) => _host.Do(action);

    private void Drained(Instant now)
    {
        if (!_isShuttingDown || _toldDown || !_desk.IsDown) return;
        _toldDown = true;
        _isDown.Set();
        _inbox.TryAdd(new UiSignal.Down());
    }
}
