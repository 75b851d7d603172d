using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>A call as its messages show it: who called, what was offered and answered, when it was taken and how it ended.</summary>
public sealed class CallReading
{
    private readonly List<Description> _descriptions = [];
    private readonly string _callerTag;

    private CallReading(IReadOnlyList<CapturedMessage> messages)
    {
        Invite = messages.FirstOrDefault(m => m.IsRequest && m.Is(SipMethod.Invite));
        _callerTag = Invite?.FromTag ?? messages[0].FromTag;
        // Numbers of requests count in each direction by themselves.
        var roles = new Dictionary<(Party By, uint CSeq, string Method, bool IsRequest, bool IsFinal, string Tag), Description>();
        var offered = new HashSet<(Party, uint)>();
        foreach (var message in messages)
        {
            var sender = SenderOf(message);
            Note(message, sender);
            if (message.Sdp is not { } sdp || message.Method is not (SipMethod.Invite or SipMethod.Update or SipMethod.Prack or SipMethod.Ack)) continue;
            var role = (sender, message.CSeq, message.Method, message.IsRequest, message.Status >= 200, message.IsRequest ? "" : message.ToTag);
            if (!roles.TryGetValue(role, out var description))
            {
                var request = (message.IsRequest ? sender : sender.Other(), message.CSeq);
                var isOffer = message.IsRequest ? message.Method != SipMethod.Ack : !offered.Contains(request);
                if (message.IsRequest && isOffer) offered.Add(request);
                // The answer that a 180 brings stands in the 200 again.
                if (!isOffer && _descriptions.FindLast(d => d.By == sender) is { IsOffer: false } same && same.Message.CSeq == message.CSeq && same.Sent.Origin == sdp.Origin && same.Sent.ToString() == sdp.ToString()) description = same;
                if (description is null) _descriptions.Add(description = new Description(sender, isOffer));
                roles[role] = description;
            }

            if (!message.IsRepeat || description.Hops.Count == 0) description.Add(message, sdp);
        }
    }

    /// <summary>The first one; null where the capture begins later.</summary>
    public CapturedMessage? Invite { get; }

    public CapturedMessage? Ringing { get; private set; }

    /// <summary>The first success.</summary>
    public CapturedMessage? Answer { get; private set; }

    public CapturedMessage? Ack { get; private set; }

    /// <summary>The last final response that is none, and was not followed by another try.</summary>
    public CapturedMessage? Refusal { get; private set; }

    public CapturedMessage? Cancel { get; private set; }

    public CapturedMessage? Bye { get; private set; }

    /// <summary>Descriptions in their order, those of later offers with them.</summary>
    public IReadOnlyList<Description> Descriptions => _descriptions;

    /// <summary>Reads the messages of one Call-ID.</summary>
    public static CallReading Of(IReadOnlyList<CapturedMessage> messages) => new(messages);

    public Party SenderOf(CapturedMessage message) => (message.FromTag == _callerTag) == message.IsRequest ? Party.Caller : Party.Callee;

    /// <summary>What a side said last before a moment.</summary>
    public Description? At(Party by, Instant at) => _descriptions.FindLast(d => d.By == by && d.At <= at) ?? _descriptions.Find(d => d.By == by);

    public Description? Last(Party by) => _descriptions.FindLast(d => d.By == by);

    private void Note(CapturedMessage message, Party sender)
    {
        switch (message)
        {
            case { IsRequest: true, Method: SipMethod.Bye }:
                Bye ??= message;
                break;
            case { IsRequest: true, Method: SipMethod.Cancel }:
                Cancel ??= message;
                break;
            case { IsRequest: true, Method: SipMethod.Ack } when Answer is not null && sender == Party.Caller:
                Ack ??= message;
                break;
            case { IsRequest: true, Method: SipMethod.Invite } when Answer is null && message.CSeq > (Refusal?.CSeq ?? uint.MaxValue):
                Refusal = null;
                break;
            case { IsRequest: false, Method: SipMethod.Invite } when sender == Party.Callee && Answer is null:
                if (message.Status is > 100 and < 200) Ringing ??= message;
                else if (message.Status is >= 200 and < 300) (Answer, Refusal) = (message, null);
                else if (message.Status >= 300) Refusal = message;
                break;
        }
    }
}
