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

/// <summary>How far a transfer of ours has come (RFC 5589).</summary>
public enum TransferState
{
    /// <summary>The peer was asked to call somebody else.</summary>
    Asked,

    /// <summary>It does so.</summary>
    Accepted,

    /// <summary>It rings there.</summary>
    Ringing,

    /// <summary>They talk, and our call ends.</summary>
    Done,

    /// <summary>Our call is as it was.</summary>
    Failed,
}

/// <summary>What became of a call that a peer asked us to make.</summary>
public enum ReferralOutcome
{
    /// <summary>It is made.</summary>
    Followed,

    /// <summary>The phone refused it: by its profile, or since it cannot be.</summary>
    Refused,

    /// <summary>A person said no.</summary>
    Declined,

    /// <summary>Nobody said anything in time.</summary>
    Undecided,

    /// <summary>We hung up first.</summary>
    HungUp,
}

/// <summary>What happened on a phone, as a closed union; the command line's JSON events are made from these.</summary>
/// <param name="At">When.</param>
public abstract record PhoneEvent(Instant At)
{
    public sealed record Registration(
        Instant At, AccountId Account, RegistrationState State, string Aor, string Server, TimeSpan? Expires, int? Status, string Reason, Fault? Fault, bool WillRetry)
        : PhoneEvent(At)
    {
        /// <summary>Until the next attempt; null when none comes.</summary>
        public TimeSpan? RetryIn { get; init; }

        /// <summary>How the registrar was reached; null when it was not.</summary>
        public Transport? Transport { get; init; }

        /// <summary>Where it failed: a server said so. Else status and reason stand for what was seen, and nobody said them.</summary>
        public bool IsAnswered { get; init; }

        /// <summary>Where it failed: what came from the server meanwhile, and could not be taken.</summary>
        public IReadOnlyList<Dropped> Dropped { get; init; } = [];

        /// <summary>The Contact that the registrar holds now; empty when none.</summary>
        public string Contact { get; init; } = "";
    }

    /// <summary>Something between us and this server rewrites SIP messages. Told once.</summary>
    /// <param name="At">When.</param>
    /// <param name="Server">The server.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record Rewritten(Instant At, Address Server, Fault Fault) : PhoneEvent(At);

    /// <summary>An interface is up and leads nowhere: the phone goes by another one from now on.</summary>
    /// <param name="At">When.</param>
    /// <param name="From">The name of the dead one.</param>
    /// <param name="To">The name of the one that is used.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record WayChanged(Instant At, string From, string To, Fault Fault) : PhoneEvent(At);

    /// <summary>One of the places of a server does not answer, and another that does is used in its stead. Told once, until it answers again.</summary>
    /// <param name="At">When.</param>
    /// <param name="Account">For whom it was asked; null for nobody.</param>
    /// <param name="Server">The silent place.</param>
    /// <param name="Transport">By which transport it was asked.</param>
    /// <param name="Instead">The place that answered.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record ServerSilent(Instant At, AccountId? Account, Address Server, Transport Transport, Address Instead, Fault Fault) : PhoneEvent(At);

    /// <summary>Something was found out of the way to a server: by what long messages get there, and by what they do not.</summary>
    /// <param name="At">When.</param>
    /// <param name="Account">For whom; null for nobody.</param>
    /// <param name="Kind">What.</param>
    /// <param name="Server">The server.</param>
    /// <param name="Transport">By which transport.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record WayFound(Instant At, AccountId? Account, WayKind Kind, Address Server, Transport Transport, Fault Fault) : PhoneEvent(At);

    /// <summary>Calls were turned away before anything rang: told of the first of a kind, and of later ones now and then.</summary>
    /// <param name="At">When.</param>
    /// <param name="Why">The reason.</param>
    /// <param name="Count">How many so far for this reason.</param>
    /// <param name="Peer">Who the latest says to be.</param>
    /// <param name="Target">Whom it called.</param>
    /// <param name="Remote">Where it came from.</param>
    public sealed record CallRefused(Instant At, CallRefusal Why, long Count, string Peer, string Target, Address Remote) : PhoneEvent(At)
    {
        /// <summary>The Call-ID of the latest, by which its messages stand in the trace.</summary>
        public string SipCallId { get; init; } = "";

        /// <summary>What the latest demands and this version does not have; empty when it was refused for another reason.</summary>
        public string Demands { get; init; } = "";

        /// <summary>What the latest calls itself; empty when it does not say.</summary>
        public string DisplayName { get; init; } = "";

