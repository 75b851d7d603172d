using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Benchmarks;

/// <summary>
/// Two ICE agents with two components each, host and server-reflexive candidates, in a virtual internet with 20 ms on each line. The
/// answer reaches the offerer 60 ms after the offer reached the answerer.
/// </summary>
internal sealed class IceDuel
{
    private static readonly Address StunServer = Address.Parse("203.0.113.10:3478");
    private readonly Side _left;
    private readonly Side _right;

    public IceDuel(NatBehavior nat, ulong seed = 1)
    {
        World = new World(seed);
        _left = new Side(World, "left", nat, IceRole.Controlling, 1);
        _right = new Side(World, "right", nat, IceRole.Controlled, 2);
    }

    public World World { get; }

    public IceAgent Left => _left.Agent;

    public PathId LeftPath => _left.Path;

    /// <summary>What each of the two agents allocated, on average.</summary>
    public long BytesOfAnAgent => (_left.Meter.Bytes + _right.Meter.Bytes) / 2;

    /// <summary>One line: what an agent allocates for a whole session.</summary>
    public static string Footprint()
    {
        foreach (var nat in (NatBehavior[])[NatBehavior.None, NatBehavior.PortRestricted]) new IceDuel(nat).Complete();
        var open = new IceDuel(NatBehavior.None).Complete();
        var natted = new IceDuel(NatBehavior.PortRestricted).Complete();
        return $"one ICE agent allocates {Figure.Octets(open.BytesOfAnAgent)} for a whole session (open), {Figure.Octets(natted.BytesOfAnAgent)} (port-restricted)";
    }

    /// <summary>Runs the session until both have their selected pairs.</summary>
    public IceDuel Complete()
    {
        _right.Connect(_left);
        World.RunUntil(World.Now + TimeSpan.FromMilliseconds(60));
        _left.Connect(_right);
        if (!World.RunUntil(() => _left.IsCompleted && _right.IsCompleted, World.Now + TimeSpan.FromSeconds(20)))
            throw new InvalidOperationException("the agents found no pair");
        return this;
    }

    private sealed class Side
    {
        private readonly VirtualHost _host;

        public Side(World world, string name, NatBehavior nat, IceRole role, byte number)
        {
            var ip = IpAddress.Parse(nat.Translates ? $"10.0.{number}.2" : $"198.51.{number}.2");
            var link = Link.OfMilliseconds(20);
            var lan = nat.Translates
                ? world.AddLan($"nat{number}", IpAddress.Parse($"10.0.{number}.0"), 24, nat, world.Public, link, IpAddress.Parse($"203.0.113.10{number}"))
                : world.AddLan($"lan{number}", IpAddress.Parse($"198.51.{number}.0"), 24, nat, world.Public, link);
            _host = world.AddHost(name, lan, ip);
            Agent = new IceAgent(role, new IceOptions(), world.NewEntropy(), Trace.Off, name);
            Meter = new MeteredMachine(Agent);
            var foundations = new Foundations();
            for (var component = 1; component <= 2; component++)
            {
                _host.TryOpen(Transport.Udp, ip, 0, out var path, out var bound, out _);
                if (component == 1) Path = path;
                var host = Candidate.Host(component, path, bound, 65535, foundations.Of(CandidateType.Host, ip, Transport.Udp));
                Meter.Do(() => Agent.AddLocal(world.Now, host));
                if (!nat.Translates) continue;
                var mapped = lan.Gateway!.Nat.Outbound(bound, StunServer, world.Now).Source;
                var reflexive = Candidate.Reflexive(host, mapped, StunServer, 65535, foundations.Of(CandidateType.ServerReflexive, ip, Transport.Udp, StunServer.Ip));
                Meter.Do(() => Agent.AddLocal(world.Now, reflexive));
            }

            Meter.Do(() => Agent.EndOfLocal(world.Now));
            _host.Run(Meter, _ =>
            {
                while (Agent.TryEvent(out var happened)) IsCompleted |= happened is IceEvent.StateChanged { To: IceState.Completed };
            });
        }

        public IceAgent Agent { get; }

        public MeteredMachine Meter { get; }

        public PathId Path { get; }

        public bool IsCompleted { get; private set; }

        public void Connect(Side other)
        {
            var remote = new RemoteIce
            {
                Ufrag = other.Agent.Ufrag,
                Pwd = other.Agent.Pwd,
                Candidates = [.. other.Agent.LocalCandidates],
                HasIce2 = true,
                Components = 2,
            };
            Meter.Do(() => Agent.SetRemote(_host.World.Now, remote));
            _host.Settle();
        }
    }
}
