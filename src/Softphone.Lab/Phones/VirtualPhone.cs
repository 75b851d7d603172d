using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>A whole phone on a virtual host: the very machine that runs on real sockets, with names answered by the world.</summary>
public sealed class VirtualPhone
{
    private readonly VirtualHost _host;
    private readonly List<PhoneEvent> _events = [];

    /// <param name="host">Where it runs.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="codecs">Its codecs.</param>
    /// <param name="trace">Its trace; one of its own for each phone.</param>
    /// <param name="around">What stands between the phone and its host, for a phone that misbehaves; nothing when null.</param>
    public VirtualPhone(VirtualHost host, PhoneOptions options, ICodecFactory codecs, Trace? trace = null, Func<IMachine, IMachine>? around = null)
    {
        _host = host;
        Machine = new PhoneMachine(options, host, host.World.NewEntropy(), codecs, trace ?? new Trace());
        host.Run(around?.Invoke(Machine) ?? Machine, AfterInput);
        host.InterfacesChanged = Machine.NetworkChanged;
    }

    public PhoneMachine Machine { get; }

    /// <summary>Everything that happened on this phone, in order.</summary>
    public IReadOnlyList<PhoneEvent> Events => _events;

    /// <summary>Called for each event as it happens.</summary>
    public Action<PhoneEvent>? Happened { get; set; }

    /// <summary>A command to the phone, now.</summary>
    public void Do(Action<PhoneMachine, Instant> command)
    {
        command(Machine, _host.World.Now);
        _host.Settle();
    }

    /// <summary>Starts the phone with the account of a user of the lab, and registers that.</summary>
    /// <param name="user">The user.</param>
    /// <param name="probes">By what long messages reach the server is found out, as a phone does whose profile leaves that open.</param>
    public AccountId Register(string user, bool probes = false)
    {
        AccountId account = default;
        Do((machine, now) =>
        {
            account = machine.AddAccount(DemoWorld.AccountOf(user, probes: probes));
            machine.Start(now);
            machine.Register(now, account);
        });
        return account;
    }

    private void AfterInput(Instant now)
    {
        bool again;
        do
        {
            again = false;
            while (Machine.TryQuery(out var query))
            {
                _host.Resolve(query, answer => Machine.Resolved(_host.World.Now, answer));
                again = true;
            }

            while (Machine.TryEvent(out var happened))
            {
                _events.Add(happened);
                Happened?.Invoke(happened);
                again = true;
            }
        }
        while (again);
    }
}
