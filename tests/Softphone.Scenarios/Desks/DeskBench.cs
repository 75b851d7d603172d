using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// Desks in the demo's virtual internet, each on a host of its own, all registered. The test gives commands as a person does and lets
/// virtual time pass; a check that does not hold fails with what each desk shows.
/// </summary>
internal sealed class DeskBench : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<string, VirtualDesk> _desks = [];
    private readonly Dictionary<string, (VirtualHost Host, IpAddress Address)> _hosts = [];

    public DeskBench(ulong seed = 1, params string[] users)
    {
        Demo = new DemoWorld(new DemoOptions { Seed = seed, NatA = NatBehavior.None, NatB = NatBehavior.None });
        foreach (var user in users) Add(user);
        Until(() => users.All(u => this[u].View.Accounts[0].State == RegistrationState.Registered), 10, "everybody is registered");
    }

    public DemoWorld Demo { get; }

    public World World => Demo.World;

    public Instant Now => World.Now;

    public VirtualDesk this[string user] => _desks[user];

    /// <summary>A desk without accounts.</summary>
    public VirtualDesk AddDesk(string name, DeskOptions? options = null)
    {
        var address = IpAddress.Parse($"198.51.100.{100 + _desks.Count}");
        var host = World.AddHost(name, World.Public, address, new Link(Delay, default, 0));
        _hosts[name] = (host, address);
        return _desks[name] = new VirtualDesk(host, CodecFactory.Instance, new MemoryShell(), options);
    }

    /// <summary>A desk with one account of the lab's servers.</summary>
    public VirtualDesk Add(string user, DeskOptions? options = null)
    {
        var desk = AddDesk(user, options);
        AddUser(desk, user, o => o with { Referrals = Transfers });
        return desk;
    }

    /// <summary>The account.transfers of those who are added from now on.</summary>
    public ReferralPolicy Transfers { get; init; }

    /// <summary>One more account, with one codec, since most tests do not care.</summary>
    public static DeskAccount AddUser(VirtualDesk desk, string user, Func<PhoneOptions, PhoneOptions>? adjust = null, CallsFrom? callsFrom = null, RecordSettings? records = null) =>
        desk.AddUser(user, o => adjust is null ? o with { Codecs = [SdpCodec.Pcmu] } : adjust(o with { Codecs = [SdpCodec.Pcmu] }), callsFrom, records);

    /// <summary>One calls another, who answers; both talk.</summary>
    public (CallId Caller, CallId Callee) Connect(string caller, string callee)
    {
        this[caller].Do(new PhoneCommand.Dial(callee));
        var mine = this[caller].Call!.Id;
        Until(() => this[callee].Call is { State: CallState.Ringing, Direction: CallDirection.Incoming }, 5, $"{callee} rings");
        var theirs = this[callee].Call!.Id;
        this[callee].Do(new PhoneCommand.Answer(theirs));
        Until(() => IsIn(caller, mine, CallState.Connected) && IsIn(callee, theirs, CallState.Connected), 5, $"{caller} and {callee} talk");
        return (mine, theirs);
    }

    /// <summary>A person who says one steady tone, so that it is found in what others hear.</summary>
    public void Hum(string user, double hertz) => this[user].Shell.Says = new ToneGenerator(new Tone([new ToneSegment(hertz, 0, 0, 60)], Repeats: true), -15);

    /// <summary>The last half second of what this person heard.</summary>
    public short[] Heard(string user) => this[user].Shell.Heard.Last(TimeSpan.FromSeconds(0.5));

    public int Sockets(string user) => _hosts[user].Host.OpenSockets;

    public void Do(string user, PhoneCommand command) => this[user].Do(command);

    /// <summary>The line of a desk loses so much from now on.</summary>
    public void Lose(string user, double share) => _hosts[user].Host.SetLink(_hosts[user].Address, new Link(Delay, default, share));

    /// <summary>A desk leaves its network for another.</summary>
    public void Move(string user, string address)
    {
        var (host, old) = _hosts[user];
        _hosts[user] = (host, IpAddress.Parse(address));
        host.Detach(old);
        host.Attach(World.Public, _hosts[user].Address, new Link(Delay, default, 0));
    }

    /// <summary>The lid is closed for a while.</summary>
    public void Sleep(string user, TimeSpan time)
    {
        _hosts[user].Host.Suspend(time);
        Run(time.TotalSeconds);
    }

    /// <summary>The last line of the log that has these words in it; null when none has.</summary>
    public EventLine? Line(string user, string words) => this[user].View.Events.FirstOrDefault(e => e.Text.Contains(words, StringComparison.Ordinal));

    /// <summary>The newest line tells a problem in these words.</summary>
    public void Complains(string user, string words)
    {
        var line = this[user].View.Events[0];
        That(line.IsProblem && line.Text.Contains(words, StringComparison.Ordinal), $"not a problem with \"{words}\": {line}");
    }

    public CallView? View(string user, CallId call) => this[user].View.Calls.FirstOrDefault(c => c.Id == call);

    public bool IsIn(string user, CallId call, CallState state) => View(user, call)?.State == state;

    public void Run(double seconds) => World.RunUntil(Now + TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> done, double seconds, string what)
    {
        if (!World.RunUntil(done, Now + TimeSpan.FromSeconds(seconds))) Fail($"not within {seconds} s: {what}");
    }

    public void That(bool holds, string what)
    {
        if (!holds) Fail(what);
    }

    public void Fail(string what) => Assert.Fail($"{what}\n{string.Join('\n', _desks.Select(d => Describe(d.Key, d.Value.View)))}");

    /// <summary>It rings here.</summary>
    public CallView? Ringing(string user) => this[user].View.Calls.FirstOrDefault(c => c is { State: CallState.Ringing, Direction: CallDirection.Incoming });

    public void Dispose()
    {
        foreach (var desk in _desks.Values) desk.Dispose();
    }

    private static string Describe(string name, PhoneView view) => $"""
        {name}: {string.Join(", ", view.Accounts)}
          {string.Join("\n  ", view.Calls.Select(c => $"call {c.Id} {c.Direction} {c.Peer} {c.State} here {c.IsHeldHere} there {c.IsHeldThere} conf {c.InConference} {c.Transfer} {c.Ending}"))}
          {string.Join("\n  ", view.Events.Take(30).Select(e => $"{e.At:HH:mm:ss.fff} {(e.IsProblem ? "! " : "")}{e.Text}"))}
        """;
}
