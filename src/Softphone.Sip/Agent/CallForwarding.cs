using System.Globalization;

namespace Softphone.Sip;

/// <summary>Why a call was sent here in place of somebody else (RFC 5806 §4, RFC 4458 §2).</summary>
public enum ForwardReason
{
    /// <summary>It is not told, or none of those below.</summary>
    Unknown,
    Busy,
    NoAnswer,
    Always,

    /// <summary>A person sent this call on.</summary>
    Deflected,
    Away,
    OutOfService,
}

/// <summary>
/// Who was called before a call was sent here, as Diversion (RFC 5806) or History-Info (RFC 7044) tell. Anybody can write them, so they are read only where
/// they come from a server of the account.
/// </summary>
/// <param name="By">Who was called, the last where there were several.</param>
/// <param name="Why">Why that one did not take it.</param>
public sealed record CallForwarding(NameAddr By, ForwardReason Why)
{
    /// <summary>More entries than this are not looked at: each server on the way adds one.</summary>
    private const int MostEntries = 32;

    /// <summary>Null where nothing is told, or nothing that can be read, or who it was is not to be told (RFC 7044 §10.1).</summary>
    internal static CallForwarding? Of(SipRequest invite) => OfDiversion(invite.Headers) ?? OfHistory(invite.Headers);

    private static CallForwarding? OfDiversion(SipHeaders headers)
    {
        // The latest stands first (RFC 5806 §4).
        foreach (var text in headers.GetList(HeaderName.Diversion).Take(1))
        {
            if (!NameAddr.TryParse(text, out var by, out _)) return null;
            if (by.Parameters["privacy"] is { } privacy && !privacy.Equals("off", StringComparison.OrdinalIgnoreCase)) return null;
            return new CallForwarding(by with { Parameters = Parameters.Empty }, OfWord(by.Parameters["reason"]));
        }

        return null;
    }

    private static CallForwarding? OfHistory(SipHeaders headers)
    {
        var entries = new List<NameAddr>();
        foreach (var text in headers.GetList(HeaderName.HistoryInfo).Take(MostEntries))
            if (NameAddr.TryParse(text, out var entry, out _)) entries.Add(entry);
        // An entry says by mp which one it was made of for another user; rc and np are the same user elsewhere.
        for (var i = entries.Count - 1; i > 0; i--)
        {
            if (entries[i].Parameters["mp"] is not { } index) continue;
            var from = entries.FindLastIndex(i - 1, entry => entry.Parameters["index"] == index);
            return from < 0 ? null : Told(entries[from], CauseOf(entries[i].Uri) ?? ReasonOf(entries[from].Uri));
        }

        // Older servers (RFC 4244) tell only why the one before the last did not take it.
        for (var i = entries.Count - 2; i >= 0; i--)
            if (ReasonOf(entries[i].Uri) is { } cause) return Told(entries[i], CauseOf(entries[i + 1].Uri) ?? cause);
        return null;
    }

    private static CallForwarding? Told(NameAddr entry, int? cause) => HeaderOf(entry.Uri, HeaderName.Privacy) is { } privacy && !privacy.Equals("none", StringComparison.OrdinalIgnoreCase)
        ? null
        : new CallForwarding(new NameAddr(entry.Uri with { Headers = "", Parameters = entry.Uri.Parameters.Without("cause") }) { DisplayName = entry.DisplayName }, OfCause(cause));

    /// <summary>The cause that a new target carries (RFC 4458 §2).</summary>
    private static int? CauseOf(SipUri uri) => int.TryParse(uri.Parameters["cause"], NumberStyles.None, CultureInfo.InvariantCulture, out var cause) ? cause : null;

    private static int? ReasonOf(SipUri uri)
    {
        if (HeaderOf(uri, HeaderName.Reason) is not { } text) return null;
        return ReasonHeader.TryParse(text, out var reason) && reason.Protocol.Equals("SIP", StringComparison.OrdinalIgnoreCase) && reason.Cause > 0 ? reason.Cause : null;
    }

    private static string? HeaderOf(SipUri uri, string name)
    {
        foreach (var header in uri.Headers.Split('&'))
        {
            var end = header.IndexOf('=', StringComparison.Ordinal);
            if (end > 0 && header.AsSpan(0, end).Equals(name, StringComparison.OrdinalIgnoreCase)) return Uri.UnescapeDataString(header[(end + 1)..]);
        }

        return null;
    }

    private static ForwardReason OfCause(int? cause) => cause switch
    {
        486 or 600 => ForwardReason.Busy,
        408 => ForwardReason.NoAnswer,
        302 => ForwardReason.Always,
        480 or 487 or 603 => ForwardReason.Deflected,
        503 or 404 => ForwardReason.OutOfService,
        _ => ForwardReason.Unknown,
    };

    private static ForwardReason OfWord(string? word) => word?.ToLowerInvariant() switch
    {
        "user-busy" => ForwardReason.Busy,
        "no-answer" => ForwardReason.NoAnswer,
        "unconditional" or "follow-me" => ForwardReason.Always,
        "deflection" => ForwardReason.Deflected,
        "away" or "do-not-disturb" or "time-of-day" => ForwardReason.Away,
        "out-of-service" or "unavailable" => ForwardReason.OutOfService,
        _ => ForwardReason.Unknown,
    };
}
