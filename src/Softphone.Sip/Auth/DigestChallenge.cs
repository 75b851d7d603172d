namespace Softphone.Sip;

/// <summary>One Digest challenge that we can answer, from WWW-Authenticate or Proxy-Authenticate (RFC 3261 §22, RFC 7616 §3.3).</summary>
public sealed record DigestChallenge(bool IsProxy, string Realm, string Nonce)
{
    public DigestAlgorithm Algorithm { get; init; }

    /// <summary>Echoed as it came; null when absent.</summary>
    public string? Opaque { get; init; }

    /// <summary>The nonce was too old, the password was right (§22.4, RFC 7616 §3.3).</summary>
    public bool IsStale { get; init; }

    /// <summary>The qop to answer with, "auth" before "auth-int"; null for the form of RFC 2069, without nc and cnonce.</summary>
    public string? Qop { get; init; }

    /// <summary>The header that carries the answer.</summary>
    public string AnswerHeader => IsProxy ? HeaderName.ProxyAuthorization : HeaderName.Authorization;

    /// <summary>
    /// All challenges of a response, in order, but those of a scheme, algorithm or qop that we lack (A2). An empty list from a 401 or
    /// 407 means that it cannot be answered.
    /// </summary>
    public static IReadOnlyList<DigestChallenge> Parse(SipResponse response)
    {
        var all = new List<DigestChallenge>();
        foreach (var isProxy in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (var value in response.Headers.GetAll(isProxy ? HeaderName.ProxyAuthenticate : HeaderName.WwwAuthenticate))
                foreach (var fields in DigestFields.Parse(value))
                    if (TryRead(fields, isProxy, out var challenge)) all.Add(challenge);
        }

        return all;
    }

    /// <summary>Reads the first challenge of a header value; false when it is none that we can answer.</summary>
    public static bool TryParse(string value, bool isProxy, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DigestChallenge? challenge)
    {
        challenge = null;
        return DigestFields.Parse(value) is [var first, ..] && TryRead(first, isProxy, out challenge);
    }

    private static bool TryRead(DigestFields fields, bool isProxy, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DigestChallenge? challenge)
    {
        challenge = null;
        if (!fields.IsDigest || fields["realm"] is not { } realm || fields["nonce"] is not { } nonce) return false;
        if (!DigestHash.TryAlgorithm(fields["algorithm"], out var algorithm) || !TryQop(fields["qop"], out var qop)) return false;
        challenge = new DigestChallenge(isProxy, realm, nonce)
        {
            Algorithm = algorithm,
            Opaque = fields["opaque"],
            IsStale = string.Equals(fields["stale"], "true", StringComparison.OrdinalIgnoreCase),
            Qop = qop,
        };
        return true;
    }

    private static bool TryQop(string? offered, out string? qop)
    {
        qop = null;
        if (string.IsNullOrWhiteSpace(offered)) return true;
        var options = offered.Split(',', StringSplitOptions.TrimEntries);
        if (options.Contains("auth", StringComparer.OrdinalIgnoreCase)) qop = "auth";
        else if (options.Contains("auth-int", StringComparer.OrdinalIgnoreCase)) qop = "auth-int";
        return qop is not null;
    }
}
