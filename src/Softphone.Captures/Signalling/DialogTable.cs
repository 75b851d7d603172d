using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Sorts SIP messages into dialogs by Call-ID, within bounds: what does not fit is counted.</summary>
internal sealed class DialogTable
{
    private const int MostDialogs = 20_000;
    private const int MostMessages = 200_000;
    private const long MostOctets = 64 << 20;
    private const int MostFlaws = 1000;

    private readonly Dictionary<string, CapturedDialog> _byCallId = new(StringComparer.Ordinal);
    private readonly List<CapturedDialog> _dialogs = [];
    private readonly List<UnreadableMessage> _unreadable = [];
    private long _octets;

    public IReadOnlyList<CapturedDialog> Dialogs => _dialogs;

    public IReadOnlyList<UnreadableMessage> Unreadable => _unreadable;

    public int Messages { get; private set; }

    public long LeftOut { get; private set; }

    /// <summary>Files a message; null when it is one too many, or a frame that the capture has twice.</summary>
    public CapturedMessage? Take(Instant at, Transport transport, Address from, Address to, SipMessage value)
    {
        var callId = value.Headers.CallId ?? "";
        if (Messages >= MostMessages || _octets >= MostOctets || (_dialogs.Count >= MostDialogs && !_byCallId.ContainsKey(callId)))
        {
            LeftOut++;
            return null;
        }

        if (!_byCallId.TryGetValue(callId, out var dialog))
        {
            _byCallId[callId] = dialog = new CapturedDialog(_dialogs.Count + 1, callId);
            _dialogs.Add(dialog);
        }

        if (dialog.Add(Messages + 1, at, transport, from, to, value) is not { } message) return null;
        Messages++;
        _octets += 512 + 2L * value.Octets;
        return message;
    }

    public void TakeUnreadable(Instant at, Address from, Address to, string why)
    {
        if (_unreadable.Count < MostFlaws) _unreadable.Add(new UnreadableMessage(at, from, to, why));
        else LeftOut++;
    }
}
