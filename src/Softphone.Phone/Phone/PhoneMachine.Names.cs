using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private readonly Dictionary<PathId, Transport> _sipPaths = [];
    private static readonly TimeSpan LocalNameLimit = TimeSpan.FromSeconds(1);

    /// <summary>Local names that are looked up at once: each is asked of everybody around, and strangers name them.</summary>
    private const int MostLocalNames = 8;

    private readonly Dictionary<int, (Instant At, CallId Call, Action<Instant, IpAddress?> Found)> _localNames = [];
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
        else if (_localNames.Remove(answer.Id, out var asked))
        {
            if (now - asked.At <= LocalNameLimit && _calls.TryGetValue(asked.Call, out var call) && !call.IsBroken)
                _barrier.Guard(now, call, at => asked.Found(at, answer.Addresses.Count > 0 ? answer.Addresses[0] : null), "a local name");
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

    /// <summary>Asks for the address of a name of the local network; what comes after a second comes too late, and one too many is not asked.</summary>
    internal void ResolveLocal(string host, CallId call, Action<Instant, IpAddress?> found)
    {
        if (_localNames.Count < MostLocalNames) _localNames[Servers.Ask(host)] = (_lastSeen, call, found);
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
        OpenSipPaths(SipAddress);
        foreach (var act in _whenOpen.ToArray()) act(now);
        _whenOpen.Clear();
    }

    private IpAddress? LocalTowards(IpAddress? towards)
    {
        if (towards is { } remote && Network.TryRoute(remote, out var local)) return local;
        return Network.Interfaces.Select(i => (IpAddress?)i.Address).OrderBy(a => a!.Value.IsLoopback).ThenBy(a => a!.Value.IsLinkLocal).ThenBy(a => a!.Value.IsV6)
            .FirstOrDefault();
    }

    private void OpenSipPaths(IpAddress local)
    {
        if (Options.SipTransports is SipTransports.Udp or SipTransports.UdpAndTcp) Open(Transport.Udp);
        if (Options.SipTransports is SipTransports.Tcp or SipTransports.UdpAndTcp) Open(Transport.Tcp);
        if (Options.SipTransports == SipTransports.Tls) Open(Transport.Tls);

        void Open(Transport transport)
        {
            if (!Network.TryOpen(transport, local, transport == Transport.Tls ? (ushort)0 : Options.SipPort, out var path, out var bound, out _)) return;
            Network.Defer(path);
            _sipPaths.Add(path, transport);
            Sip.AddPath(path, transport, bound);
        }
    }
}
