using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Texts from somebody who may write to an account (RFC 3428 §7): plain text of bounded length and number. Answered 200 without body and Contact,
/// which says that it is here, not that it was read.
/// </summary>
internal sealed class TextIntake(AgentCore core)
{
    private const int LongestSender = 256;
    private const int WaitSeconds = 10;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly TextRate _rate = new();
    private (long Count, Instant? ToldAt) _refused;

    public void Take(Instant now, Transaction transaction, SipRequest request, Account account, NameAddr from)
    {
        if (request.Body.Length > TextBody.MostOctets)
        {
            Refuse(now, transaction, 513);
        }
        else if (!TextBody.TryRead(request, out var text))
        {
            var isEncoded = request.Headers.Has(HeaderName.ContentEncoding);
            Refuse(now, transaction, 415, isEncoded ? HeaderName.AcceptEncoding : HeaderName.Accept, isEncoded ? "identity" : MediaType.TextPlain);
        }
        else if (!_rate.Take(now, SenderOf(from)))
        {
            _refused.Count++;
            if (_refused.ToldAt is not { } told || now - told >= TellEvery)
            {
                _refused.ToldAt = now;
                core.Emit(new SipEvent.TextsRefused(account.Id, from, _refused.Count));
            }

            Refuse(now, transaction, 480, HeaderName.RetryAfter, WaitSeconds.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            core.Transactions.Respond(now, transaction, core.Response(request, 200));
            if (text.Length > 0) core.Emit(new SipEvent.TextReceived(account.Id, from, text));
        }
    }

    private static string SenderOf(NameAddr from)
    {
        var sender = from.Uri.AddressOfRecord.ToString();
        return sender.Length > LongestSender ? sender[..LongestSender] : sender;
    }

    private void Refuse(Instant now, Transaction transaction, int status, string? name = null, string value = "")
    {
        var refusal = core.Response(transaction.Request, status);
        if (name is not null) refusal.Headers.Add(name, value);
        core.Transactions.Respond(now, transaction, refusal);
    }
}
