using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What happened in a <see cref="SipAgent"/>. SDP is handed on as bytes; empty means that the message had none.</summary>
public abstract record SipEvent
{
    private SipEvent()
    {
    }

    /// <summary>A REGISTER that is not a refresh was sent.</summary>
    public sealed record Registering(AccountId Account) : SipEvent;

    /// <summary>The registrar accepted; once for each registration and refresh.</summary>
    /// <param name="Account">Which account.</param>
    /// <param name="Expires">The lifetime granted.</param>
    /// <param name="Contact">The Contact registered.</param>
    /// <param name="Server">The address that answered.</param>
    /// <param name="Transport">By which transport.</param>
    public sealed record Registered(AccountId Account, TimeSpan Expires, SipUri Contact, Address Server, Transport Transport) : SipEvent;

    /// <summary>The registration is not (or no longer) in place.</summary>
    /// <param name="Account">Which account.</param>
    /// <param name="Status">The final status; 408 for no answer, 503 for a transport failure.</param>
    /// <param name="Reason">Its reason phrase.</param>
    /// <param name="Fault">What it means and what to do.</param>
    /// <param name="RetryIn">When the agent tries again; null when trying again is pointless.</param>
    public sealed record RegistrationFailed(AccountId Account, int Status, string Reason, Fault Fault, TimeSpan? RetryIn) : SipEvent
    {
        /// <summary>A server said so; else the status stands for what was seen, and nobody said it.</summary>
        public bool IsAnswered { get; init; }

        /// <summary>What came from the server meanwhile, and could not be taken.</summary>
        public IReadOnlyList<Dropped> Dropped { get; init; } = [];
    }

    /// <summary>One of the places of a server does not answer; another that did is used in its stead. Told once, until it answers again.</summary>
    /// <param name="Account">For whom it was asked; null for nobody.</param>
    /// <param name="Server">The silent place.</param>
    /// <param name="Transport">By which transport it was asked.</param>
    /// <param name="Instead">The place that answered.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record ServerSilent(AccountId? Account, Address Server, Transport Transport, Address Instead, Fault Fault) : SipEvent;

    /// <summary>Something was found out of the way to a server that is not a failure of a request.</summary>
    /// <param name="Account">For whom; null for nobody.</param>
    /// <param name="Kind">What.</param>
    /// <param name="Server">The server.</param>
    /// <param name="Transport">By which transport.</param>
    /// <param name="Fault">What was seen, and what to do.</param>
    public sealed record WayFound(AccountId? Account, WayKind Kind, Address Server, Transport Transport, Fault Fault) : SipEvent;

    /// <summary>What we sent to this server came back with another address in it. Told once.</summary>
    public sealed record Rewritten(Address Server, Fault Fault) : SipEvent;

    /// <summary>A keepalive of an account is not answered yet, though each was before; the answer may only be late.</summary>
    /// <param name="Account">Whose.</param>
    /// <param name="Since">When it left.</param>
    public sealed record ServerFaint(AccountId Account, Instant Since) : SipEvent;

    /// <summary>The server has answered what <see cref="SipAgent.Probe"/> sent by this path.</summary>
    public sealed record ProbeAnswered(PathId Path) : SipEvent;

    /// <summary>The binding was removed, or the time to remove it is over.</summary>
    public sealed record Unregistered(AccountId Account) : SipEvent;

