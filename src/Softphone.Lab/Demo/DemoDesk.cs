using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// A whole office to try a phone in, in a <see cref="DemoWorld"/>: alice's <see cref="Desk"/> behind NAT A is yours. Bob behind NAT B answers
/// after a second and talks, so does dave on a public address; carol, beside bob, answers too, and calls you by herself from time to time.
/// The owner drives the world.
/// </summary>
public sealed class DemoDesk : IDisposable
{
    /// <summary>When carol calls for the first time.</summary>
    public static readonly TimeSpan FirstVisit = TimeSpan.FromSeconds(40);

    /// <summary>How long she waits for the next time.</summary>
    public static readonly TimeSpan VisitPause = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Ringing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly VirtualPhone _carol;
    private readonly AccountId _carolAccount;
    private readonly Func<string, IAudioSource> _says;

    /// <param name="options">What stands between the phones.</param>
    /// <param name="codecs">The codecs of all.</param>
    /// <param name="says">What somebody says, in a call of its own.</param>
    /// <param name="shell">The world around your desk; in memory when null.</param>
    public DemoDesk(DemoOptions options, ICodecFactory codecs, Func<string, IAudioSource> says, IDeskShell? shell = null)
    {
        _says = says;
        World = new DemoWorld(options);
        var link = Link.OfMilliseconds(options.Latency.TotalMilliseconds);
        var carol = World.World.AddHost("hostC", World.GatewayB.Inside, IpAddress.Parse(options.NatB.Translates ? "192.168.2.3" : "198.51.100.67"));
        var dave = World.World.AddHost("hostD", World.World.Public, IpAddress.Parse("198.51.100.200"), link);
        Alice = new VirtualDesk(World.HostA, codecs, shell, new DeskOptions
        {
            Contacts = [.. DemoWorld.Users.Skip(1).Select(name => new Contact(char.ToUpperInvariant(name[0]) + name[1..], $"sip:{name}@{DemoWorld.Domain}"))],
        });
        Alice.AddUser("alice", o => o with { SipTransports = TransportsBehind(options.NatA) });
        Others = [Add(World.HostB, "bob", options.NatB), _carol = Add(carol, "carol", options.NatB), Add(dave, "dave", NatBehavior.None)];
        for (var i = 0; i < Others.Count; i++)
        {
            var id = Others[i].Register(DemoWorld.Users[i + 1]);
            if (Others[i] == _carol) _carolAccount = id;
        }

        World.World.At(World.World.Now + FirstVisit, Visit);

        VirtualPhone Add(VirtualHost host, string name, NatBehavior nat) => new(host, OptionsOf(name, nat, says), codecs);
    }

    public DemoWorld World { get; }

    /// <summary>Yours.</summary>
    public VirtualDesk Alice { get; }

    /// <summary>Bob, carol and dave.</summary>
    public IReadOnlyList<VirtualPhone> Others { get; }

    /// <summary>What your screen shows now, with advice on what to try next.</summary>
    public PhoneView View => Alice.View is var view ? view with { Notice = DemoAdvice.Of(view) } : view;

    public void Dispose() => Alice.Dispose();

    private static PhoneOptions OptionsOf(string name, NatBehavior nat, Func<string, IAudioSource> says) => new()
    {
        Name = name,
        Answering = new AnswerPolicy.Auto(Ringing, () => new CallOptions { Source = says(name) }),
        Nat = new NatSettings { StunServers = [new ServerName(DemoWorld.TurnName, DemoWorld.StunAddress.Port)], TurnServers = DemoCall.TurnAccounts(name) },
        SipTransports = TransportsBehind(nat),
        // They do as they are asked, so that transfers can be tried.
        Referrals = ReferralPolicy.Follow,
    };

    // Where no UDP passes, the phone would have been given a profile that says so.
    private static SipTransports TransportsBehind(NatBehavior nat) => nat.BlocksUdp ? SipTransports.Tcp : SipTransports.UdpAndTcp;

    /// <summary>Carol calls, unless she talks already.</summary>
    private void Visit()
    {
        if (_carol.Machine.ActiveCalls == 0)
        {
            _carol.Do((machine, now) => machine.Call(
                now, _carolAccount, SipUri.Parse($"sip:alice@{DemoWorld.Domain}"), new CallOptions { Source = _says("carol"), RingLimit = Patience }));
        }

        World.World.At(World.World.Now + VisitPause, Visit);
    }
}
