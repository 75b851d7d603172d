using System.Collections.Concurrent;
using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// A virtual internet: segments, links with delay, jitter and loss, NATs between them, and hosts that run machines. Time is virtual
/// and jumps from event to event; the same seed and the same inputs give the same run to the last octet. One thread drives it.
/// A driver in real time calls <see cref="KeepUp"/> with its own clock and sleeps until <see cref="NextEventAt"/>.
/// </summary>
public sealed partial class World
{
    private const int MaxHops = 32;

    private readonly WorldMemory _memory;
    private readonly EventHeap _events;
    private readonly TimerTable<int> _wakeUps = new();
    private readonly ConcurrentQueue<(VirtualHost? Host, Action Input)> _posted = new();
    private readonly List<VirtualHost> _hosts = [];
    private readonly List<Gateway> _gateways = [];
    private readonly SeededEntropy _root;
    private readonly SeededEntropy _chance;

    /// <param name="seed">Everything random in this world comes from it.</param>
    /// <param name="trace">Where dropped packets are recorded; none when null.</param>
    public World(ulong seed, Trace? trace = null)
        : this(seed, trace, new WorldMemory())
    {
    }

    /// <param name="seed">Everything random in this world comes from it.</param>
    /// <param name="trace">Where dropped packets are recorded; none when null.</param>
    /// <param name="memory">What a world before this one has left.</param>
    public World(ulong seed, Trace? trace, WorldMemory memory)
    {
        _memory = memory;
        _events = memory.Events;
        _events.Clear();
        Seed = seed;
        Trace = trace ?? Trace.Off;
        _root = new SeededEntropy(seed);
        _chance = _root.Fork();
        Public = new Segment(this, "internet", default, 0);
    }

    public ulong Seed { get; }

    /// <summary>The time in the world; it starts at zero.</summary>
    public Instant Now { get; private set; }

    public Trace Trace { get; }

    /// <summary>The public internet.</summary>
    public Segment Public { get; }

    public WorldCounters Counters { get; } = new();

    /// <summary>The world's DNS.</summary>
    public VirtualNames Names { get; } = new();

    public IReadOnlyList<VirtualHost> Hosts => _hosts;

    public IReadOnlyList<Gateway> Gateways => _gateways;

    /// <summary>When something happens next; null when the world is idle.</summary>
    public Instant? NextEventAt =>
        !_posted.IsEmpty ? Now : Instant.Earlier(_events.Count == 0 ? null : new Instant(_events.NextDue), _wakeUps.Next);

    internal byte[] Buffer => _memory.Buffer;

    /// <summary>A source of chance for a machine, apart from the world's own: the n-th is the same for the same seed.</summary>
    public IEntropy NewEntropy() => _root.Fork();

    /// <summary>A host with one address on a segment. More addresses: <see cref="VirtualHost.Attach"/>.</summary>
    public VirtualHost AddHost(string name, Segment segment, IpAddress address, Link? link = null)
    {
        var host = AddHost(name);
        host.Attach(segment, address, link);
        return host;
    }

    /// <summary>A host without an interface yet.</summary>
    public VirtualHost AddHost(string name)
    {
        var host = new VirtualHost(this, name, _hosts.Count, _root.Fork());
        _hosts.Add(host);
        return host;
    }

    /// <summary>
    /// A LAN behind a gateway on another segment. A gateway that translates needs outside addresses; one that does not gets the
    /// LAN's prefix routed to it.
    /// </summary>
    /// <param name="name">The gateway's and the LAN's name: "natA".</param>
    /// <param name="network">The LAN's prefix.</param>
    /// <param name="prefixLength">Its length in bits.</param>
    /// <param name="behavior">How the gateway behaves.</param>
    /// <param name="around">The segment it hangs on; the public internet or another LAN.</param>
    /// <param name="wan">The line between the two; perfect when null.</param>
    /// <param name="outside">The gateway's addresses on that segment.</param>
    public Segment AddLan(
        string name, IpAddress network, int prefixLength, NatBehavior behavior, Segment around, Link? wan = null, params ReadOnlySpan<IpAddress> outside)
    {
        var lan = new Segment(this, name, network, prefixLength);
        AddGateway(lan, name, network, prefixLength, behavior, around, wan, outside);
        return lan;
    }

