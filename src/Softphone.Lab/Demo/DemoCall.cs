using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// One whole call in a <see cref="DemoWorld"/>: alice on host A and bob on host B register, alice calls, they talk, hang up and
/// unregister. The owner drives the world; nothing here waits.
/// </summary>
public sealed class DemoCall
{
    private static readonly TimeSpan Ringing = TimeSpan.FromSeconds(1);

    private readonly CallOptions _aliceOptions;
    private AccountId _aliceAccount;
    private bool _placed;

    /// <param name="world">Where it happens.</param>
    /// <param name="codecs">The codecs of both phones.</param>
    /// <param name="alice">What alice plays and records, and how long she talks.</param>
    /// <param name="bob">What bob plays and records.</param>
    /// <param name="adjust">Changes the options of a phone by its name, before it is made.</param>
    /// <param name="around">What stands between a phone and its host, by its name; nothing when null.</param>
    public DemoCall(
        DemoWorld world, ICodecFactory codecs, CallOptions alice, CallOptions bob, Func<PhoneOptions, PhoneOptions>? adjust = null, Func<string, IMachine, IMachine>? around = null)
    {
        World = world;
        _aliceOptions = alice;
        Alice = Phone("alice", world.HostA, world.Options.NatA, new AnswerPolicy.Manual());
        Bob = Phone("bob", world.HostB, world.Options.NatB, new AnswerPolicy.Auto(Ringing, () => bob));

        VirtualPhone Phone(string name, VirtualHost host, NatBehavior nat, AnswerPolicy answering)
        {
            var options = new PhoneOptions
            {
                Name = name,
                Answering = answering,
                // Two ports, so that the checks on RTP and on RTCP are both seen.
                Mux = RtcpMuxPolicy.Off,
                Nat = new NatSettings
                {
                    StunServers = [new ServerName($"turn.{DemoWorld.Domain}", DemoWorld.StunAddress.Port)],
                    TurnServers = TurnAccounts(name),
                },
                // Where no UDP passes, the phone itself would have been given a profile that says so.
                SipTransports = nat.BlocksUdp ? SipTransports.Tcp : SipTransports.UdpAndTcp,
            };
            return new VirtualPhone(host, adjust?.Invoke(options) ?? options, codecs, around: around is null ? null : machine => around(name, machine));
        }
    }

    public DemoWorld World { get; }

    public VirtualPhone Alice { get; }

    public VirtualPhone Bob { get; }

    /// <summary>The account of alice, for more calls.</summary>
    public AccountId Account => _aliceAccount;

    /// <summary>Both phones are shut down: the call is over and everything was given back.</summary>
    public bool IsOver => IsDown(Alice) && IsDown(Bob);

    /// <summary>How the call went on a side; null while it is not over, or when it did not come to a call.</summary>
    public static CallSummary? Summary(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallEnded>().FirstOrDefault()?.Summary;

    /// <summary>Gives both phones their first commands.</summary>
    public void Begin()
    {
        Follow(Alice);
        Follow(Bob);
        Bob.Register("bob");
        _aliceAccount = Alice.Register("alice");
    }

    /// <summary>The lab's TURN server by UDP, TCP and TLS, ways to one and the same relay.</summary>
    public static IReadOnlyList<TurnAccount> TurnAccounts(string user) =>
    [
        .. new[] { Transport.Udp, Transport.Tcp, Transport.Tls }.Select(transport => new TurnAccount(
            new ServerName(DemoWorld.TurnName, (transport == Transport.Tls ? DemoWorld.TurnTlsAddress : DemoWorld.TurnAddress).Port), user, DemoWorld.PasswordOf(user))
            { Transport = transport }),
    ];

    private static bool IsDown(VirtualPhone phone) => phone.Events is [.., PhoneEvent.ShutDown];

    private void Follow(VirtualPhone phone) => phone.Happened += happened =>
    {
        switch (happened)
        {
            case PhoneEvent.Registration { State: RegistrationState.Registered } when !_placed && IsRegistered(Alice) && IsRegistered(Bob):
                _placed = true;
                World.World.Post(() => Alice.Do((machine, now) => machine.Call(now, _aliceAccount, SipUri.Parse($"sip:bob@{DemoWorld.Domain}"), _aliceOptions)));
                break;
            case PhoneEvent.CallEnded or PhoneEvent.Registration { State: RegistrationState.Failed }:
                World.World.Post(() => phone.Do((machine, now) => machine.Shutdown(now)));
                break;
        }
    };

    private static bool IsRegistered(VirtualPhone phone) =>
        phone.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered);
}