        /// <summary>What they are answered with.</summary>
        public required int Status { get; init; }

        /// <summary>Where the latest was sent instead; empty when it was not.</summary>
        public string ForwardedTo { get; init; } = "";
    }

    /// <summary>Somebody calls, and the phone rings.</summary>
    public sealed record IncomingCall(Instant At, CallId Call, string Peer, string DisplayName) : PhoneEvent(At)
    {
        /// <summary>It came by a server of the account.</summary>
        public bool IsByServer { get; init; }

        /// <summary>Who was called before it was sent here; null where that is not told.</summary>
        public CallForwarding? Forwarding { get; init; }

        /// <summary>How the caller wishes it to be answered.</summary>
        public AnswerWish Wish { get; init; }

        /// <summary>It is to be refused where that wish is not granted.</summary>
        public bool IsWishDemanded { get; init; }
    }

    /// <summary>A call that nobody took is sent to whom the person named (302); its end follows.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call.</param>
    /// <param name="Target">Where to.</param>
    public sealed record CallForwarded(Instant At, CallId Call, string Target) : PhoneEvent(At);

    /// <summary>Somebody wrote to us (RFC 3428).</summary>
    /// <param name="At">When.</param>
    /// <param name="Account">To which account.</param>
    /// <param name="Peer">Who.</param>
    /// <param name="DisplayName">What it calls itself; empty when it does not say.</param>
    /// <param name="Text">As it came: to be cleaned by whoever shows it.</param>
    public sealed record TextReceived(Instant At, AccountId Account, string Peer, string DisplayName, string Text) : PhoneEvent(At);

    /// <summary>What became of a text of ours. 200: it is there; 202: a server keeps it; anything else: it is not.</summary>
    /// <param name="At">When.</param>
    /// <param name="Text">Which.</param>
    /// <param name="Account">By which account.</param>
    /// <param name="Peer">To whom.</param>
    /// <param name="Status">The final status; 408, 503 and 513 also stand for what nobody said.</param>
    /// <param name="Reason">Its reason phrase.</param>
    /// <param name="RoundTrip">From the first transmission to the answer.</param>
    /// <param name="Fault">Why it is not there, and what helps; null when it is.</param>
    public sealed record TextSent(Instant At, TextId Text, AccountId Account, string Peer, int Status, string Reason, TimeSpan RoundTrip, Fault? Fault) : PhoneEvent(At);

    /// <summary>Somebody writes faster than anybody reads, and was told to wait: told of once a minute at most.</summary>
    public sealed record TextsRefused(Instant At, AccountId Account, string Peer, long Count) : PhoneEvent(At);

    public sealed record CallChanged(Instant At, CallId Call, CallState State, CallDirection Direction, string Peer, int? Status, string Reason)
        : PhoneEvent(At)
    {
        /// <summary>Whether others can hear it.</summary>
        public CallSecurity Security { get; init; } = CallSecurity.Plain;

        /// <summary>Of a call that begins to ring here: who was called before it was sent here; null where that is not told.</summary>
        public CallForwarding? Forwarding { get; init; }
    }

    public sealed record CandidateFound(Instant At, CallId Call, bool IsLocal, Candidate Candidate) : PhoneEvent(At);

    public sealed record PairChanged(
        Instant At, CallId Call, Candidate Local, Candidate Remote, PairState State, TimeSpan? Rtt, bool IsNominated) : PhoneEvent(At);

    public sealed record IceChanged(Instant At, CallId Call, IceState State, IceRole Role) : PhoneEvent(At);

    /// <summary>The pair that media of one component uses.</summary>
    public sealed record PathSelected(Instant At, CallId Call, int Component, Candidate Local, Candidate Remote, string Path, TimeSpan Rtt, TimeSpan Ice)
        : PhoneEvent(At);

    /// <summary>Without ICE: two sources that nobody named send audio at once, and neither is heard.</summary>
    public sealed record SourceContested(Instant At, CallId Call, Address First, Address Second) : PhoneEvent(At);

    /// <summary>Without ICE: the peer should send and does not. The call is ended when it goes on for as long as it has.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call.</param>
    /// <param name="SilentFor">How long nothing came.</param>
    /// <param name="EndsIn">After how much more of it the call ends.</param>
    public sealed record PeerSilent(Instant At, CallId Call, TimeSpan SilentFor, TimeSpan EndsIn) : PhoneEvent(At);