    /// <summary>Somebody calls. The agent has sent nothing but perhaps 100; answer with Progress, Accept or Reject.</summary>
    /// <param name="Session">The new session.</param>
    /// <param name="Account">The account called; null when the agent has none.</param>
    /// <param name="From">The From header.</param>
    /// <param name="To">The To header.</param>
    /// <param name="RequestUri">The Request-URI.</param>
    /// <param name="Offer">The offer; empty: ours goes into Accept, and the answer comes with Confirmed.</param>
    /// <param name="AssertedIdentity">P-Asserted-Identity or Remote-Party-ID from a trusted server; null when absent or not trusted.</param>
    /// <param name="Supported">Option tags of Supported and Require.</param>
    /// <param name="Remote">Who sent it.</param>
    public sealed record Incoming(
        SessionId Session,
        AccountId? Account,
        NameAddr From,
        NameAddr To,
        SipUri RequestUri,
        ReadOnlyMemory<byte> Offer,
        NameAddr? AssertedIdentity,
        IReadOnlyList<string> Supported,
        Address Remote) : SipEvent
    {
        /// <summary>Where the caller itself is, as the first server on the way saw it (the lowest Via, RFC 3261 §18.2.1); not valid when it does not say.</summary>
        public IpAddress Origin { get; init; }

        /// <summary>It came by a server of the account.</summary>
        public bool IsByServer { get; init; }

        /// <summary>The session of ours whose place it takes (RFC 3891); null for a call of its own.</summary>
        public SessionId? Replaces { get; init; }

        /// <summary>Who was called before it was sent here, by the word of a server of the account; null where that is not told.</summary>
        public CallForwarding? Forwarding { get; init; }

        /// <summary>How the caller wishes it to be answered, by way of a server of the account.</summary>
        public AnswerWish Wish { get; init; }

        /// <summary>It is to be refused where that wish is not granted (RFC 5373 §4.2).</summary>
        public bool IsWishDemanded { get; init; }

        /// <summary>Our provisional responses are acknowledged (RFC 3262): one with an offer of ours is answered by ProgressAnswered.</summary>
        public bool IsReliable { get; init; }
    }

    /// <summary>Calls were turned away, and nothing rang: told of the first, and of later ones now and then.</summary>
    /// <param name="Why">The reason.</param>
    /// <param name="Count">How many so far for this reason.</param>
    /// <param name="From">Who the latest is: by the word of our server, else by its own.</param>
    /// <param name="Target">Its Request-URI.</param>
    /// <param name="Remote">Who sent it.</param>
    public sealed record CallRefused(CallRefusal Why, long Count, NameAddr From, SipUri Target, Address Remote) : SipEvent
    {
        /// <summary>What they are answered with.</summary>
        public required int Status { get; init; }

        /// <summary>The Call-ID of the latest.</summary>
        public string CallId { get; init; } = "";

        /// <summary>What the latest demands and this phone does not have; empty when it was refused for another reason.</summary>
        public string Demands { get; init; } = "";

        /// <summary>Where the latest was sent instead; null when it was not.</summary>
        public SipUri? ForwardedTo { get; init; }
    }

    /// <summary>A provisional response. Early dialogs of a forked call are told apart by <paramref name="Dialog"/>, the To tag; repetitions are not told.</summary>
    public sealed record Progress(SessionId Session, string Dialog, int Status, string Reason, ReadOnlyMemory<byte> Sdp) : SipEvent
    {
        /// <summary>The INVITE had no offer and this brings one: AnswerOffer with its dialog answers it, by PRACK (RFC 3262 §5).</summary>
        public bool IsOffer { get; init; }

        /// <summary>Whom the INVITE went to, and so who answers; not valid when that is not known.</summary>
        public Address Remote { get; init; }
    }

    /// <summary>The caller has answered the offer that went out in a provisional response, by its PRACK (RFC 3262 §5).</summary>
    public sealed record ProgressAnswered(SessionId Session, ReadOnlyMemory<byte> Sdp) : SipEvent;

    /// <summary>The callee answered.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Dialog">The To tag of the answer: the one early dialog that stays.</param>
    /// <param name="Sdp">The answer; or the peer's offer, when the INVITE had none: then AnswerOffer sends the ACK.</param>
    /// <param name="IsOffer">True when <paramref name="Sdp"/> is an offer that waits for AnswerOffer.</param>
    public sealed record Answered(SessionId Session, string Dialog, ReadOnlyMemory<byte> Sdp, bool IsOffer) : SipEvent
    {
        /// <summary>Whom the INVITE went to, and so who answers; not valid when that is not known.</summary>
        public Address Remote { get; init; }
    }

