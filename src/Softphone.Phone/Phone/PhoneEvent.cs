using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>The state of an account's registration.</summary>
public enum RegistrationState
{
    Registering,
    Registered,
    Failed,
    Unregistered,
}

/// <summary>What happened on a phone, as a closed union; the command line's JSON events are made from these.</summary>
/// <param name="At">When.</param>
public abstract record PhoneEvent(Instant At)
{
    public sealed record Registration(
        Instant At, AccountId Account, RegistrationState State, string Aor, string Server, TimeSpan? Expires, int? Status, string Reason, Fault? Fault, bool WillRetry)
        : PhoneEvent(At);

    /// <summary>Somebody calls, and the phone rings.</summary>
    public sealed record IncomingCall(Instant At, CallId Call, string Peer, string DisplayName) : PhoneEvent(At);

    public sealed record CallChanged(Instant At, CallId Call, CallState State, CallDirection Direction, string Peer, int? Status, string Reason)
        : PhoneEvent(At);

    public sealed record CandidateFound(Instant At, CallId Call, bool IsLocal, Candidate Candidate) : PhoneEvent(At);

    public sealed record PairChanged(
        Instant At, CallId Call, Candidate Local, Candidate Remote, PairState State, TimeSpan? Rtt, bool IsNominated) : PhoneEvent(At);

    public sealed record IceChanged(Instant At, CallId Call, IceState State, IceRole Role) : PhoneEvent(At);

    /// <summary>The pair that media of one component uses.</summary>
    public sealed record PathSelected(Instant At, CallId Call, int Component, Candidate Local, Candidate Remote, string Path, TimeSpan Rtt, TimeSpan Ice)
        : PhoneEvent(At);

    public sealed record MediaReport(Instant At, CallId Call, MediaStatistics Statistics) : PhoneEvent(At);

    public sealed record DigitReceived(Instant At, CallId Call, char Digit, int DurationMs, string Via) : PhoneEvent(At);

    public sealed record CallEnded(Instant At, CallId Call, CallDirection Direction, string Peer, CallSummary Summary) : PhoneEvent(At);

    public sealed record RequestAnswered(Instant At, RequestId Request, int Status, string Reason, TimeSpan RoundTrip, SipResponse? Response, Fault? Fault)
        : PhoneEvent(At);

    /// <summary>Nothing is left: every call ended, every binding and allocation was given back.</summary>
    public sealed record ShutDown(Instant At) : PhoneEvent(At);
}
