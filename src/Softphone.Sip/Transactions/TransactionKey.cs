namespace Softphone.Sip;

/// <summary>How a message finds its transaction (RFC 3261 §17.1.3, §17.2.3).</summary>
internal static class TransactionKey
{
    public static string ForClient(Via top, string method) => $"{top.Branch} {method}";

    /// <summary>Branch, sent-by and method, an ACK under its INVITE; without the cookie what RFC 2543 went by.</summary>
    public static string? ForServer(SipRequest request, string? asMethod = null)
    {
        if (!request.Headers.TryVia(out var via) || !request.Headers.TryCSeq(out var cseq)) return null;
        var method = asMethod ?? (request.Method == SipMethod.Ack ? SipMethod.Invite : request.Method);
        var sentBy = $"{via.Host.ToLowerInvariant()}:{via.EffectivePort}";
        if (via.HasMagicBranch) return $"{via.Branch}|{sentBy}|{method}";
        request.Headers.TryFrom(out var from);
        return $"2543|{request.RequestUri}|{from?.Tag}|{request.Headers.CallId}|{cseq.Number}|{sentBy}|{via.Branch}|{method}";
    }

    /// <summary>What is the same in all copies of one request outside a dialog that came by different ways; null within a dialog.</summary>
    public static string? ForMerge(SipRequest request)
    {
        var headers = request.Headers;
        if (request.Method == SipMethod.Cancel || !headers.TryTo(out var to) || to.Tag is not null) return null;
        return headers.TryFrom(out var from) && headers.TryCSeq(out var cseq) ? $"{headers.CallId}|{from.Tag}|{cseq}" : null;
    }
}
