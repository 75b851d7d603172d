using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// Virtual time, hosts behind NATs, one delay and one loss rate. Whatever listens at an address is a delegate; private addresses reach
/// nobody outside.
/// </summary>
internal sealed class TinyInternet(ulong seed, TimeSpan delay, double loss = 0)
{
    public delegate void Listener(Address source, byte[] payload);

    private readonly PriorityQueue<Action, (long At, long Sequence)> _future = new();
    private readonly Dictionary<Address, Listener> _listeners = [];
    private readonly Dictionary<IpAddress, TinyNat> _natOf = [];
    private readonly Dictionary<IpAddress, TinyNat> _nats = [];
    private readonly SeededEntropy _chance = new(seed);
    private long _sequence;

    public Instant Now { get; private set; }

    public TimeSpan Delay { get; } = delay;

    /// <summary>Packets that are lost on purpose.</summary>
    public Func<Address, Address, byte[], bool> Drops { get; set; } = (_, _, _) => false;

    public void PutBehind(IpAddress host, TinyNat nat)
    {
        _natOf[host] = nat;
        _nats[nat.Outside] = nat;
    }

    public void Listen(Address at, Listener listener) => _listeners[at] = listener;

    public void Forget(Address at) => _listeners.Remove(at);

    public void At(Instant when, Action what) => _future.Enqueue(what, (when.Nanoseconds, _sequence++));

    public void Send(Address source, Address destination, byte[] payload)
    {
        if (Drops(source, destination, payload) || (loss > 0 && _chance.NextDouble() < loss)) return;
        if (_natOf.TryGetValue(source.Ip, out var nat))
        {
            if (destination.Ip.IsPrivate) return;
            source = nat.Outbound(source, destination);
        }
        else if (destination.Ip.IsPrivate && _natOf.ContainsKey(destination.Ip))
        {
            return;
        }

        At(Now + Delay, () => Arrive(source, destination, payload));
    }

    /// <summary>The address that a server at this place would see.</summary>
    public Address Mapped(Address inside, Address server) => _natOf.TryGetValue(inside.Ip, out var nat) ? nat.Outbound(inside, server) : inside;

    /// <summary>Runs until the condition holds or the limit is reached; true when it holds.</summary>
    public bool Run(Func<bool> done, TimeSpan limit)
    {
        var end = Now + limit;
        while (!done())
        {
            if (!_future.TryPeek(out _, out var next) || next.At > end.Nanoseconds)
            {
                Now = end;
                return done();
            }

            var what = _future.Dequeue();
            Now = new Instant(next.At);
            what();
        }

        return true;
    }

    private void Arrive(Address source, Address destination, byte[] payload)
    {
        if (_nats.TryGetValue(destination.Ip, out var nat) && !nat.TryInbound(destination, source, out destination)) return;
        if (_listeners.TryGetValue(destination, out var listener)) listener(source, payload);
    }
}
