using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

/// <summary>A call that has only what one part asks of it: what the part says and does is written down, what it reads is set by the test.</summary>
internal sealed class FakeCall : ICallHost, ISignalling
{
    private readonly TimerTable<CallTimer> _timers = new();

    public CallId Id { get; } = new CallNumbering().Next();

    public CallDirection Direction => CallDirection.Outgoing;

    public CallState State { get; set; } = CallState.Connected;

    public bool IsUp => State is CallState.Connected or CallState.Held;

    public Instant? AnsweredAt => null;

    public CallSecurity Security => CallSecurity.Plain;

    /// <summary>What the call was asked to do for other parts, one word each.</summary>
    public List<string> Asked { get; } = [];

    public PhoneOptions Options { get; set; } = new() { Name = "test" };

    public ISignalling Signalling => this;

    /// <summary>What was told to the person.</summary>
    public List<PhoneEvent> Events { get; } = [];

    /// <summary>What was said in signalling, one line each.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Why the call ended; null while it goes on.</summary>
    public Fault? Ended { get; private set; }

    public Instant? NextTimeout => _timers.Next;

    public bool IsOpen => true;

    public SessionTimer? Timer => null;

    public ReplacesHeader? ReplacedBy => null;

    public bool TakesRefer { get; set; } = true;

    /// <summary>Keys by chance, and none by DTLS.</summary>
    public static CallCrypto Crypto(ICallHost call, CallPath path) =>
        new(call, new SeededEntropy(2), new CallDtls(call, path, new SeededEntropy(3), Trace.Off, "test"));

    public void Emit(PhoneEvent happened) => Events.Add(happened);

    public void Set(CallTimer timer, Instant due) => _timers.Set(timer, due);

    public void Cancel(CallTimer timer) => _timers.Cancel(timer);

    public Instant? DueOf(CallTimer timer) => _timers.DueOf(timer);

    public void Rekey(Instant now) => Asked.Add("rekey");

    public bool Resolve(string name, TimeSpan limit, Action<Instant, IReadOnlyList<IpAddress>> found)
    {
        Asked.Add($"name {name}");
        return true;
    }

    public void Agree(Instant now, NegotiatedAudio agreed, bool isAnswer) => Asked.Add("agree");

    public void Rest(Instant now) => Asked.Add("rest");

    public void ShowHold(Instant now) => Asked.Add("show hold");

    public void RestartIfWanted(Instant now) => Asked.Add("restart?");

    public void HoldSettled(Instant now) => Asked.Add("hold settled");

    public void PeerIsThere(Instant now) => Asked.Add("peer is there");

    public void Leave(Instant now, string farewell)
    {
        Asked.Add($"leave: {farewell}");
        State = CallState.Ended;
    }

    public void EndWith(Instant now, Fault fault)
    {
        Ended = fault;
        State = CallState.Ended;
    }

    /// <summary>The next timer that is due by then.</summary>
    public bool TryExpire(Instant now, out CallTimer timer) => _timers.TryExpire(now, out timer);

    public bool TakesInfo(string package, string dialog = "") => false;

    public bool Allows(string method) => false;

    public bool IsContactStale(Instant now) => false;

    public bool RefreshTarget(Instant now) => true;

    public void Invite(Instant now, AccountId account, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions options) => Said.Add($"INVITE {target}");

    public void Progress(Instant now, int status, ReadOnlyMemory<byte> sdp = default, bool retransmit = false) => Said.Add($"{status}");

    public void StopProgressRetransmission() => Said.Add("stop progress");

    public void Accept(Instant now, ReadOnlyMemory<byte> sdp) => Said.Add("200");

    public void Reject(Instant now, int status, string? reason = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null) => Said.Add($"{status}");

    public void RequestOffer(Instant now) => Said.Add("offer?");

    public void Offer(Instant now, ReadOnlyMemory<byte> sdp, bool byUpdate) => Said.Add(byUpdate ? "UPDATE" : "re-INVITE");

    public void AnswerOffer(Instant now, ReadOnlyMemory<byte> sdp) => Said.Add("answer");

    public void RejectOffer(Instant now, int status) => Said.Add($"refuse {status}");

    public void Info(Instant now, string contentType, ReadOnlyMemory<byte> body) => Said.Add($"INFO {System.Text.Encoding.ASCII.GetString(body.Span).ReplaceLineEndings(" ").Trim()}");

    public void Info(Instant now, string dialog, string package, string contentType, ReadOnlyMemory<byte> body) => Said.Add($"INFO of {package}");

    public bool Refer(Instant now, SipUri target)
    {
        Said.Add($"REFER {target}");
        return TakesRefer;
    }

    public void TellReferral(Instant now, ReferralId referral, int status, string reason) => Said.Add($"NOTIFY {status}");

    public void GiveUp(Instant now, SipEvent.PeerDoubted doubted) => Said.Add($"give up {doubted.Status}");
}
