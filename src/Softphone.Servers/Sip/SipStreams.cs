using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>
/// What came by the stream connections of the SIP server and is not yet a whole message. One that was begun has a deadline, one for its head and
/// one for its body, however many octets trickle in; a connection that is silent between messages has none (RFC 5626 §4.4.1 keeps it).
/// </summary>
/// <param name="headLimit">From the first octet of a head to its last.</param>
/// <param name="bodyLimit">For the body after that.</param>
internal sealed class SipStreams(TimeSpan headLimit, TimeSpan bodyLimit)
{
    private readonly Dictionary<SipFlow, SipStreamParser> _begun = [];
    private readonly Dictionary<SipFlow, SipStreamParser.Part> _awaited = [];
    private readonly TimerTable<SipFlow> _deadlines = new();

    public Instant? NextTimeout => _deadlines.Next;

    /// <summary>The parser of a connection.</summary>
    public SipStreamParser Of(SipFlow flow)
    {
        if (!_begun.TryGetValue(flow, out var parser)) _begun[flow] = parser = new SipStreamParser();
        return parser;
    }

    /// <summary>True while the connection is there: something came by it, and it has not ended.</summary>
    public bool Holds(SipFlow flow) => _begun.ContainsKey(flow);

    /// <summary>Called for each whole message: what follows it is a new one.</summary>
    public void Completed(SipFlow flow) => _awaited.Remove(flow);

    /// <summary>Called when all that came was read.</summary>
    public void Await(Instant now, SipFlow flow)
    {
        var awaited = Of(flow).Awaited;
        if (awaited == _awaited.GetValueOrDefault(flow)) return;
        _awaited[flow] = awaited;
        if (awaited == SipStreamParser.Part.None) _deadlines.Cancel(flow);
        else _deadlines.Set(flow, now + (awaited == SipStreamParser.Part.Head ? headLimit : bodyLimit));
    }

    /// <summary>The next connection whose message did not come to its end in time.</summary>
    public bool TryExpire(Instant now, out SipFlow flow, out SipStreamItem.Broken broken)
    {
        while (_deadlines.TryExpire(now, out flow))
        {
            if (!_begun.TryGetValue(flow, out var parser) || parser.GiveUp() is not { } late) continue;
            broken = late;
            return true;
        }

        broken = null!;
        return false;
    }

    public void Remove(SipFlow flow)
    {
        _begun.Remove(flow);
        _awaited.Remove(flow);
        _deadlines.Cancel(flow);
    }

    public void Clear()
    {
        _begun.Clear();
        _awaited.Clear();
        _deadlines.Clear();
    }
}