    /// <summary>The ACK to our 2xx arrived: the callee's side is up. SDP is the answer to an offer that we put into Accept.</summary>
    public sealed record Confirmed(SessionId Session, ReadOnlyMemory<byte> Sdp) : SipEvent;

    /// <summary>A re-INVITE or UPDATE with an offer; an empty one asks for our offer. Answer with AnswerOffer or RejectOffer.</summary>
    public sealed record OfferReceived(SessionId Session, ReadOnlyMemory<byte> Sdp) : SipEvent
    {
        /// <summary>The remote tag of its dialog, as in Progress, where it may come before the answer; empty for a re-INVITE.</summary>
        public string Dialog { get; init; } = "";
    }

    /// <summary>Our Offer was answered (or the offer that we gave in answer to an empty OfferReceived was).</summary>
    public sealed record OfferAnswered(SessionId Session, ReadOnlyMemory<byte> Sdp) : SipEvent;

    /// <summary>Our Offer was refused, or an offer that we had not answered was taken back; the session goes on as it was (RFC 3261 §14.1).</summary>
    public sealed record OfferFailed(SessionId Session, int Status, string Reason, Fault Fault) : SipEvent;

    /// <summary>
    /// An offer of ours may go out now: the answer to RequestOffer, and told again when that offer met one of the peer's (491). Answer
    /// with Offer, made from what holds now, or with nothing.
    /// </summary>
    public sealed record OfferDue(SessionId Session) : SipEvent;

    /// <summary>The offer made for OfferDue met one of the peer's; another OfferDue follows when it may be made again (RFC 3261 §14.1).</summary>
    public sealed record OfferPostponed(SessionId Session) : SipEvent;

    /// <summary>
    /// An offer of ours that was given up for one of the peer's has been answered after all: what both hold may differ, and another offer is
    /// due.
    /// </summary>
    public sealed record OfferOutdated(SessionId Session) : SipEvent;

    /// <summary>
    /// Only of a session that is kept (<see cref="SipAgent.Keep"/>): a request in the dialog was answered 408 or 481, or not at all. Its owner ends it by
    /// <see cref="SipAgent.GiveUp"/>, or leaves it as it is.
    /// </summary>
    /// <param name="Session">The session.</param>
    /// <param name="Status">The answer; 408 stands for none too.</param>
    /// <param name="Reason">Its words.</param>
    /// <param name="Fault">What to tell a person.</param>
    /// <param name="IsOutdated">The request went to where the peer has moved away from meanwhile.</param>
    public sealed record PeerDoubted(SessionId Session, int Status, string Reason, Fault Fault, bool IsOutdated) : SipEvent;

    /// <summary>The peer has offered what had to be refused for the moment (491), so it is there.</summary>
    public sealed record PeerHeard(SessionId Session) : SipEvent;

    /// <summary>The connection by which our server reaches us in this session has ended: the Contact that the peer knows leads nowhere.</summary>
    public sealed record FlowLost(SessionId Session) : SipEvent;

    /// <summary>The session must be refreshed, and the peer takes no UPDATE: make an offer, by RequestOffer.</summary>
    public sealed record RefreshDue(SessionId Session) : SipEvent;

    /// <summary>An INFO in a dialog of the session, already answered 200.</summary>
    public sealed record InfoReceived(SessionId Session, string ContentType, ReadOnlyMemory<byte> Body) : SipEvent
    {
        /// <summary>The Info Package; empty for the use without one (RFC 6086 §4).</summary>
        public string Package { get; init; } = "";

        /// <summary>The remote tag of its dialog, as in Progress and Answered.</summary>
        public string Dialog { get; init; } = "";
    }

    /// <summary>An INFO has its final response; 408 and 503 also stand for none.</summary>
    public sealed record InfoAnswered(SessionId Session, string Dialog, string Package, int Status) : SipEvent;

    /// <summary>Our REFER has its final response: the peer follows it, and ReferNews tells how; or it does not. 408 and 503 also stand for none.</summary>
    public sealed record ReferAnswered(SessionId Session, int Status, string Reason, Fault? Fault) : SipEvent;

