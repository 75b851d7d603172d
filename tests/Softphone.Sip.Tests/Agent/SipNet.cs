using System.Text;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>
/// A wire in virtual time: agents and scripted peers exchange UDP datagrams, which it may delay, lose and double, and TCP
/// octets, which it may not. Everything follows from one seed.
/// </summary>
internal sealed class SipNet(ulong seed = 1)
{
    private readonly SeededEntropy _chance = new(seed);
    private readonly PriorityQueue<Action, (long At, long Order)> _flying = new();
    private readonly List<SipNode> _nodes = [];
    private readonly Dictionary<(Address At, bool IsStream), Action<Address, byte[]>> _peers = [];
    private readonly Dictionary<Address, (Address Client, Address Server)> _streams = [];
    private long _order;
    private ushort _nextPort = 40_000;

    public Instant Now { get; private set; }

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Share of UDP datagrams that vanish.</summary>
    public double Loss { get; set; }

    /// <summary>Share of UDP datagrams that arrive twice.</summary>
    public double Doubling { get; set; }

    /// <summary>Whether a datagram is to vanish, whatever the dice say.</summary>
    public Func<SipMessage?, bool>? Drop { get; set; }

    /// <summary>Whether what goes there, of UDP or of a stream, vanishes without a word.</summary>
    public Func<Address, bool>? IsBlackHole { get; set; }

    /// <summary>Every message that was put on the wire, in order: sender, receiver, text.</summary>
    public List<(Instant At, Address From, Address To, bool IsStream, SipMessage? Message)> Ladder { get; } = [];

    public Dictionary<string, IpAddress[]> Hosts { get; } = [];

    public Dictionary<string, SrvRecord[]> Services { get; } = [];

    public Dictionary<string, NaptrRecord[]> Pointers { get; } = [];

    /// <summary>No question to DNS is answered.</summary>
    public bool IsDnsSilent { get; set; }

    public SeededEntropy Fork() => _chance.Fork();

    public SipNode Agent(string ip, SipAgentOptions? options = null, bool udp = true, bool tcp = false, ushort port = 5060, ushort tcpPort = 5060)
    {
        var node = new SipNode(this, options ?? new SipAgentOptions { UdpKeepalive = TimeSpan.Zero, StreamKeepalive = TimeSpan.Zero }, ip);
        _nodes.Add(node);
        if (udp) node.Add(Transport.Udp, port);
        if (tcp) node.Add(Transport.Tcp, tcpPort);
        return node;
    }

    /// <summary>A scripted peer, of UDP or of streams: told the sender and the octets.</summary>
    public void Peer(Address at, bool isStream, Action<Address, byte[]> receives) => _peers[(at, isStream)] = receives;

    public void Remove(Address peer)
    {
        _peers.Remove((peer, false));
        _peers.Remove((peer, true));
    }

    public void Send(Address from, Address to, ReadOnlySpan<byte> octets, bool isStream)
    {
        var copy = octets.ToArray();
        var message = SipParser.TryParse(copy, out var parsed, out _) ? parsed : null;
        Ladder.Add((Now, from, to, isStream, message));
        if (!isStream && (Drop?.Invoke(message) == true || _chance.NextDouble() < Loss)) return;
        if (IsBlackHole?.Invoke(to) == true) return;
        Fly(() => Deliver(from, to, copy, isStream));
        if (!isStream && _chance.NextDouble() < Doubling) Fly(() => Deliver(from, to, copy, isStream));
    }

    public void Send(Address from, Address to, string text, bool isStream = false) => Send(from, to, Encoding.UTF8.GetBytes(text), isStream);

    /// <summary>The address that a TCP client of this IP has towards a server; made on first use.</summary>
    public Address StreamClient(IpAddress ip, Address server)
    {
        foreach (var (client, ends) in _streams)
            if (client.Ip == ip && ends.Server == server) return client;
        var address = new Address(ip, _nextPort++);
        _streams[address] = (address, server);
        return address;
    }

    /// <summary>A connection that a server answers on.</summary>
    public bool IsStreamClient(Address remote) => _streams.ContainsKey(remote);

    public void CloseStream(Address client) => _streams.Remove(client);

    /// <summary>Tells the sender of a stream that nobody listens.</summary>
    public void Fly(Action arrives)
    {
        _flying.Enqueue(arrives, ((Now + Delay).Nanoseconds, _order++));
    }

    /// <summary>Something happens so many seconds from now.</summary>
    public void Later(double seconds, Action happens) => _flying.Enqueue(happens, ((Now + TimeSpan.FromSeconds(seconds)).Nanoseconds, _order++));

    public void Run(double seconds) => Run(TimeSpan.FromSeconds(seconds));

    public void Run(TimeSpan time)
    {
        var end = Now + time;
        for (var steps = 0; steps < 2_000_000; steps++)
        {
            foreach (var node in _nodes) node.Drain();
            Instant? next = null;
            if (_flying.TryPeek(out _, out var first)) next = new Instant(first.At);
            foreach (var node in _nodes) next = Instant.Earlier(next, node.Agent.NextTimeout);
            if (next is not { } at || at > end)
            {
                Now = end;
                foreach (var node in _nodes) node.Drain();
                return;
            }

            if (at > Now) Now = at;
            while (_flying.TryPeek(out _, out first) && first.At <= Now.Nanoseconds) _flying.Dequeue()();
            foreach (var node in _nodes)
                if (node.Agent.NextTimeout is { } due && due <= Now) node.Agent.Advance(Now);
        }

        throw new InvalidOperationException("the net does not come to rest");
    }

    public NameAnswer Resolve(NameQuery query)
    {
        if (query.Record == NameRecord.Srv)
            return new NameAnswer(query.Id, [], Services.GetValueOrDefault(query.Name, []), [], !Services.ContainsKey(query.Name));
        if (query.Record == NameRecord.Naptr)
            return new NameAnswer(query.Id, [], [], Pointers.GetValueOrDefault(query.Name, []), !Pointers.ContainsKey(query.Name));
        return Hosts.TryGetValue(query.Name, out var found) ? NameAnswer.Of(query.Id, found) : NameAnswer.Failure(query.Id);
    }

    private void Deliver(Address from, Address to, byte[] octets, bool isStream)
    {
        if (_peers.TryGetValue((to, isStream), out var peer))
        {
            peer(from, octets);
            return;
        }

        foreach (var node in _nodes)
            if (node.TryReceive(from, to, octets, isStream)) return;
        foreach (var node in _nodes) node.Refused(from, to, isStream);
    }
}