    /// <summary>Media of the call is encrypted from now on, by another suite than before, or no longer.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call.</param>
    /// <param name="Security">What holds now.</param>
    public sealed record SecurityChanged(Instant At, CallId Call, CallSecurity Security) : PhoneEvent(At);

    public sealed record MediaReport(Instant At, CallId Call, MediaStatistics Statistics) : PhoneEvent(At)
    {
        /// <summary>Of the stretch since the report before; the statistics are since the start.</summary>
        public MediaQuality Recent { get; init; }

        /// <summary>Whether others can hear it.</summary>
        public CallSecurity Security { get; init; } = CallSecurity.Plain;
    }

    public sealed record DigitReceived(Instant At, CallId Call, char Digit, int DurationMs, string Via) : PhoneEvent(At);

    public sealed record CallEnded(Instant At, CallId Call, CallDirection Direction, string Peer, CallSummary Summary) : PhoneEvent(At);

    /// <summary>What becomes of a transfer that we asked for.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call whose peer is sent elsewhere.</param>
    /// <param name="State">How far it has come.</param>
    /// <param name="Status">The status that said so, of our request or as the peer tells of its own call; null where none did.</param>
    /// <param name="Reason">Its reason phrase, or what happened.</param>
    public sealed record TransferChanged(Instant At, CallId Call, TransferState State, int? Status, string Reason) : PhoneEvent(At);

    /// <summary>The peer wants to send us to somebody else, and a person has to decide: DecideTransfer. TransferRequested follows in any case.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call with the one who asks.</param>
    /// <param name="Question">Whom we are to call, and what speaks for it.</param>
    public sealed record TransferAsked(Instant At, CallId Call, TransferQuestion Question) : PhoneEvent(At);

    /// <summary>The peer sends us to somebody else (RFC 3515).</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call with the one who asks.</param>
    /// <param name="Target">Whom we are to call.</param>
    /// <param name="NewCall">The call that follows it; null when it is refused.</param>
    public sealed record TransferRequested(Instant At, CallId Call, string Target, CallId? NewCall) : PhoneEvent(At)
    {
        /// <summary>Who sends us, as it says itself (RFC 3892); empty when it does not say.</summary>
        public string By { get; init; } = "";

        /// <summary>What became of it, and who decided that.</summary>
        public ReferralOutcome Outcome { get; init; }
    }

    /// <summary>Another call has taken the place of this one (RFC 3891, or the end of a transfer that we followed): the same talk, another peer.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call that ends.</param>
    /// <param name="By">The call that goes on, with the same audio.</param>
    public sealed record CallReplaced(Instant At, CallId Call, CallId By) : PhoneEvent(At);

    /// <summary>Voice messages wait at the server (RFC 3842).</summary>
    /// <param name="At">When.</param>
    /// <param name="Account">Whose.</param>
    /// <param name="New">Not heard yet.</param>
    /// <param name="Old">Heard.</param>
    public sealed record MessagesWaiting(Instant At, AccountId Account, int New, int Old) : PhoneEvent(At);

    public sealed record RequestAnswered(Instant At, RequestId Request, int Status, string Reason, TimeSpan RoundTrip, SipResponse? Response, Fault? Fault)
        : PhoneEvent(At);

    /// <summary>An address or port was asked for, and whoever calls it reaches the phone from now on.</summary>
    /// <param name="At">When.</param>
    /// <param name="Transport">By which transport.</param>
    /// <param name="Address">The address.</param>
    public sealed record Listening(Instant At, Transport Transport, Address Address) : PhoneEvent(At);

    /// <summary>The address or port that was asked for could not be had: nobody can call the phone there.</summary>
    /// <param name="At">When.</param>
    /// <param name="Fault">Why, and the way out.</param>
    public sealed record NotReachable(Instant At, Fault Fault) : PhoneEvent(At);

    /// <summary>A part of the phone threw: an error of this program. What it concerned has been ended; the rest goes on. To be written down.</summary>
    /// <param name="At">When.</param>
    /// <param name="Call">The call that was ended for it; null when it concerned none.</param>
    /// <param name="Where">What was under way.</param>
    /// <param name="Error">What it threw.</param>
    public sealed record Broke(Instant At, CallId? Call, string Where, Exception Error) : PhoneEvent(At);

    /// <summary>Nothing is left: every call ended, every binding and allocation was given back.</summary>
    public sealed record ShutDown(Instant At) : PhoneEvent(At);
}
