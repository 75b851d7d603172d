using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Two media transports in the lab's small internet, and the signalling between them.</summary>
internal sealed class TransportPair
{
    public static readonly byte[] Rtp = [0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 1, 2, 3, 4];
    public static readonly byte[] Rtcp = [0x80, 200, 0, 1, 0, 0, 0, 7];

    public TransportPair(
        NatBehavior? left = null, NatBehavior? right = null, bool turn = true, bool separateRtcp = true, double latency = 20, ulong seed = 1,
        double loss = 0, Func<MediaTransportOptions, MediaTransportOptions>? tune = null, Func<MediaTransportOptions, MediaTransportOptions>? tuneRight = null,
        bool sameNat = false, bool isolated = false)
    {
        Demo = new DemoWorld(new DemoOptions
        {
            NatA = left ?? NatBehavior.PortRestricted,
            NatB = right ?? NatBehavior.PortRestricted,
            Latency = TimeSpan.FromMilliseconds(latency),
            Loss = loss,
            Seed = seed,
            IsSameNat = sameNat,
            IsolatesClients = isolated,
        });
        MediaTransportOptions Options(string user)
        {
            var options = new MediaTransportOptions
            {
                StunServers = [DemoWorld.StunAddress],
                TurnServers = turn ? [new RelayServer(DemoWorld.TurnAddress, user, DemoWorld.PasswordOf(user))] : [],
                SeparateRtcp = separateRtcp,
            };
            return tune is null ? options : tune(options);
        }

        Left = new TransportParty(Demo.World, Demo.HostA, "alice", "alice", Options("alice"));
        Right = new TransportParty(Demo.World, Demo.HostB, "bob", "bob", tuneRight is null ? Options("bob") : tuneRight(Options("bob")));
    }

    public DemoWorld Demo { get; }

    public World World => Demo.World;

    public TransportParty Left { get; }

    public TransportParty Right { get; }

    private ushort _sequence;

    /// <summary>When the offerer had the answer.</summary>
    public Instant Start { get; private set; }

    public static RemoteMedia Describe(LocalIce local, bool ice = true, bool mux = false) => new()
    {
        Rtp = local.DefaultRtp,
        Rtcp = local.DefaultRtcp.IsValid ? local.DefaultRtcp : null,
        Mux = mux,
        Ice = !ice || local.Candidates.Count == 0 ? null : new RemoteIce
        {
            Ufrag = local.Ufrag,
            Pwd = local.Pwd,
            HasIce2 = true,
            Pacing = local.Pacing,

            // What a description carries: no path, no base, no server.
            Candidates = [.. local.Candidates.Select(c => Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation) with { Transport = c.Transport, TcpType = c.TcpType })],
        },
    };

    public TransportPair Gather()
    {
        Left.Gather(true);
        Assert.True(Run(2, () => Left.Local is not null), "the offerer did not gather");
        Right.Gather(false);
        Assert.True(Run(2, () => Right.Local is not null), "the answerer did not gather");
        return this;
    }

    public TransportPair Connect(bool mux = false, bool ice = true)
    {
        Gather();
        Right.Do((t, now) => t.SetRemote(now, Describe(Left.Local!, ice, mux)));
        Run(0.05);
        Start = World.Now;
        Left.Do((t, now) => t.SetRemote(now, Describe(Right.Local!, ice, mux)));
        return this;
    }

    public TransportPair Complete(bool mux = false)
    {
        Connect(mux);
        Assert.True(Run(5, () => Left.Transport.State == IceState.Completed && Right.Transport.State == IceState.Completed));
        return this;
    }

    /// <summary>One side restarts: its offer and the answer cross as signalling would carry them, 50 ms each way.</summary>
    public TransportPair Restart(TransportParty from, TransportParty to)
    {
        var gathered = from.Events.Count(e => e is MediaTransportEvent.Gathered);
        from.Do((t, now) => t.Restart(now));
        Assert.True(Run(5, () => from.Events.Count(e => e is MediaTransportEvent.Gathered) > gathered), "the restarting side did not gather");
        Run(0.05);
        to.Do((t, now) => t.SetRemote(now, Describe(from.Transport.Local!)));
        Assert.True(Run(5, () => to.Transport.MayAnswer), "the answer is held back");
        Run(0.05);
        from.Do((t, now) => t.SetRemote(now, Describe(to.Transport.Local!) with { IsAnswer = true }));
        return this;
    }

    public bool IsCompleted => Left.Transport.State == IceState.Completed && Right.Transport.State == IceState.Completed;

    public bool Run(double seconds, Func<bool>? done = null) => World.RunUntil(done ?? (() => false), World.Now + TimeSpan.FromSeconds(seconds));

    /// <summary>Both sides send the next packet of the component; true when both have got it.</summary>
    public bool Talk(int component)
    {
        var (left, right) = (Left.Received[component], Right.Received[component]);
        var packet = component == 1 ? Rtp.ToArray() : Rtcp;
        if (component == 1) BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), ++_sequence);
        Left.Send(component, packet);
        Right.Send(component, packet);
        Run(0.5);
        return Left.Received[component] == left + 1 && Right.Received[component] == right + 1;
    }
}
