using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Digest: credentials go only to the account's own servers; a challenge is answered by the next number and a new branch (RFC 3261 §22).</summary>
internal sealed partial class Exchange
{
    private const int MaxChallenges = 5;

    /// <summary>Why a challenge was not answered; null when it was, or none came.</summary>
    public Fault? AuthenticationFault { get; private set; }

    private DigestClient? Digest(in Flow flow) => Account is { Digest: { } digest } account && account.Servers.Holds(flow) ? digest : null;

    private void Authorize(SipRequest request, in Flow flow)
    {
        if (Digest(flow) is { } digest && Template.Method != SipMethod.Ack) digest.Authorize(request);
    }

    private bool TryAuthenticate(Instant now, SipResponse response)
    {
        var rejected = Transaction!;
        if (Digest(rejected.Flow) is not { } digest || ++_challenges > MaxChallenges) return false;
        AuthenticationFault = digest.Challenge(response, rejected.Request);
        if (AuthenticationFault is not null || core.Transport.Find(rejected.Flow.Path) is not { } path) return false;
        Template.Headers.TryCSeq(out var cseq);
        var number = dialog?.NextSeq() ?? cseq.Number + 1;
        Template.Headers.Set(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{number} {Template.Method}"));
        _hasProvisional = false;
        Attempt(now, rejected.Flow, path);
        return true;
    }
}
