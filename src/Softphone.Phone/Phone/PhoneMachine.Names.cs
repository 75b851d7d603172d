using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private readonly Dictionary<PathId, Transport> _sipPaths = [];

    /// <summary>Names that are looked up at once for calls: strangers write them.</summary>
    private const int MostPeerNames = 8;

    private readonly Dictionary<int, (Instant At, TimeSpan Limit, CallId Call, Action<Instant, IReadOnlyList<IpAddress>> Found)> _peerNames = [];
    private Instant _lastSeen;
    private SipUri? _firstHop;
    private int? _firstHopQuery;

    /// <summary>Takes the next question for the shell's resolver.</summary>
    public bool TryQuery(out NameQuery query) => Servers.TryQuery(out query) || Sip.TryQuery(out query);

    /// <summary>The resolver's answer.</summary>
    public void Resolved(Instant now, NameAnswer answer)
    {
        if (_firstHopQuery == answer.Id)
        {
            _firstHopQuery = null;
            OpenSip(now, answer.Addresses.Count > 0 ? answer.Addresses[0] : null);
        }
        else if (_peerNames.Remove(answer.Id, out var asked))
        {
            if (now - asked.At <= asked.Limit && _calls.TryGetValue(asked.Call, out var call) && !call.IsBroken)
                _barrier.Guard(now, call, at => asked.Found(at, answer.Addresses), "a name of the peer's");
        }
        else if (!ServerNames.Asked(answer.Id))
        {
            Sip.Answer(now, answer);
        }
        else if (Servers.Answer(answer))
        {
            ServersKnown(now);
        }

        Settle(now);
    }

    /// <summary>
    /// Asks for the addresses of a name in a peer's description; what comes after the limit comes too late, and one too many is not asked.
    /// </summary>
    /// <returns>False when it was not asked.</returns>
    internal bool ResolvePeer(string host, CallId call, TimeSpan limit, Action<Instant, IReadOnlyList<IpAddress>> found)
    {
        if (_peerNames.Count >= MostPeerNames) return false;
        _peerNames[Servers.Ask(host)] = (_lastSeen, limit, call, found);
        return true;
    }

    private static IpAddress? NumericHost(SipUri uri) => IpAddress.TryParse(uri.Host, out var ip) ? ip : null;

    private void ServersKnown(Instant now) => ForEach(now, "the names of servers", static (call, at) => call.ServersKnown(at));

    /// <summary>The local address of SIP; not valid before it is known. Its interface is the first choice for media.</summary>
    internal IpAddress SipAddress { get; private set; }

    /// <summary>What all calls have learnt of the TURN servers.</summary>
    internal TurnMemory TurnMemory { get; } = new();

    /// <summary>One address for SIP: the one the system would send from to the first hop, else the first that is not loopback.</summary>
    private void OpenSip(Instant now, IpAddress? towards)
    {
        _towards = towards;
        SipAddress = LocalTowards(towards) ?? IpAddress.LoopbackV4;
        if (OpenSipPaths(SipAddress) is { } fault) Emit(new PhoneEvent.NotReachable(now, fault));
        foreach (var act in _whenOpen.ToArray()) act(now);
        _whenOpen.Clear();
    }

    private IpAddress? LocalTowards(IpAddress? towards)
    {
        if (Options.SipAddress is { } asked) return asked;
        if (towards is { } remote && Network.TryRoute(remote, out var local)) return local;
        return Network.Interfaces.Select(i => (IpAddress?)i.Address).OrderBy(a => a!.Value.IsLoopback).ThenBy(a => a!.Value.IsLinkLocal).ThenBy(a => a!.Value.IsV6)
            .FirstOrDefault();
    }

    /// <summary>What could not be opened where it was asked for; null when all is open, or nothing was asked.</summary>
    private Fault? OpenSipPaths(IpAddress local)
    {
        Fault? missing = null;
        if (Options.SipTransports is SipTransports.Udp or SipTransports.UdpAndTcp) Open(Transport.Udp);
        if (Options.SipTransports is SipTransports.Tcp or SipTransports.UdpAndTcp) Open(Transport.Tcp);
        if (Options.SipTransports == SipTransports.Tls) Open(Transport.Tls);
        return Options.SipAddress is null && Options.SipPort == 0 ? null : missing;

        void Open(Transport transport)
        {
            var port = transport == Transport.Tls ? (ushort)0 : Options.SipPort;
            if (!Network.TryOpen(transport, local, port, out var path, out var bound, out var error))
            {
                missing ??= NotOpened(transport, new Address(local, port), error);
                return;
            }

            Network.Defer(path);
            _sipPaths.Add(path, transport);
            Sip.AddPath(path, transport, bound);
        }
    }

    private static Fault NotOpened(Transport transport, Address at, PathError error)
    {
        var name = transport.ToString().ToUpperInvariant();
        return error switch
        {
            PathError.InUse => new Fault(Layer.Transport, $"{name} {at} is taken by another program", "name another port, or end that program"),
            PathError.NotPermitted => new Fault(Layer.Transport, $"{name} {at} may not be used by this user", "name a port above 1023"),
            PathError.Exhausted => new Fault(Layer.Transport, $"{name} {at} cannot be opened: no descriptor is left", "raise the limit (ulimit -n, LimitNOFILE)"),
            _ => new Fault(Layer.Transport, $"{name} {at} cannot be opened: {at.Ip} is no address of this machine now", "name one of its addresses: softphone ice gather lists them"),
        };
    }
}
