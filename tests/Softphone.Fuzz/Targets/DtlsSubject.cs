using Softphone.Core;
using Softphone.Media;

namespace Softphone.Fuzz;

/// <summary>
/// Two associations at every point of their handshake, and after it: the peer's datagrams come damaged, twice, out of order or not at all, and strangers' between
/// them. Whoever expects another certificate never has keys, and two that have keys have the same ones. libssl draws its own chance: a round that
/// failed may not fail again by its seed alone.
/// </summary>
internal sealed class DtlsSubject : IFuzzSubject
{
    /// <summary>What one input may have us send: a flight, and an alert.</summary>
    private const int MostSent = 16_384;

    private static readonly Lazy<DtlsIdentity> Alice = new(() => DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    private static readonly Lazy<DtlsIdentity> Bob = new(() => DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    private readonly List<(DtlsSession To, byte[] Octets)> _waiting = [];
    private readonly byte[] _room = new byte[Limits.Datagram];
    private DtlsSession _client = null!;
    private DtlsSession _server = null!;
    private MediaSecurity? _clientKeys;
    private MediaSecurity? _serverKeys;
    private bool _isDeceived;
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1);

    public DtlsSubject(ulong seed) => Begin(new SeededEntropy(seed));

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        if (chance.NextInt(40) == 0 || (_client.IsOver && _server.IsOver)) Begin(chance);
        _now += TimeSpan.FromMilliseconds(chance.NextInt(50));
        _client.Advance(_now);
        _server.Advance(_now);
        Drain();
        switch (chance.NextInt(4))
        {
            case 0:
                Deliver(chance.NextInt(2) == 0 ? _client : _server, input);
                break;
            case 1 when _waiting.Count > 0:
                var (to, octets) = _waiting[chance.NextInt(_waiting.Count)];
                Span<byte> damaged = [.. octets];
                if (chance.NextInt(2) == 0) damaged[chance.NextInt(damaged.Length)] ^= (byte)(1 << chance.NextInt(8));
                else input[..Math.Min(input.Length, damaged.Length)].CopyTo(damaged[chance.NextInt(1 + Math.Max(0, damaged.Length - input.Length))..]);
                Deliver(to, damaged[..(damaged.Length - chance.NextInt(2) * chance.NextInt(damaged.Length))]);
                break;
            default:
                if (_waiting.Count == 0) break;
                var at = chance.NextInt(_waiting.Count);
                var sound = _waiting[at];
                if (chance.NextInt(4) != 0) _waiting.RemoveAt(at);
                Deliver(sound.To, sound.Octets);
                break;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private void Begin(SeededEntropy chance)
    {
        _client?.Dispose();
        _server?.Dispose();
        _waiting.Clear();
        (_clientKeys, _serverKeys) = (null, null);
        _isDeceived = chance.NextInt(3) == 0;
        _client = new DtlsSession(Alice.Value, DtlsRole.Client, MediaPath.Rtp);
        _server = new DtlsSession(Bob.Value, DtlsRole.Server, MediaPath.Rtp);
        _client.Expect(_now, [(_isDeceived ? Alice : Bob).Value.Fingerprint("sha-256")]);
        _server.Expect(_now, [Alice.Value.Fingerprint("sha-256")]);
        _server.Start(_now);
        _client.Start(_now);
        Drain();
    }

    private void Deliver(DtlsSession to, ReadOnlySpan<byte> octets)
    {
        to.Receive(new Datagram(_now, MediaPath.Rtp, default, octets));
        Drain();
    }

    private void Drain()
    {
        var sent = 0;
        foreach (var (from, to) in new[] { (_client, _server), (_server, _client) })
        {
            while (from.TryTransmit(_room, out var transmit))
            {
                sent += transmit.Length;
                if (_waiting.Count < 64) _waiting.Add((to, _room[..transmit.Length]));
            }

            while (from.TryEvent(out var happened))
            {
                if (happened is not DtlsEvent.Secured secured) continue;
                if (from == _client) _clientKeys = secured.Keys;
                else _serverKeys = secured.Keys;
            }
        }

        if (sent > MostSent) throw new FuzzFailure($"one input made us send {sent} octets");
        if (_isDeceived && _clientKeys is not null) throw new FuzzFailure("keys with a peer whose certificate is another");
        if (_clientKeys is { } hers && _serverKeys is { } his && !(hers.Send.Equals(his.Receive[0]) && his.Send.Equals(hers.Receive[0]))) throw new FuzzFailure("the two sides have other keys");
    }
}
