using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>A request and what came back on the same hop, tied by branch, number and method (RFC 3261 §17.1.3).</summary>
public sealed class SipExchange
{
    private readonly List<CapturedMessage> _responses = [];

    private SipExchange(CapturedMessage request) => Request = request;

    public CapturedMessage Request { get; }

    /// <summary>How often it was sent on the hop where it was seen first.</summary>
    public int Sends { get; private set; } = 1;

    public Instant LastSent { get; private set; }

    /// <summary>All, repeated ones too.</summary>
    public IReadOnlyList<CapturedMessage> Responses => _responses;

    public CapturedMessage? Final => _responses.Find(r => r.Status >= 200);

    /// <summary>How often the final response was sent again.</summary>
    public int FinalRepeats => _responses.Count(r => r.Status >= 200 && r.IsRepeat);

    /// <summary>Those of a dialog in the order of their requests; ACK has no responses and is none.</summary>
    public static IReadOnlyList<SipExchange> Of(IReadOnlyList<CapturedMessage> messages)
    {
        var found = new List<SipExchange>();
        var byKey = new Dictionary<(string Branch, uint CSeq, string Method), SipExchange>();
        foreach (var message in messages)
        {
            if (message.Is(SipMethod.Ack)) continue;
            var key = (BranchOf(message), message.CSeq, message.Method);
            if (!message.IsRequest)
            {
                if (byKey.TryGetValue(key, out var answered)) answered._responses.Add(message);
            }
            else if (byKey.TryGetValue(key, out var known))
            {
                // The same branch at another place of the wire, as before and behind a NAT, is the same request once more.
                if (!message.IsRepeat || message.From != known.Request.From) continue;
                known.Sends++;
                known.LastSent = message.At;
            }
            else
            {
                found.Add(byKey[key] = new SipExchange(message) { LastSent = message.At });
            }
        }

        return found;
    }

    private static string BranchOf(CapturedMessage message) => message.Value.Headers.TryVia(out var via) ? via.Branch ?? "" : "";
}
