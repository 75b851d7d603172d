using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>Makes lines of what the lab's servers trace. The calls that are up are remembered by their Call-ID, so many at most.</summary>
internal sealed class ServeReporter(Func<Instant, DateTimeOffset> wallClock)
{
    private const int MostCalls = 4096;

    private readonly Dictionary<string, (string Id, string From, string To)> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string User, Address From)> _bindings = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Null for what no line is owed for.</summary>
    public OutputEvent? Of(TraceEntry entry) => entry switch
    {
        SipServerTrace.Bound e => Bound(e),
        SipServerTrace.Unbound e => Unbound(e),
        SipServerTrace.CallStarted e => Started(e),
        SipServerTrace.CallAnswered e => Answered(e),
        SipServerTrace.CallEnded e => Ended(e),
        TurnServerTrace.Allocated e => new OutputEvent.ServeAllocation
        {
            T = wallClock(e.At),
            State = "allocated",
            User = e.User,
            Client = e.Client.ToString(),
            Relay = e.Relay.ToString(),
        },
        TurnServerTrace.Released e => new OutputEvent.ServeAllocation
        {
            T = wallClock(e.At),
            State = "released",
            User = e.User,
            Client = e.Client.ToString(),
            Relay = e.Relay.ToString(),
            Reason = e.Why,
            Packets = e.Packets,
            Bytes = e.Bytes,
        },
        TurnServerTrace.Refused { Method: Nat.StunMethod.Allocate } e => new OutputEvent.ServeAllocation
        {
            T = wallClock(e.At),
            State = "refused",
            Client = e.Client.ToString(),
            Status = e.Code,
            Reason = Reason(e.Code),
        },
        _ => null,
    };

    /// <summary>A binding that is refreshed is no news.</summary>
    private OutputEvent.ServeRegistration? Bound(SipServerTrace.Bound e)
    {
        if (_bindings.TryGetValue(e.Contact, out var known) && known == (e.User, e.From)) return null;
        if (_bindings.Count < MostCalls) _bindings[e.Contact] = (e.User, e.From);
        return new OutputEvent.ServeRegistration
        {
            T = wallClock(e.At),
            State = "bound",
            User = e.User,
            Contact = e.Contact,
            Addr = e.From.ToString(),
            ExpiresS = (int)e.For.TotalSeconds,
        };
    }

    private OutputEvent.ServeRegistration Unbound(SipServerTrace.Unbound e)
    {
        _bindings.Remove(e.Contact);
        return new OutputEvent.ServeRegistration { T = wallClock(e.At), State = "unbound", User = e.User, Contact = e.Contact, Reason = e.Why };
    }

    private OutputEvent.ServeCall Started(SipServerTrace.CallStarted e)
    {
        var call = ($"call/{++_count}", e.From, e.To);
        if (_calls.Count < MostCalls) _calls[e.CallId] = call;
        return Line(e.At, call, "started", null);
    }

    private OutputEvent.ServeCall? Answered(SipServerTrace.CallAnswered e)
    {
        if (!_calls.TryGetValue(e.CallId, out var call)) return null;
        if (e.Status >= 300) _calls.Remove(e.CallId);
        return Line(e.At, call, e.Status < 300 ? "answered" : "refused", e.Status);
    }

    private OutputEvent.ServeCall? Ended(SipServerTrace.CallEnded e) => _calls.Remove(e.CallId, out var call) ? Line(e.At, call, "ended", null) : null;

    private OutputEvent.ServeCall Line(Instant at, (string Id, string From, string To) call, string state, int? status) =>
        new() { T = wallClock(at), Call = call.Id, State = state, From = call.From, To = call.To, Status = status };

    private static string Reason(int code) => code switch
    {
        Nat.StunErrorCode.BadRequest => "bad request",
        Nat.StunErrorCode.UnknownAttribute => "asks for what this server cannot do",
        Nat.StunErrorCode.AllocationMismatch => "has a relay already",
        Nat.StunErrorCode.AddressFamilyNotSupported => "no relay address of that family",
        Nat.StunErrorCode.UnsupportedTransport => "relays UDP only",
        Nat.StunErrorCode.AllocationQuotaReached => "quota of its user reached",
        Nat.StunErrorCode.InsufficientCapacity => "no room left",
        _ => "",
    };
}
