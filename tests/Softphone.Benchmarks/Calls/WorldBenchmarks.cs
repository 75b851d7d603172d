using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Benchmarks;

/// <summary>The NAT, and whole phones in the virtual internet with a codec that costs nothing, their traces on.</summary>
public class WorldBenchmarks
{
    private static readonly Address Inside = Address.Parse("10.0.1.2:5000");
    private static readonly Address Peer = Address.Parse("198.51.100.9:6000");
    private readonly NatDevice _nat = new(NatBehavior.PortRestricted, new SeededEntropy(1), IpAddress.Parse("203.0.113.101"));
    private World _direct = null!;
    private World _relayed = null!;

    [GlobalSetup]
    public void Setup()
    {
        _direct = Talking(NatBehavior.PortRestricted);
        _relayed = Talking(NatBehavior.Symmetric);
    }

    [Benchmark(Description = "NAT: a packet out and its answer in"), Aim(Bytes = 0)]
    public bool Translate()
    {
        var sent = _nat.Outbound(Inside, Peer, Instant.Zero);
        return _nat.Inbound(Peer, sent.Source, Instant.Zero).IsDropped;
    }

    [Benchmark(Description = "two phones talk for 20 ms through their NATs")]
    public void Talk() => _direct.RunUntil(_direct.Now + TimeSpan.FromMilliseconds(20));

    [Benchmark(Description = "two phones talk for 20 ms by a TURN relay")]
    public void TalkByRelay() => _relayed.RunUntil(_relayed.Now + TimeSpan.FromMilliseconds(20));

    [Benchmark(Description = "a whole call: register, call, 10 s of talk, unregister")]
    public bool Call()
    {
        var call = Begin(NatBehavior.PortRestricted, new CallOptions { Duration = TimeSpan.FromSeconds(10) });
        if (!call.World.World.RunUntil(() => call.IsOver, Instant.Zero + TimeSpan.FromSeconds(60))) throw new InvalidOperationException("the call did not end");
        return DemoCall.Summary(call.Alice)!.Audio == AudioOutcome.TwoWay;
    }

    private static DemoCall Begin(NatBehavior nat, CallOptions alice)
    {
        var call = new DemoCall(new DemoWorld(new DemoOptions { NatA = nat, NatB = nat }), new PlainCodec(), alice, new CallOptions());
        call.Begin();
        return call;
    }

    private static World Talking(NatBehavior nat)
    {
        var call = Begin(nat, new CallOptions());
        var world = call.World.World;
        world.RunUntil(Instant.Zero + TimeSpan.FromSeconds(20));
        if (call.Alice.Events.OfType<PhoneEvent.CallChanged>().LastOrDefault()?.State != CallState.Connected) throw new InvalidOperationException("the phones do not talk");
        return world;
    }
}
