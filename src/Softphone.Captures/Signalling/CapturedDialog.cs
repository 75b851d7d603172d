using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Everything of one Call-ID: a call, the registrations of a phone, a subscription, one OPTIONS.</summary>
public sealed class CapturedDialog
{
    private readonly List<CapturedMessage> _messages = [];
    private readonly Dictionary<Seen, Instant> _seen = [];
    private readonly List<int> _legs = [];
    private CallReading? _call;

    internal CapturedDialog(int number, string callId) => (Number, CallId) = (number, callId);

    /// <summary>From 1, in the order of their beginning.</summary>
    public int Number { get; }

    public string CallId { get; }

    public IReadOnlyList<CapturedMessage> Messages => _messages;

    /// <summary>The method of its first request.</summary>
    public string Method => (_messages.Find(m => m.IsRequest) ?? _messages[0]).Method;

    /// <summary>By its first request; one that nobody knows may stand in a call.</summary>
    public SipDialogKind Kind => SipDialogKinds.Of(Method) is var kind && kind == SipDialogKind.Other && _messages.Exists(m => m.Is(SipMethod.Invite)) ? SipDialogKind.Call : kind;

    /// <summary>Who asks, as From of the first message has it.</summary>
    public string From => Uri(_messages[0].Value.Headers.TryFrom(out var from) ? from : null);

    public string To => Uri(_messages[0].Value.Headers.TryTo(out var to) ? to : null);

    public Instant Began => _messages[0].At;

    public Instant Ended => _messages[^1].At;

    /// <summary>Messages that were sent again.</summary>
    public int Repeats => _messages.Count(m => m.IsRepeat);

    /// <summary>The last final response to anything but what ends it; 0 when there is none.</summary>
    public int Status => Kind == SipDialogKind.Call
        ? (Call.Refusal ?? Call.Answer)?.Status ?? 0
        : _messages.FindLast(m => m.Status >= 200)?.Status ?? 0;

    public DialogState State => Kind == SipDialogKind.Call ? StateOfCall() : _messages switch
    {
        _ when Status is >= 200 and < 300 => DialogState.Done,
        _ when Status >= 300 => DialogState.Refused,
        _ when _messages.Exists(m => m.Status > 0) => DialogState.Trying,
        _ => DialogState.Unanswered,
    };

    /// <summary>What its messages show, read as a call.</summary>
    public CallReading Call => _call ??= CallReading.Of(_messages);

    /// <summary>Numbers of the dialogs that are other legs of the same call, such as the far side of a PBX.</summary>
    public IReadOnlyList<int> Legs => _legs;

    /// <summary>RTP that belongs to it.</summary>
    public IReadOnlyList<MediaStream> Streams { get; internal set; } = [];

    /// <summary>Its ICE, a reading for each pair of credentials; empty without.</summary>
    public IReadOnlyList<IceReading> Ice { get; internal set; } = [];

    /// <summary>Why media went as it did, seen from one side; empty where nothing is to be said.</summary>
    public string Explanation { get; internal set; } = "";

    /// <summary>Takes one more message; null when it is the same frame seen twice by the capture.</summary>
    internal CapturedMessage? Add(int number, Instant at, Transport transport, Address from, Address to, SipMessage value)
    {
        var message = new CapturedMessage(number, at, transport, from, to, value, IsRepeat: false);
        value.Headers.TryVia(out var via);
        var seen = new Seen(from, to, via?.Branch ?? "", message.CSeq, message.Method, message.Status, message.ToTag);
        var isRepeat = _seen.TryGetValue(seen, out var last);
        _seen[seen] = at;
        // A capture of all interfaces has what goes from one to another once for each; nobody sends again so soon.
        if (isRepeat && at - last < TimeSpan.FromMilliseconds(5)) return null;
        if (isRepeat) message = message with { IsRepeat = true };
        _messages.Add(message);
        _call = null;
        return message;
    }

    internal void Link(int other)
    {
        if (other != Number && !_legs.Contains(other)) _legs.Add(other);
    }

    private DialogState StateOfCall() => Call switch
    {
        { Invite: null, Bye: not null } => DialogState.Ended,
        { Invite: null } => DialogState.Partial,
        { Answer: not null, Bye: not null } => DialogState.Ended,
        { Answer: not null } => DialogState.Talking,
        { Cancel: not null } => DialogState.Cancelled,
        { Refusal: not null } => DialogState.Refused,
        { Ringing: not null } => DialogState.Ringing,
        _ => _messages.Exists(m => m.Status > 0) ? DialogState.Trying : DialogState.Unanswered,
    };

    private static string Uri(NameAddr? address) => address?.Uri.AddressOfRecord.ToString() ?? "?";

    private readonly record struct Seen(Address From, Address To, string Branch, uint CSeq, string Method, int Status, string ToTag);
}
