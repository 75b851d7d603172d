using System.Diagnostics;
using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>The desk on real sockets of this machine, without a screen.</summary>
public sealed class LiveDeskTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly AudioProfile NoSound = new() { Input = "null", Output = "null", Ring = "null" };

    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-desk-").FullName;
    private readonly UiInbox _inbox = new();
    private readonly VerbContext _context;
    private readonly KeptFolders _folders;

    public LiveDeskTests()
    {
        var environment = new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = _folder,
            ["XDG_STATE_HOME"] = _folder,
            ["DESK_PASSWORD"] = "desk-secret",
            [ServeUsers.Variable] = "desk-secret",
        };
        _context = new VerbContext { Out = TextWriter.Null, Error = TextWriter.Null, Environment = environment };
        _folders = new KeptFolders(environment);
    }

    public void Dispose()
    {
        _inbox.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task TwoAccounts_CallEachOther_AndEverythingIsKept()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("another loopback address is needed");
        using var stop = new CancellationTokenSource();
        var address = IpAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(1, 250)}.9"));
        var server = new ServeVerb().RunAsync(new ServeOptions { Listen = address, Users = ["alice", "bob"], SipsPort = 0, TurnsPort = 0 }, _context, stop.Token);
        using (var keeper = new Keeper(_folders))
        using (var desk = Start(keeper, Account("alice", address), Account("bob", address)))
        {
            Await(desk, v => v.Accounts.Count(a => a.State == RegistrationState.Registered) == 2);
            desk.Do(new PhoneCommand.Dial("bob", "alice"));
            var rings = Await(desk, v => v.Calls.Any(IsRinging)).Calls.First(IsRinging);
            Assert.Equal("bob", rings.Account);
            desk.Do(new PhoneCommand.Answer(rings.Id));
            // One person talks in one call at a time: the desk holds one end of a call with oneself.
            Await(desk, v => v.Calls.Count(c => c.State is CallState.Connected or CallState.Held) == 2 && v.Calls.Any(c => c.Media?.Rx.Packets > 5));
            desk.Do(new PhoneCommand.SaveReport(rings.Id));
            var told = Await(desk, v => v.Events.Any(e => e.Text.StartsWith("report:", StringComparison.Ordinal))).Events[0].Text;
            Assert.Contains("INVITE sip:bob-", File.ReadAllText(Directory.GetFiles(_folders.Reports, "*.md").Single()), StringComparison.Ordinal);
            Assert.True(new FileInfo(Directory.GetFiles(_folders.Reports, "*.pcap").Single()).Length > 4000, told);
            desk.Do(new PhoneCommand.Volume(-6));
            desk.Do(new PhoneCommand.UseAccount("bob"));
            desk.Shutdown();
            AwaitDown();
        }

        using var next = new Keeper(_folders);
        Assert.Equal(["alice", "bob"], next.History.Select(h => h.Account).Order());
        Assert.All(next.History, h => Assert.NotNull(h.Talked));
        Assert.Equal(new KeptSettings { VolumeDb = -6, Account = "bob" }, next.Settings);
        await stop.CancelAsync();
        await server;

        static bool IsRinging(CallView call) => call is { Direction: CallDirection.Incoming, State: CallState.Ringing };
    }

    [Fact]
    public void PasswordCommand_IsAskedAsideAndShown()
    {
        if (OperatingSystem.IsWindows()) return;
        var go = Path.Combine(_folder, "go");
        using var keeper = new Keeper(_folders);
        using var desk = Start(keeper, Local("work", new PasswordSource.Command($"while [ ! -e {go} ]; do sleep 0.02; done; echo secret")), Local("home", null));
        var asking = Await(desk, v => v.Accounts.Count == 2 && v.Notice.Length > 0 && v.Accounts.Any(a => a is { Name: "home", State: RegistrationState.Unregistered }));
        Assert.Equal("asking for the password of work…", asking.Notice);
        File.WriteAllText(go, "");
        Assert.Equal(["home", "work"], Await(desk, v => v.Notice.Length == 0).Accounts.Select(a => a.Name).Order());
    }

    [Fact]
    public void PasswordCommand_ThatFails_IsTriedAgainWhenAsked()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Path.Combine(_folder, "password");
        using var keeper = new Keeper(_folders);
        using var desk = Start(keeper, Local("work", new PasswordSource.Command($"cat {file}")));
        var failed = Await(desk, v => v.Accounts is [{ State: RegistrationState.Failed }]);
        Assert.Contains("password-command", failed.Accounts[0].Problem!.What, StringComparison.Ordinal);
        File.WriteAllText(file, "secret\n");
        desk.Do(new PhoneCommand.Register("work"));
        Await(desk, v => v.Accounts is [{ Problem: null, State: not RegistrationState.Failed }]);
    }

    [Fact]
    public void BrokenProfile_IsShownWithItsMistake()
    {
        using var keeper = new Keeper(_folders);
        using var desk = new LiveDesk(_context, _inbox, keeper, _folders, new TuiOptions([], [new BrokenProfile("old", "old.yaml:3: nat.mode \"icy\"")]), "over SSH");
        desk.Start(new TuiOptions([], [new BrokenProfile("old", "old.yaml:3: nat.mode \"icy\"")]));
        var view = Await(desk, v => v.Accounts.Count == 1);
        Assert.Equal(("old", "old.yaml:3: nat.mode \"icy\"", "over SSH"), (view.Accounts[0].Name, view.Accounts[0].Problem!.What, view.Notice));
    }

    [Fact]
    public void NewProfile_IsWrittenForItsOwnerAloneAndComesToLife()
    {
        using var keeper = new Keeper(_folders);
        using var desk = Start(keeper);
        var profile = Local("desk", null);
        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(profile, "s3cret: #1")));
        Await(desk, v => v.Accounts is [{ Name: "desk", Problem: null }]);
        var path = _context.Profiles.PathOf("desk");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.True(_context.Profiles.TryLoad("desk", out var read, out var mistakes), string.Join('\n', mistakes));
        Assert.Equal("s3cret: #1", Assert.IsType<PasswordSource.Literal>(read.Account.Password).Password);

        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(profile, "other")));
        Await(desk, v => v.Events.Any(e => e.IsProblem && e.Text.Contains("is there already", StringComparison.Ordinal)));
        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(profile with { Name = "desk2" }, "other") { Replaces = "desk" }));
        Await(desk, v => v.Accounts is [{ Name: "desk2", Problem: null }]);
        Assert.Equal(["desk2"], _context.Profiles.Names());
    }

    [Fact]
    public void Profile_MendedWhileItsCommandIsAsked_ComesToLifeOnce()
    {
        if (OperatingSystem.IsWindows()) return;
        var (go, done) = (Path.Combine(_folder, "go"), Path.Combine(_folder, "done"));
        using var keeper = new Keeper(_folders);
        using var desk = Start(keeper);
        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(Local("desk", new PasswordSource.Command($"while [ ! -e {go} ]; do sleep 0.02; done; touch {done}; echo old")))));
        Await(desk, v => v.Notice.Length > 0);
        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(Local("desk", null), "new") { Replaces = "desk" }));
        Await(desk, v => v.Notice.Length == 0 && v.Accounts is [{ Name: "desk", State: not RegistrationState.Failed }]);
        File.WriteAllText(go, "");
        Await(desk, _ => File.Exists(done));
        desk.Do(new PhoneCommand.CreateProfile(new ProfileDraft(Local("later", new PasswordSource.Command("echo x")))));
        Assert.Equal(["desk", "later"], Await(desk, v => v.Notice.Length == 0 && v.Accounts.Count > 1).Accounts.Select(a => a.Name));
    }

    private LiveDesk Start(Keeper keeper, params Profile[] profiles)
    {
        var options = new TuiOptions(profiles, []);
        var desk = new LiveDesk(_context, _inbox, keeper, _folders, options, "");
        desk.Start(options);
        return desk;
    }

    private static Profile Account(string name, IpAddress server) => new()
    {
        Name = name,
        Account = new AccountProfile { Uri = $"sip:{name}@{server}", Registrar = $"sip:{server}", Password = new PasswordSource.Environment("DESK_PASSWORD") },
        Nat = new NatProfile { Mode = NatMode.None },
        Audio = NoSound,
    };

    private static Profile Local(string name, PasswordSource? password) => new()
    {
        Name = name,
        Account = new AccountProfile { Uri = $"sip:{name}@127.0.0.1", Password = password },
        Nat = new NatProfile { Mode = NatMode.None },
        Audio = NoSound,
    };

    /// <summary>The first view that is as wanted.</summary>
    private PhoneView Await(LiveDesk desk, Func<PhoneView, bool> holds)
    {
        var clock = Stopwatch.StartNew();
        PhoneView? last = null;
        while (clock.Elapsed < Patience)
        {
            desk.AskView();
            if (!_inbox.TryTake(out var signal, Patience)) break;
            if (signal is UiSignal.Crashed crash) Assert.Fail(crash.Error.ToString());
            if (signal is not UiSignal.View view) continue;
            last = view.Shown;
            if (holds(last)) return last;
        }

        throw new TimeoutException($"accounts {string.Join(", ", last?.Accounts ?? [])}\ncalls {string.Join(", ", last?.Calls ?? [])}\n{string.Join('\n', last?.Events ?? [])}");
    }

    private void AwaitDown()
    {
        while (_inbox.TryTake(out var signal, Patience))
            if (signal is UiSignal.Down) return;
        Assert.Fail("the desk did not come to its end");
    }
}
