using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>One agent on the net, with what it told its owner.</summary>
internal sealed class SipNode
{
    private readonly SipNet _net;
    private readonly IpAddress _ip;
    private readonly List<(PathId Id, Transport Transport, Address Bound)> _paths = [];
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly HashSet<Address> _open = [];
    private readonly HashSet<Address> _small = [];
    private readonly HashSet<Address> _stuck = [];
    private int _lastPath;

    public SipNode(SipNet net, SipAgentOptions options, string ip)
    {
        _net = net;
        _ip = IpAddress.Parse(ip);
        Trace = new Trace();
        Agent = new SipAgent(options, net.Fork(), Trace);
    }

    public SipAgent Agent { get; }

    public Trace Trace { get; }

    public List<SipEvent> Events { get; } = [];

    /// <summary>The connections that the agent ended, in order.</summary>
    public List<Address> Closed { get; } = [];

    /// <summary>What is longer does not pass on a stream, and nothing after it, unless the stream was opened for small segments; 0 lets all pass.</summary>
    public int LongestSegment { get; set; }

    /// <summary>What the system would say of octets that are not acknowledged.</summary>
    public bool IsStuck(Address remote) => _stuck.Contains(remote);

    public Instant Now => _net.Now;

    /// <summary>A path at the node's address, or at one of the other family.</summary>
    public PathId Add(Transport transport, ushort port, string? ip = null)
    {
        var id = new PathId(++_lastPath);
        var bound = new Address(ip is null ? _ip : IpAddress.Parse(ip), port);
        _paths.Add((id, transport, bound));
        Agent.AddPath(id, transport, bound);
        return id;
    }

    public void Remove(PathId id)
    {
        _paths.RemoveAll(path => path.Id == id);
        Agent.RemovePath(_net.Now, id);
    }

    public AccountId Account(string aor, string password = "", string? registrar = null, string? proxy = null, Transport? transport = null, bool learn = true, string instance = "", bool messages = false, CallsFrom? callsFrom = null, bool probes = false, Reliability provisionals = default, bool isPrivate = false) =>
        Agent.AddAccount(new SipAccount
        {
            Aor = Uri(aor),
            Password = password,
            Registrar = registrar is null ? null : Uri(registrar),
            OutboundProxy = proxy is null ? null : Uri(proxy),
            Transport = transport,
            LearnContact = learn,
            InstanceId = instance,
            WantsMessages = messages,
            CallsFrom = callsFrom,
            ProbesTransport = probes,
            Provisionals = provisionals,
            IsPrivate = isPrivate,
        });

    public static SipUri Uri(string text) => SipUri.TryParse(text, out var uri, out var error) ? uri : throw new FormatException(error.ToString());

    public T Last<T>() where T : SipEvent => Events.OfType<T>().Last();

    public int Count<T>() where T : SipEvent => Events.OfType<T>().Count();

    public void Drain()
    {
        while (true)
        {
            var moved = false;
            while (Agent.TryQuery(out var query))
            {
                moved = true;
                if (!_net.IsDnsSilent) Agent.Answer(_net.Now, _net.Resolve(query));
            }

            while (Agent.TryTransmit(_buffer, out var transmit))
            {
                moved = true;
                var path = _paths.Find(p => p.Id == transmit.Path);
                if (path.Id == PathId.None) continue;
                if (transmit.Use == StreamUse.End)
                {
                    Closed.Add(transmit.Remote);
                    _open.Remove(transmit.Remote);
                    _small.Remove(transmit.Remote);
                    _stuck.Remove(transmit.Remote);
                    continue;
                }

                var isStream = path.Transport != Transport.Udp;
                if (isStream && !Passes(transmit)) continue;
                var from = isStream && !_net.IsStreamClient(transmit.Remote) ? _net.StreamClient(path.Bound.Ip, transmit.Remote) : path.Bound;
                _net.Send(from, transmit.Remote, _buffer.AsSpan(0, transmit.Length), isStream);
            }

            while (Agent.TryEvent(out var happened))
            {
                moved = true;
                Events.Add(happened);
                Happened?.Invoke(happened);
            }

            if (!moved) return;
        }
    }

    private bool Passes(in Transmit transmit)
    {
        if (_open.Add(transmit.Remote) && transmit.Use == StreamUse.OpenSmall) _small.Add(transmit.Remote);
        if (LongestSegment > 0 && transmit.Length > LongestSegment && !_small.Contains(transmit.Remote)) _stuck.Add(transmit.Remote);
        return !_stuck.Contains(transmit.Remote);
    }

    /// <summary>Reacts to events as they come.</summary>
    public Action<SipEvent>? Happened { get; set; }

    public bool TryReceive(Address from, Address to, byte[] octets, bool isStream)
    {
        foreach (var path in _paths)
        {
            var isStreamPath = path.Transport != Transport.Udp;
            if (path.Bound.Ip != to.Ip || isStreamPath != isStream || (path.Bound.Port != to.Port && !(isStream && _net.IsStreamClient(to)))) continue;
            Agent.Receive(new Datagram(_net.Now, path.Id, from, octets));
            return true;
        }

        return false;
    }

    /// <summary>Nobody is at the address: a refused connection, an ICMP error.</summary>
    public void Refused(Address from, Address to, bool isStream)
    {
        foreach (var path in _paths)
            if (path.Bound.Ip == from.Ip && path.Transport != Transport.Udp == isStream) Agent.Fail(new PathFailure(_net.Now, path.Id, to, PathError.Refused));
    }

    public void FailStream(Address remote, PathError error)
    {
        foreach (var path in _paths)
            if (path.Transport != Transport.Udp) Agent.Fail(new PathFailure(_net.Now, path.Id, remote, error));
    }
}
