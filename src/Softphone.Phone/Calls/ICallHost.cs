using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>
/// All that a part of a call may ask of the call it is of. A part owns its fields and timers; what concerns another part goes through here, so that the
/// order of things stands in one place.
/// </summary>
internal interface ICallHost
{
    CallId Id { get; }

    CallDirection Direction { get; }

    CallState State { get; }

    /// <summary>Answered, and not over.</summary>
    bool IsUp { get; }

    /// <summary>Null before the answer.</summary>
    Instant? AnsweredAt { get; }

    /// <summary>Whether others can hear it.</summary>
    CallSecurity Security { get; }

    PhoneOptions Options { get; }

    /// <summary>The call's session with the peer.</summary>
    ISignalling Signalling { get; }

    void Emit(PhoneEvent happened);

    void Set(CallTimer timer, Instant due);

    void Cancel(CallTimer timer);

    /// <summary>Null where the timer is not set.</summary>
    Instant? DueOf(CallTimer timer);

    /// <summary>Looks up a name that the peer wrote; what comes after the limit comes too late.</summary>
    /// <returns>False when too many are looked up already.</returns>
    bool Resolve(string name, TimeSpan limit, Action<Instant, IReadOnlyList<IpAddress>> found);

    /// <summary>What offer and answer agreed on takes effect.</summary>
    void Agree(Instant now, NegotiatedAudio agreed, bool isAnswer);

    /// <summary>Keys came by a handshake: media goes on with them.</summary>
    void Rekey(Instant now);

    /// <summary>The peer took the stream out: media rests.</summary>
    void Rest(Instant now);

    /// <summary>Held or not, as it is now.</summary>
    void ShowHold(Instant now);

    /// <summary>No offer is under way any more: a restart that waited for that begins.</summary>
    void RestartIfWanted(Instant now);

    /// <summary>The peer may have taken, or refused, a hold: what waited for that goes on.</summary>
    void HoldSettled(Instant now);

    /// <summary>The peer has answered, or asked, in signalling.</summary>
    void PeerIsThere(Instant now);

    /// <summary>Hangs up, for this reason.</summary>
    void Leave(Instant now, string farewell);

    /// <summary>Something under the call broke: it ends, and tells why.</summary>
    void EndWith(Instant now, Fault fault);
}
