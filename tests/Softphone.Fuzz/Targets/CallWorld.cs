using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Scenarios;
using Softphone.Sip;

namespace Softphone.Fuzz;

/// <summary>
/// Two whole phones that are registered with the lab's server and call each other through it, with STUN and TURN. The octets go to the phone
/// that is called, or to the servers: by strangers and in the name of who was heard there. When the call is over there is another.
/// </summary>
internal sealed class CallWorld : IFuzzSubject
{
    /// <summary>Packets that may leave for one that came, ICE checks and media of the half millisecond around it included.</summary>
    private const int MostForOne = 12;

    private const int MostOctetsForOne = 16_000;

    private static readonly IpAddress Server = IpAddress.Parse("203.0.113.10");

    private readonly World _world;
    private readonly VirtualHost _serverHost;
    private readonly VirtualHost _bobHost;
    private readonly VirtualPhone _alice;
    private readonly PhoneMachine _bob;
    private readonly AccountId _account;
    private readonly Tap _tap;
    private readonly VirtualHost _host;
    private readonly List<PathId> _paths;
    private readonly List<Address> _remotes;
    private int _fed;

    public CallWorld(ulong seed, Aim aim)
    {
        _world = new World(seed);
        _serverHost = _world.AddHost("server", _world.Public, Server);
        var users = new Dictionary<string, string> { ["alice"] = "a-secret", ["bob"] = "b-secret" };
        var server = new LabServer(
            new SipServerOptions(new Address(Server, 5060), DemoWorld.Domain) { Users = users },
            new StunServerOptions(Server),
            new TurnServerOptions(new Address(Server, 3478), DemoWorld.Domain) { Users = users },
            _serverHost,
            _world.NewEntropy());
        var serverTap = new Tap(server);
        if (!server.TryStart(out var failed, out var error)) throw new InvalidOperationException($"{failed} did not start: {error}");
        _serverHost.Run(serverTap);
        _world.Names.Add(DemoWorld.Domain, Server);

        _alice = new VirtualPhone(_world.AddHost("a", _world.Public, IpAddress.Parse("198.51.100.1"), Link.OfMilliseconds(5)), Options("alice"), new PlainCodec());
        _bobHost = _world.AddHost("b", _world.Public, IpAddress.Parse("198.51.100.2"), Link.OfMilliseconds(5));
        _bob = new PhoneMachine(Options("bob"), _bobHost, _world.NewEntropy(), new PlainCodec(), new Trace(2_000));
        var bobTap = new Tap(_bob);
        _bobHost.Run(bobTap, AfterInput);
        _account = _alice.Machine.AddAccount(Account("alice", "a-secret"));
        _alice.Do((m, now) => m.Start(now));
        _alice.Do((m, now) => m.Register(now, _account));
        var bobs = _bob.AddAccount(Account("bob", "b-secret"));
        _bob.Start(_world.Now);
        _bob.Register(_world.Now, bobs);
        _bobHost.Settle();
        Run(TimeSpan.FromSeconds(1));
        Dial();
        Run(TimeSpan.FromSeconds(4));
        (_tap, _host) = aim == Aim.Phone ? (bobTap, _bobHost) : (serverTap, _serverHost);
        _paths = [.. _tap.Heard.Select(h => h.Path).Distinct()];
        _remotes = [.. _tap.Heard.Select(h => h.Remote).Distinct()];
    }

    public enum Aim
    {
        Phone,
        Servers,
    }

    /// <summary>What was heard in a sound call: the inputs to begin from.</summary>
    public static IReadOnlyList<byte[]> Overheard(Aim aim)
    {
        using var world = new CallWorld(1, aim);
        return [.. world._tap.Heard.Select(h => h.Octets).Where(o => o.Length > 0), .. Corpus.SipMessages.Take(3), .. Corpus.Stun];
    }

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        var path = _paths[chance.NextInt(_paths.Count)];
        var remote = chance.NextInt(2) == 0
            ? _remotes[chance.NextInt(_remotes.Count)]
            : new Address(IpAddress.FromV4(0xCB007100 + (uint)(1 + chance.NextInt(250))), (ushort)(1024 + chance.NextInt(60_000)));
        var (sent, octets) = (_tap.Sent, _tap.SentOctets);
        _tap.Inject(_world.Now, path, remote, input);
        _host.Settle();
        // Each keepalive of four octets in a stream is owed its answer of two (RFC 5626 §4.4.1).
        if (_tap.Sent - sent > MostForOne + input.Length / 4) throw new FuzzFailure($"one packet made {_tap.Sent - sent}");
        if (_tap.SentOctets - octets > MostOctetsForOne) throw new FuzzFailure($"{input.Length} octets made {_tap.SentOctets - octets}");
        Run(TimeSpan.FromMicroseconds(500));
        if (++_fed % 1000 != 0) return;
        Run(TimeSpan.FromSeconds(2));
        if (_alice.Machine.ActiveCalls == 0) Dial();
    }

    public void Dispose()
    {
        _bob.Dispose();
        _alice.Machine.Dispose();
    }

    private static PhoneOptions Options(string name) => new()
    {
        Name = name,
        Answering = new AnswerPolicy.Auto(TimeSpan.FromMilliseconds(50), () => new CallOptions()),
        Nat = new NatSettings
        {
            StunServers = [new ServerName(Server.ToString(), 3478)],
            TurnServers = [new TurnAccount(new ServerName(Server.ToString(), 3478), name, $"{name[0]}-secret")],
        },
    };

    private static SipAccount Account(string user, string password) => new()
    {
        Aor = SipUri.Parse($"sip:{user}@{DemoWorld.Domain}"),
        Password = password,
        Registrar = SipUri.Parse($"sip:{DemoWorld.Domain}"),
        Expires = TimeSpan.FromMinutes(5),
    };

    private void Dial() => _alice.Do((m, now) => m.Call(now, _account, SipUri.Parse($"sip:bob@{DemoWorld.Domain}"), new CallOptions()));

    private void Run(TimeSpan time) => _world.RunUntil(_world.Now + time);

    private void AfterInput(Instant now)
    {
        bool again;
        do
        {
            again = false;
            while (_bob.TryQuery(out var query))
            {
                _bob.Resolved(now, _world.Names.Answer(query));
                again = true;
            }

            while (_bob.TryEvent(out _)) again = true;
        }
        while (again);
    }
}
