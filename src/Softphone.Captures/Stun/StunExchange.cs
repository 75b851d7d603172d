using Softphone.Nat;

namespace Softphone.Captures;

/// <summary>A STUN or TURN request and what came back.</summary>
public sealed class StunExchange
{
    private const int MostHops = 4;

    private readonly List<StunHop> _hops = [];

    internal StunExchange(StunMethod method, Transport transport) => (Method, Transport) = (method, transport);

    public StunMethod Method { get; }

    public Transport Transport { get; }

    /// <summary>Where it was seen, nearest to its sender first.</summary>
    public IReadOnlyList<StunHop> Hops => _hops;

    public Address From => _hops[0].From;

    public Address To => _hops[0].To;

    public bool IsRelayed => _hops[0].IsRelayed;

    public Instant At => _hops[0].At;

    /// <summary>When it was sent for the last time.</summary>
    public Instant LastSent { get; internal set; }

    /// <summary>How often it was sent.</summary>
    public int Sends { get; internal set; } = 1;

    /// <summary>USERNAME; empty without. Of a check: the receiver's and the sender's fragment.</summary>
    public string Username { get; internal init; } = "";

    public bool UseCandidate { get; internal init; }

    /// <summary>The sender says that it controls; null when it says nothing.</summary>
    public bool? IsControlling { get; internal init; }

    public uint Priority { get; internal init; }

    /// <summary>It carried an integrity, so that credentials were tried.</summary>
    public bool HasCredentials { get; internal init; }

    /// <summary>Of TURN: the peer that is to be let in or bound.</summary>
    public Address Peer { get; internal init; }

    public Instant? AnsweredAt { get; internal set; }

    /// <summary>Of an error response, 300 to 699; 0 of a success, or of none.</summary>
    public int Code { get; internal set; }

    public string Reason { get; internal set; } = "";

    /// <summary>What the one who answered saw of the sender.</summary>
    public Address Mapped { get; internal set; }

    /// <summary>Of Allocate: the relay that was given.</summary>
    public Address Relay { get; internal set; }

    /// <summary>The integrity of its answer does not fit the password in the description of the one who should have sent it.</summary>
    public bool IsForged { get; internal set; }

    /// <summary>A connectivity check, or a check of consent (RFC 8445 §7.1, RFC 7675).</summary>
    public bool IsCheck => Method == StunMethod.Binding && Username.Contains(':', StringComparison.Ordinal);

    public bool IsAnswered => AnsweredAt is not null;

    public bool HasSucceeded => IsAnswered && Code == 0 && !IsForged;

    public TimeSpan? Rtt => AnsweredAt is { } answered && Sends == 1 ? answered - At : null;

    internal void Pass(Instant at, in Address from, in Address to, bool isRelayed)
    {
        foreach (var hop in _hops)
        {
            if (hop.From != from || hop.To != to || hop.IsRelayed != isRelayed) continue;
            // The same frame on two interfaces of the capture is one request.
            if (_hops[0] == hop && at - LastSent >= TimeSpan.FromMilliseconds(5)) Sends++;
            LastSent = at;
            return;
        }

        if (_hops.Count < MostHops) _hops.Add(new StunHop(from, to, isRelayed, at, null));
        LastSent = at;
    }

    internal void Answer(Instant at, in Address from, in Address to)
    {
        for (var i = 0; i < _hops.Count; i++)
            if (_hops[i].From == to && _hops[i].To == from && _hops[i].AnsweredAt is null) _hops[i] = _hops[i] with { AnsweredAt = at };
    }
}
