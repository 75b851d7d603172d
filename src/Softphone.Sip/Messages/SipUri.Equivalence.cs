using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

public sealed partial record SipUri
{
    private static readonly string[] ParametersThatCount = ["user", "ttl", "method", "maddr", "transport"];

    /// <summary>
    /// Whether both name the same resource (RFC 3261 §19.1.4): user and password with case, the rest without; %XX of an
    /// unreserved character equals the character; a port written is never the default left out; a parameter on one side only is
    /// ignored unless it is user, ttl, method, maddr or transport; headers count all. Not transitive, so it is no equality.
    /// </summary>
    public bool IsEquivalentTo(SipUri? other)
    {
        if (other is null || Scheme != other.Scheme) return false;
        if (IsTel) return IsSameNumber(other);
        if (!IsSip) return string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);
        return Normal(User) == Normal(other.User)
            && Normal(Password) == Normal(other.Password)
            && IsSameHost(other)
            && Port == other.Port
            && ParametersAgree(Parameters, other.Parameters)
            && ParametersAgree(other.Parameters, Parameters)
            && HeadersAgree(Headers, other.Headers);
    }

    private bool IsSameHost(SipUri other)
    {
        if (Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase)) return true;
        return IpAddress.TryParse(Host, out var a) && IpAddress.TryParse(other.Host, out var b) && a == b;
    }

    // RFC 3966 §5: visual separators mean nothing; parameters are compared in any order and all count.
    private bool IsSameNumber(SipUri other) =>
        WithoutSeparators(User ?? "").Equals(WithoutSeparators(other.User ?? ""), StringComparison.OrdinalIgnoreCase)
        && Parameters.Count == other.Parameters.Count
        && ParametersAgree(Parameters, other.Parameters, allCount: true);

    // A name that comes twice, which no URI may have, means its first value on both sides.
    private static bool ParametersAgree(Parameters mine, Parameters theirs, bool allCount = false)
    {
        foreach (var (name, _) in mine)
        {
            if (theirs.TryGet(name, out var other))
            {
                if (!mine.TryGet(name, out var value) || !Same(value, other)) return false;
            }
            else if (allCount || ParametersThatCount.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HeadersAgree(string mine, string theirs)
    {
        if (mine == theirs) return true;
        return HeaderSet(mine).SequenceEqual(HeaderSet(theirs));
    }

    private static List<string> HeaderSet(string headers)
    {
        var set = new List<string>();
        foreach (var item in headers.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var name = Unescape(equals < 0 ? item : item[..equals]);
            set.Add((HeaderName.Canonical(name) ?? name).ToLowerInvariant() + "=" + (equals < 0 ? "" : Normal(item[(equals + 1)..])));
        }

        set.Sort(StringComparer.Ordinal);
        return set;
    }

    private static bool Same(string? a, string? b) => string.Equals(Normal(a), Normal(b), StringComparison.OrdinalIgnoreCase);

    /// <summary>Escapes of unreserved characters resolved, other escapes in upper case.</summary>
    private static string? Normal(string? text)
    {
        if (text is null || !text.Contains('%')) return text;
        var normal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                normal.Append(text[i]);
                continue;
            }

            var c = (char)Convert.ToInt32(text.Substring(i + 1, 2), 16);
            if (char.IsAsciiLetterOrDigit(c) || "-_.!~*'()".Contains(c)) normal.Append(c);
            else normal.Append('%').Append(text.Substring(i + 1, 2).ToUpperInvariant());
            i += 2;
        }

        return normal.ToString();
    }
}
