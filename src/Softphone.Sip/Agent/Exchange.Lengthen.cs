using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>422: a server wants the session to last longer, and says how long at least (RFC 4028 §7.3); of INVITE and UPDATE, first or later.</summary>
internal sealed partial class Exchange
{
    private const int MostLengthenings = 3;
    private const uint LongestLeast = 86_400;

    private int _lengthenings;

    private bool TryLengthen(Instant now, SipResponse response)
    {
        var rejected = Transaction!;
        if (!Template.Headers.TryValue(HeaderName.SessionExpires, out var asked, out var parameters) || !Grammar.TryNumber(asked, out var seconds)) return false;
        if (!response.Headers.TryValue(HeaderName.MinSE, out var text, out _) || !Grammar.TryNumber(text, out var least)) return false;
        if (least <= seconds || least > LongestLeast || ++_lengthenings > MostLengthenings || core.Transport.Find(rejected.Flow.Path) is not { } path) return false;
        Template.Headers.Set(HeaderName.SessionExpires, string.Create(CultureInfo.InvariantCulture, $"{least}{parameters}"));
        Template.Headers.Set(HeaderName.MinSE, least.ToString(CultureInfo.InvariantCulture));
        Template.Headers.TryCSeq(out var cseq);
        var number = dialog?.NextSeq() ?? cseq.Number + 1;
        Template.Headers.Set(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{number} {Template.Method}"));
        _hasProvisional = false;
        Attempt(now, rejected.Flow, path);
        return true;
    }
}
