using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private readonly SipSockets _sockets;

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
            OpenSip(now, answer.Addresses);
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

    private void ServersKnown(Instant now) => ForEach(now, "the names of servers", static (call, at) => call.ServersKnown(at));

    /// <summary>The local address of SIP; not valid before it is known. Its interface is the first choice for media.</summary>
    internal IpAddress SipAddress => _sockets.Address;

    /// <summary>What all calls have learnt of the TURN servers.</summary>
    internal TurnMemory TurnMemory { get; } = new();

    private void OpenSip(Instant now, IReadOnlyList<IpAddress> towards)
    {
        if (_sockets.Open(now, towards) is { } fault) Emit(new PhoneEvent.NotReachable(now, fault));
        else foreach (var (transport, at) in _sockets.Asked) Emit(new PhoneEvent.Listening(now, transport, at));
        foreach (var act in _whenOpen.ToArray()) act(now);
        _whenOpen.Clear();
    }
}
