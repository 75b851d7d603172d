using Softphone.Core;

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

    PhoneOptions Options { get; }

    /// <summary>The call's session with the peer.</summary>
    ISignalling Signalling { get; }

    void Emit(PhoneEvent happened);

    void Set(CallTimer timer, Instant due);

    void Cancel(CallTimer timer);

    /// <summary>Null where the timer is not set.</summary>
    Instant? DueOf(CallTimer timer);

    /// <summary>Something under the call broke: it ends, and tells why.</summary>
    void EndWith(Instant now, Fault fault);
}
