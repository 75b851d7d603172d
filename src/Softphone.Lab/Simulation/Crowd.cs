using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// Many calls at once in one world, each between two hosts behind NATs of their own: for what an agent takes of memory once its session is
/// complete.
/// </summary>
public sealed class Crowd
{
    private static readonly Address Server = new(IpAddress.Parse("203.0.113.10"), 3478);
    private readonly World _world;
    private readonly List<VirtualHost> _hosts = [];
    private readonly List<MediaTransport> _transports = [];

    /// <param name="calls">How many.</param>
    /// <param name="seed">Everything random comes from it.</param>
    public Crowd(int calls, ulong seed)
    {
        _world = new World(seed);
        var host = _world.AddHost("server", _world.Public, Server.Ip);
        var turn = new TurnServerOptions(Server, DemoWorld.Domain)
        {
            Users = new Dictionary<string, string> { ["a"] = "a-secret" },
            UserQuota = int.MaxValue,
            Capacity = int.MaxValue,
            RefusalsPerSecond = int.MaxValue,
            ListensOnTcp = false,
        };
        var server = new StunTurnServer(new StunServerOptions(Server.Ip) { Port = Server.Port }, turn, host, _world.NewEntropy());
        if (!server.TryStart(out var error)) throw new InvalidOperationException($"the server did not start: {error}");
        host.Run(server);
        for (uint i = 0; i < 2 * calls; i++)
        {
            var lan = _world.AddLan($"nat{i}", IpAddress.FromV4(0x0A000000), 24, NatBehavior.PortRestricted, _world.Public, Link.OfMilliseconds(20), IpAddress.FromV4(0xC6120000 + i));
            _hosts.Add(_world.AddHost($"host{i}", lan, IpAddress.FromV4(0x0A000002)));
        }
    }

    /// <summary>Agents whose session is complete.</summary>
    public int Completed => _transports.Count(t => t.State == IceState.Completed);

    public int Agents => _hosts.Count;

    /// <summary>All call at once, and talk for ten seconds, so that what is not needed has been given back.</summary>
    public void Connect()
    {
        var options = new MediaTransportOptions { StunServers = [Server], TurnServers = [new RelayServer(Server, "a", "a-secret")] };
        for (var i = 0; i < _hosts.Count; i++) _transports.Add(new MediaTransport(options, _hosts[i], _world.NewEntropy(), Trace.Off, "agent"));
        for (var i = 0; i < _hosts.Count; i++)
        {
            var (ours, theirs, index) = (_transports[i], _transports[i ^ 1], i);
            ours.Gather(_world.Now, (i & 1) == 0);
            _hosts[i].Run(ours, now => Drain(now, index, ours, theirs));
        }

        _world.RunUntil(_world.Now + TimeSpan.FromSeconds(10));
    }

    /// <summary>Every agent goes, and its sockets with it.</summary>
    public void Release()
    {
        foreach (var host in _hosts) host.Stop();
        _transports.Clear();
    }

    private void Drain(Instant now, int index, MediaTransport ours, MediaTransport theirs)
    {
        while (ours.TryEvent(out var happened))
        {
            if (happened is not MediaTransportEvent.Gathered || theirs.Local is not { } other) continue;
            ours.SetRemote(now, Describe(other));
            var (host, local) = (_hosts[index ^ 1], ours.Local!);
            host.Post(() =>
            {
                theirs.SetRemote(_world.Now, Describe(local));
            });
        }
    }

    private static RemoteMedia Describe(LocalIce local) => new()
    {
        Rtp = local.DefaultRtp,
        Rtcp = local.DefaultRtcp,
        Ice = new RemoteIce
        {
            Ufrag = local.Ufrag,
            Pwd = local.Pwd,
            HasIce2 = true,
            Pacing = local.Pacing,
            Candidates = [.. local.Candidates.Select(c => Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation))],
        },
    };
}