    /// <summary>A second gateway on a LAN, with a second prefix: the other address family of a dual-stack network.</summary>
    /// <param name="lan">The LAN.</param>
    /// <param name="name">The gateway's name: "natA6".</param>
    /// <param name="network">The prefix.</param>
    /// <param name="prefixLength">Its length in bits.</param>
    /// <param name="behavior">How the gateway behaves.</param>
    /// <param name="around">The segment it hangs on.</param>
    /// <param name="wan">The line between the two; perfect when null.</param>
    /// <param name="outside">The gateway's addresses on that segment.</param>
    public Gateway AddGateway(
        Segment lan, string name, IpAddress network, int prefixLength, NatBehavior behavior, Segment around, Link? wan = null, params ReadOnlySpan<IpAddress> outside)
    {
        var gateway = new Gateway(name, new NatDevice(behavior, _root.Fork(), outside), lan, around, wan ?? Link.Perfect, network.IsV4);
        lan.AddGateway(gateway, network, prefixLength);
        _gateways.Add(gateway);
        foreach (var address in outside) around.Join(address, gateway.OutsidePlug);
        // The prefix is known as far out as nothing translates it.
        for (var via = gateway; via is { Nat.Behavior.Translates: false }; via = via.Outside.GatewayFor(network))
            via.Outside.AddRoute(network, prefixLength, via.OutsidePlug);
        return gateway;
    }

    /// <summary>
    /// A NAT64 on an IPv6 LAN (RFC 6146): what is sent to 64:ff9b::/96 goes on as IPv4 to the address in its last 32 bits. Name queries
    /// of the LAN's hosts get such addresses for names that have IPv4 ones only (DNS64, RFC 6147).
    /// </summary>
    public Gateway AddNat64(Segment lan, string name, NatBehavior behavior, Segment around, Link? wan = null, params ReadOnlySpan<IpAddress> outside)
    {
        var gateway = new Gateway(name, new NatDevice(behavior, _root.Fork(), outside), lan, around, wan ?? Link.Perfect, isV4: false)
        {
            Nat64Prefix = Nat64.WellKnownPrefix,
        };
        lan.AddNat64(gateway);
        _gateways.Add(gateway);
        foreach (var address in outside) around.Join(address, gateway.OutsidePlug);
        return gateway;
    }

    /// <summary>An input from outside, from any thread: it runs in the next step, and then every host is drained.</summary>
    public void Post(Action input) => _posted.Enqueue((null, input));

    /// <summary>Something to do at a time; a past one means now. Afterwards every host is drained.</summary>
    public void At(Instant when, Action input) => Schedule(when, () =>
    {
        input();
        SettleAll();
    });

    internal void Post(VirtualHost host, Action input) => _posted.Enqueue((host, input));

    public void Schedule(Instant when, Action happening) => _events.Push(Math.Max(when.Nanoseconds, Now.Nanoseconds), happening);

    internal void PushLocal(Packet packet) => _events.Push(Now.Nanoseconds, packet);

    internal void WakeUp(VirtualHost host, Instant? at)
    {
        if (at is { } due) _wakeUps.Set(host.Index, due < Now ? Now : due);
        else _wakeUps.Cancel(host.Index);
    }

    /// <summary>Does the next thing; false when there is nothing to do.</summary>
    public bool Step() => Step(long.MaxValue);

    /// <summary>Does everything due by then; afterwards that is the time.</summary>
    public void RunUntil(Instant limit)
    {
        while (Step(limit.Nanoseconds))
        {
        }

        if (Now < limit) Now = limit;
    }

    /// <summary>Steps until the condition holds, nothing is left to do, or the time is up.</summary>
    /// <returns>Whether the condition holds.</returns>
    public bool RunUntil(Func<bool> done, Instant limit)
    {
        while (!done())
        {
            if (Step(limit.Nanoseconds)) continue;
            if (Now < limit) Now = limit;
            return done();
        }

        return true;
    }

    /// <summary>
    /// For a driver in real time: does everything due by then, and runs what was posted at that time rather than at the last event's.
    /// </summary>
    public void KeepUp(Instant now)
    {
        do
        {
            while (StepEvent(now.Nanoseconds))
            {
            }

            if (Now < now) Now = now;
        }
        while (StepPosted());
    }

    private bool Step(long limit) => StepPosted() || StepEvent(limit);

    private bool StepPosted()
    {
        if (!_posted.TryDequeue(out var post)) return false;
        post.Input();
        if (post.Host is { } host) host.Settle();
        else SettleAll();
        return true;
    }

    private bool StepEvent(long limit)
    {
        var packetDue = _events.NextDue;
        // A packet that arrives at the very instant of a timeout is in time.
        if (_wakeUps.Next is { } wake && wake.Nanoseconds < packetDue)
        {
            if (wake.Nanoseconds > limit) return false;
            Now = wake;
            _wakeUps.TryExpire(wake, out var index);
            _hosts[index].Wake();
            return true;
        }

        if (packetDue > limit || _events.Count == 0) return false;
        Now = new Instant(packetDue);
        var item = _events.Pop();
        if (item is Packet packet) Arrive(packet);
        else ((Action)item)();
        return true;
    }

    private void SettleAll()
    {
        foreach (var host in _hosts) host.Settle();
    }
}
