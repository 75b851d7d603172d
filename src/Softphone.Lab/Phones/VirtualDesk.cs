using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// A <see cref="Desk"/> on a virtual host: the very desk of the terminal, with names answered by the world; with a
/// <see cref="MemoryShell"/>, sound is given and remembered in memory.
/// </summary>
public sealed class VirtualDesk : IDisposable
{
    private readonly VirtualHost _host;
    private readonly ICodecFactory _codecs;
    private readonly IDeskShell _shell;
    private readonly List<(DeskAccount Account, PhoneEvent Happened)> _events = [];

    /// <param name="host">Where it runs.</param>
    /// <param name="codecs">The codecs of its phones.</param>
    /// <param name="shell">Its shell; a new one in memory when null.</param>
    /// <param name="options">What it starts with.</param>
    public VirtualDesk(VirtualHost host, ICodecFactory codecs, IDeskShell? shell = null, DeskOptions? options = null)
    {
        (_host, _codecs, _shell) = (host, codecs, shell ?? new MemoryShell());
        Desk = new Desk(_shell, options);
        Desk.Happened = (account, happened) => _events.Add((account, happened));
        host.Run(Desk, AfterInput);
        host.InterfacesChanged = Desk.NetworkChanged;
    }

    public Desk Desk { get; }

    /// <summary>Its shell in memory.</summary>
    /// <exception cref="InvalidCastException">It was given another one.</exception>
    public MemoryShell Shell => (MemoryShell)_shell;

    /// <summary>Everything that happened on its phones, in order.</summary>
    public IReadOnlyList<(DeskAccount Account, PhoneEvent Happened)> Events => _events;

    /// <summary>What a screen would show now.</summary>
    public PhoneView View => Desk.View(_host.World.Now);

    /// <summary>The newest call that is not over, or else the newest one that still shows; null when there is none.</summary>
    public CallView? Call
    {
        get
        {
            var calls = View.Calls;
            return calls.LastOrDefault(c => c.State != CallState.Ended) ?? (calls.Count > 0 ? calls[^1] : null);
        }
    }

    /// <summary>Adds an account and starts its phone.</summary>
    /// <param name="options">How its phone behaves; its name is the account's.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="trace">Its trace; a new one when null.</param>
    /// <param name="records">What is kept of its calls; as it usually is when null.</param>
    public DeskAccount Add(PhoneOptions options, SipAccount identity, Trace? trace = null, RecordSettings? records = null)
    {
        var phone = new PhoneMachine(options with { Numbering = Desk.Numbering }, _host, _host.World.NewEntropy(), _codecs, trace ?? new Trace());
        var account = new DeskAccount(options.Name, phone, phone.AddAccount(identity), identity) { Records = records ?? new RecordSettings() };
        Desk.Add(account);
        Desk.Start(_host.World.Now);
        _host.Settle();
        return account;
    }

    /// <summary>A user of the <see cref="DemoWorld"/>'s servers: its account, with STUN and TURN, registered there.</summary>
    public DeskAccount AddUser(string user, Func<PhoneOptions, PhoneOptions>? adjust = null, CallsFrom? callsFrom = null, RecordSettings? records = null)
    {
        var options = new PhoneOptions
        {
            Name = user,
            Nat = new NatSettings { StunServers = [new ServerName(DemoWorld.TurnName, DemoWorld.StunAddress.Port)], TurnServers = DemoCall.TurnAccounts(user) },
        };
        var account = Add(adjust?.Invoke(options) ?? options, DemoWorld.AccountOf(user, callsFrom), records: records);
        Do(new PhoneCommand.Register(account.Name));
        return account;
    }

    /// <summary>What a person asks, now.</summary>
    public void Do(PhoneCommand command)
    {
        Desk.Do(_host.World.Now, command);
        _host.Settle();
    }

    public void Shutdown()
    {
        Desk.Shutdown(_host.World.Now);
        _host.Settle();
    }

    public void Dispose()
    {
        Desk.Dispose();
        foreach (var account in Desk.Accounts) account.Phone.Dispose();
    }

    private void AfterInput(Instant now)
    {
        while (Desk.TryQuery(out var query)) _host.Resolve(query, answer => Desk.Resolved(_host.World.Now, answer));
    }
}
