using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>Makes a whole SIP URI of what a person types.</summary>
internal static class Target
{
    /// <exception cref="UsageException">It is no address, or a bare user without an account whose domain it could have.</exception>
    public static string Complete(string typed, Profile profile)
    {
        var text = typed.Trim();
        if (!text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("sips:", StringComparison.OrdinalIgnoreCase)
            && !text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            // "http://x" and "mailto:bob@x" are no users of anybody's domain.
            var colon = text.IndexOf(':');
            if (colon >= 0 && (text.Contains("://", StringComparison.Ordinal) || text.IndexOf('@') > colon))
                throw new UsageException($"\"{text[..(colon + 1)]}…\" cannot be called: only sip:, sips: and tel: addresses can");
            if (!text.Contains('@'))
            {
                if (!SipUri.TryParse(profile.Account.Uri, out var own, out _))
                    throw new UsageException($"\"{typed}\" has no domain, and there is no account whose domain it could have: call {typed.Trim()}@HOST, or softphone profile add NAME --uri sip:USER@HOST");
                text = $"{text}@{DomainOf(own)}";
            }

            text = $"sip:{text}";
        }

        // A number is nobody's address: who places the call for it is a server (RFC 3966 §1).
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) && profile.Account.Uri.Length == 0)
            throw new UsageException($"\"{typed}\" is a telephone number, which only a server can reach, and there is no account: softphone profile add NAME --uri sip:USER@HOST");
        if (!SipUri.TryParse(text, out _, out var error)) throw new UsageException($"\"{typed}\" is no SIP address: {error}");
        return text;
    }

    /// <summary>Host and port as they stand in a URI.</summary>
    public static string DomainOf(SipUri uri)
    {
        var host = uri.Host.Contains(':') ? $"[{uri.Host}]" : uri.Host;
        return uri.Port is { } port ? $"{host}:{port}" : host;
    }
}