    /// <summary>What the peer tells of the call that our REFER asked for.</summary>
    /// <param name="Session">The session of the REFER.</param>
    /// <param name="Status">The status of that call; 0 when it ended its news without one.</param>
    /// <param name="Reason">Its reason phrase.</param>
    /// <param name="IsOver">Nothing more will be told.</param>
    public sealed record ReferNews(SessionId Session, int Status, string Reason, bool IsOver) : SipEvent;

    /// <summary>The peer asks us to call somebody. Answer with AcceptReferral or RefuseReferral; what is not answered is declined.</summary>
    /// <param name="Session">The session in which it asks.</param>
    /// <param name="Referral">Names it from now on.</param>
    /// <param name="Target">Whom, with the headers of the INVITE that it wishes for, unread.</param>
    /// <param name="By">Who asks, as it says itself (RFC 3892); null when it does not say.</param>
    public sealed record ReferReceived(SessionId Session, ReferralId Referral, SipUri Target, NameAddr? By) : SipEvent
    {
        /// <summary>The session was set up by way of a server of the account, and so this request came too.</summary>
        public bool IsByServer { get; init; }
    }

    /// <summary>The server told how many voice messages there are, and it is news (RFC 3842).</summary>
    public sealed record MessagesWaiting(AccountId Account, int New, int Old) : SipEvent;

    /// <summary>Somebody wrote to us (RFC 3428); it is answered 200 already.</summary>
    /// <param name="Account">To which account.</param>
    /// <param name="From">Who: by the word of our server, else by its own.</param>
    /// <param name="Text">What, as it came: it may hold anything that a terminal would obey.</param>
    public sealed record TextReceived(AccountId Account, NameAddr From, string Text) : SipEvent;

    /// <summary>Somebody writes faster than anybody reads, and was told to wait (480): told of once a minute at most.</summary>
    /// <param name="Account">To which account.</param>
    /// <param name="From">Who the latest is.</param>
    /// <param name="Count">How many so far.</param>
    public sealed record TextsRefused(AccountId Account, NameAddr From, long Count) : SipEvent;

    /// <summary>A request outside a dialog has its final response, or has none.</summary>
    /// <param name="Request">Which request.</param>
    /// <param name="Status">The final status; 408 and 503 also stand for no answer and a transport failure.</param>
    /// <param name="Reason">The reason phrase.</param>
    /// <param name="RoundTrip">From the first transmission to the final response.</param>
    /// <param name="Response">The response, to read headers and body from; null when none came.</param>
    /// <param name="Fault">What went wrong; null for a 2xx.</param>
    public sealed record RequestCompleted(
        RequestId Request, int Status, string Reason, TimeSpan RoundTrip, SipResponse? Response, Fault? Fault) : SipEvent;

    /// <summary>A part of the agent threw: an error of this program. What it concerned has been ended, and everything else goes on.</summary>
    /// <param name="Where">What was under way.</param>
    /// <param name="Error">What it threw.</param>
    public sealed record Broke(string Where, Exception Error) : SipEvent;

    /// <summary>The session is over; its id is not heard of again.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Cause">Who ended it.</param>
    /// <param name="Status">The final status of the INVITE; 200 when an answered call ended, 487 when it was cancelled.</param>
    /// <param name="Reason">The reason phrase, or the text of a Reason header.</param>
    /// <param name="Fault">What went wrong; null for an ordinary end.</param>
    /// <param name="ElsewhereAnswered">A CANCEL said that another phone took the call (RFC 3326): not a missed call.</param>
    public sealed record Ended(
        SessionId Session, EndCause Cause, int Status, string Reason, Fault? Fault, bool ElsewhereAnswered = false) : SipEvent
    {
        /// <summary>Where it failed: what came from the peer's side meanwhile, and could not be taken.</summary>
        public IReadOnlyList<Dropped> Dropped { get; init; } = [];
    }
}
