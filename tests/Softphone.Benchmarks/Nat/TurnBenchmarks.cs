using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Benchmarks;

/// <summary>What a relayed packet costs its client: 172 octets of RTP (G.711, 20 ms) over a bound channel.</summary>
public class TurnBenchmarks
{
    private static readonly Address Peer = Address.Parse("203.0.113.77:4000");
    private readonly byte[] _payload = new byte[172];
    private readonly byte[] _buffer = new byte[2048];
    private TurnClient _client = null!;
    private byte[] _relayed = [];
    private PathId _path;
    private Instant _now;

    [GlobalSetup]
    public void Setup()
    {
        var demo = new DemoWorld(new DemoOptions());
        demo.HostA.TryOpen(Transport.Udp, demo.HostA.Interfaces[1].Address, 0, out _path, out _, out _);
        _client = new TurnClient(
            new TurnOptions { Server = DemoWorld.TurnAddress, Path = _path, Relay = new PathId(-1), Username = "alice", Password = DemoWorld.PasswordOf("alice") },
            new SeededEntropy(1),
            Trace.Off);
        var isBound = false;
        demo.HostA.Run(_client, _ =>
        {
            while (_client.TryEvent(out var happened)) isBound |= happened is TurnEvent.ChannelBound;
        });
        demo.HostA.Post(() => _client.Allocate(demo.World.Now));
        demo.HostA.Post(() => _client.Bind(demo.World.Now, Peer));
        if (!demo.World.RunUntil(() => isBound, Instant.Zero + TimeSpan.FromSeconds(10))) throw new InvalidOperationException("no channel");
        _now = demo.World.Now;
        _relayed = _buffer[..Wrap()].ToArray();
        if (Unwrap() != _payload.Length) throw new InvalidOperationException("not unwrapped");
    }

    [Benchmark(Description = "send a packet by its channel"), Aim(Bytes = 0)]
    public int Wrap()
    {
        _client.Send(_now, Peer, _payload);
        return _client.TryTransmit(_buffer, out var transmit) ? transmit.Length : 0;
    }

    [Benchmark(Description = "take a packet off its channel"), Aim(Bytes = 0)]
    public int Unwrap() => _client.TryUnwrap(new Datagram(_now, _path, DemoWorld.TurnAddress, _relayed), out var inner) ? inner.Payload.Length : 0;
}
