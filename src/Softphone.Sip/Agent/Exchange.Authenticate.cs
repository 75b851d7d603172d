using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Digest: a challenge is answered by the next number and a new branch (RFC 3261 §22), where <see cref="AccountCredentials"/> allows it.</summary>
internal sealed partial class Exchange
{
    private const int MaxChallenges = 5;

    private readonly HashSet<(bool IsProxy, string Realm)> _answered = [];

    /// <summary>Why a challenge was not answered; null when it was, or none came.</summary>
    public Fault? AuthenticationFault { get; private set; }

    private void Authorize(SipRequest request, in Flow flow)
    {
        var sent = new SentRequest(request, flow, dialog, HasRung: false);
        if (Acknowledged is { } invite) Account?.Credentials?.AuthorizeAck(sent, invite);
        else Account?.Credentials?.Authorize(sent, _answered);
    }

    private bool TryAuthenticate(Instant now, SipResponse response)
    {
        var rejected = Transaction!;
        if (Account?.Credentials is not { } credentials || ++_challenges > MaxChallenges) return false;
        AuthenticationFault = credentials.Answer(response, Sent(rejected), _answered);
        if (AuthenticationFault is not null || core.Transport.Find(rejected.Flow.Path) is not { } path) return false;
        Template.Headers.TryCSeq(out var cseq);
        var number = dialog?.NextSeq() ?? cseq.Number + 1;
        Template.Headers.Set(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{number} {Template.Method}"));
        _hasProvisional = false;
        Attempt(now, rejected.Flow, path);
        return true;
    }

    private SentRequest Sent(Transaction transaction) => new(transaction.Request, transaction.Flow, dialog, _hasRung);
}
