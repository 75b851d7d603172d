using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Benchmarks;

/// <summary>What one packet of audio costs a phone that has one call, and one that has a hundred: a packet settles its own call and no other.</summary>
public class ManyCallsBenchmarks
{
    private BusyPhone _one = null!;
    private BusyPhone _many = null!;

    [GlobalSetup]
    public void Setup() => (_one, _many) = (new BusyPhone(1), new BusyPhone(100));

    [Benchmark(Description = "phone: an RTP packet in, of its only call")]
    public Instant? OfOne() => _one.Packet();

    [Benchmark(Description = "phone: an RTP packet in, of one of 100 calls")]
    public Instant? OfMany() => _many.Packet();

    /// <summary>A phone with so many calls, and the next packet of one of them.</summary>
    private sealed class BusyPhone
    {
        private readonly byte[] _buffer = new byte[Limits.Datagram];
        private readonly PhoneMachine _phone;
        private readonly Tap _tap;
        private readonly byte[] _packet;
        private Instant _now;

        public BusyPhone(int calls)
        {
            Tap? tap = null;
            var demo = new DemoCall(
                new DemoWorld(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.None }), new PlainCodec(), new CallOptions(), new CallOptions(),
                options => options with { CallLimit = 2 * calls, Nat = new NatSettings() },
                (name, machine) => name == "alice" ? tap = new Tap(machine) : machine);
            demo.Begin();
            var world = demo.World.World;
            world.RunUntil(Instant.Zero + TimeSpan.FromSeconds(5));
            for (var i = 1; i < calls; i++)
            {
                demo.Alice.Do((machine, now) => machine.Call(now, demo.Account, Sip.SipUri.Parse($"sip:bob@{DemoWorld.Domain}")));
                world.RunUntil(world.Now + TimeSpan.FromMilliseconds(5));
            }

            world.RunUntil(world.Now + TimeSpan.FromSeconds(2));
            (_phone, _tap, _now) = (demo.Alice.Machine, tap!, world.Now);
            _packet = _tap.Last.ToArray();
            if (_phone.ActiveCalls != calls || _packet.Length == 0) throw new InvalidOperationException($"{_phone.ActiveCalls} calls instead of {calls}");
        }

        public Instant? Packet()
        {
            _now += TimeSpan.FromMilliseconds(20);
            var rtp = _packet.AsSpan();
            BinaryPrimitives.WriteUInt16BigEndian(rtp[2..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(rtp[2..]) + 1));
            BinaryPrimitives.WriteUInt32BigEndian(rtp[4..], BinaryPrimitives.ReadUInt32BigEndian(rtp[4..]) + 960);
            _phone.Receive(new Datagram(_now, _tap.Path, _tap.Remote, rtp));
            while (_phone.TryTransmit(_buffer, out _))
            {
            }

            while (_phone.TryEvent(out _))
            {
            }

            return _phone.NextTimeout;
        }
    }

    /// <summary>Keeps the last packet of audio that came.</summary>
    private sealed class Tap(IMachine machine) : IMachine
    {
        private byte[] _last = [];

        public ReadOnlySpan<byte> Last => _last;

        public PathId Path { get; private set; }

        public Address Remote { get; private set; }

        public Instant? NextTimeout => machine.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            // RTP by its first octet (RFC 7983), and none of RTCP's types (RFC 5761).
            if (datagram.Payload is [>= 128 and < 192, not (>= 192 and <= 223), ..])
                (_last, Path, Remote) = (datagram.Payload.ToArray(), datagram.Path, datagram.Remote);
            machine.Receive(datagram);
        }

        public void Fail(in PathFailure failure) => machine.Fail(failure);

        public void Advance(Instant now) => machine.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => machine.TryTransmit(buffer, out transmit);

        public void Sent(Instant now) => machine.Sent(now);
    }
}
