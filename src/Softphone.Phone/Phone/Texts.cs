using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Texts on their way out (RFC 3428): one at a time to each address, so that neither a server that says nothing nor a person who goes on writing fills the
/// line with repetitions, and texts arrive in the order they were written. Nothing is sent again by itself.
/// </summary>
internal sealed class Texts(PhoneMachine phone)
{
    /// <summary>Texts that wait for others, of all addresses.</summary>
    public const int MostWaiting = 64;

    private readonly Dictionary<RequestId, Text> _under = [];
    private readonly List<Text> _waiting = [];
    private int _last;

    public TextId Next() => new(++_last);

    public void Send(Instant now, TextId id, AccountId account, SipUri target, string text)
    {
        var octets = Encoding.UTF8.GetByteCount(text);
        var wanted = new Text(id, account, target, text);
        if (phone.IsShuttingDown)
            Refuse(now, wanted, 487, "the phone is being switched off", "");
        else if (octets > TextBody.MostOctets)
            Refuse(now, wanted, 513, string.Create(CultureInfo.InvariantCulture, $"the message has {octets} octets, and {TextBody.MostOctets} are the most"), "write several");
        else if (!_under.Values.Any(wanted.GoesTo))
            Begin(now, wanted);
        else if (_waiting.Count < MostWaiting)
            _waiting.Add(wanted);
        else
            Refuse(now, wanted, 503, string.Create(CultureInfo.InvariantCulture, $"{MostWaiting} messages wait for the answer to others already"), "write again when those are through");
    }

    /// <summary>A request has its answer; false when it is no text.</summary>
    public bool Completed(Instant now, SipEvent.RequestCompleted happened)
    {
        if (!_under.Remove(happened.Request, out var sent)) return false;
        phone.Emit(new PhoneEvent.TextSent(now, sent.Id, sent.Account, sent.Peer, happened.Status, happened.Reason, happened.RoundTrip, happened.Fault));
        var next = _waiting.FindIndex(sent.GoesTo);
        if (next < 0) return true;
        var following = _waiting[next];
        _waiting.RemoveAt(next);
        Begin(now, following);
        return true;
    }

    /// <summary>The phone shuts down: what waits is not sent any more.</summary>
    public void Clear(Instant now)
    {
        foreach (var text in _waiting) Refuse(now, text, 487, "the phone was switched off before it could be sent", "");
        _waiting.Clear();
    }

    private void Begin(Instant now, Text text) => _under.Add(phone.Sip.Text(now, text.Account, text.Target, text.Content), text);

    private void Refuse(Instant now, Text text, int status, string what, string remedy) =>
        phone.Emit(new PhoneEvent.TextSent(now, text.Id, text.Account, text.Peer, status, ReasonPhrase.Of(status), TimeSpan.Zero, new Fault(Layer.Sip, what, remedy)));

    private sealed record Text(TextId Id, AccountId Account, SipUri Target, string Content)
    {
        public string Peer => (Target with { Password = null }).ToString();

        public bool GoesTo(Text other) => Account == other.Account && Target.IsEquivalentTo(other.Target);
    }
}
