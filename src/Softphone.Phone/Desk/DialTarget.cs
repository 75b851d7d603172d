using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Makes a whole SIP URI of what a person types: a URI, user@host, a user or a number of the account's domain, a tel: number, an address.</summary>
public static class DialTarget
{
    private const int Longest = 512;
    private const string Forms = "write a number, a name, user@host or a sip: address";

    /// <param name="typed">As typed.</param>
    /// <param name="identity">The account's address, whose domain completes what has none.</param>
    /// <param name="target">Whom to call.</param>
    /// <param name="fault">Why that is nobody.</param>
    public static bool TryRead(string typed, SipUri identity, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        target = null;
        fault = null;
        var text = Bare(typed);
        if (text.Length == 0) return Refuse("nothing to call was typed", out fault);
        if (text.Length > Longest) return Refuse($"{text.Length} characters are no address", out fault);
        if (IsScheme(text, "tel")) return TryTel(text, identity, out target, out fault);
        if (IsScheme(text, "sip") || IsScheme(text, "sips")) return TryWhole(text, out target, out fault);
        if (TryNumber(text, out var number))
        {
            target = At(identity, number);
            return true;
        }

        if (IpAddress.TryParse(text, out var ip))
        {
            target = SipUri.Create(null, ip.ToString());
            return true;
        }

        return text.Contains('@') ? TryUserAtHost(text, identity, out target, out fault)
            : text.Contains(':') ? TryHostPort(text, out target, out fault)
            : TryUser(text, identity, out target, out fault);
    }

    /// <summary>A number without its visual separators (RFC 3966 §5.1.1); false when this is no number but a name.</summary>
    public static bool TryNumber(string text, out string number)
    {
        number = "";
        if (text.Length == 0 || (text.Contains('.') && IpAddress.TryParse(text, out _))) return false;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) || text[i] is '*' or '#') digits++;
            else if (text[i] is not (' ' or '-' or '.' or '(' or ')' or '/') && !(text[i] == '+' && digits == 0)) return false;
        }

        if (digits == 0) return false;
        number = string.Concat(text.Where(c => char.IsAsciiDigit(c) || c is '*' or '#' or '+'));
        return number.LastIndexOf('+') <= 0;
    }

    /// <summary>What was copied with its name and brackets is the address in them.</summary>
    private static string Bare(string typed)
    {
        var text = typed.Trim();
        var open = text.IndexOf('<', StringComparison.Ordinal);
        return open >= 0 && text[^1] == '>' ? text[(open + 1)..^1].Trim() : text;
    }

    private static bool IsScheme(string text, string scheme) =>
        text.Length > scheme.Length && text[scheme.Length] == ':' && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    private static SipUri At(SipUri identity, string user) => SipUri.Create(user, identity.Host, identity.Port, identity.IsSips);

    private static bool TryTel(string text, SipUri identity, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        target = null;
        fault = null;
        // As people write them, numbers have spaces, which URIs have not.
        if (!SipUri.TryParse(text.Replace(" ", "", StringComparison.Ordinal), out var tel, out var error)) return Refuse($"\"{Shown(text)}\" is no tel: number ({error})", out fault);
        target = tel.ToSip(identity.Host) with { Port = identity.Port, Scheme = identity.IsSips ? "sips" : "sip" };
        return true;
    }

    private static bool TryWhole(string text, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (SipUri.TryParse(text, out target, out var error)) return true;
        return Refuse($"\"{Shown(text)}\" is no SIP address ({error})", out fault);
    }

    private static bool TryUserAtHost(string text, SipUri identity, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        target = null;
        var at = text.LastIndexOf('@');
        var user = text[..at];
        if (user.Contains(':')) return Refuse($"\"{Shown(text)}\" cannot be called: only sip:, sips: and tel: addresses can", out fault);
        if (user.Length == 0 || user.Any(char.IsWhiteSpace)) return Refuse($"\"{Shown(text)}\" is no address: before @ stands a name without spaces", out fault);
        var written = user.All(char.IsAscii) ? text : SipUri.EscapeUser(user) + text[at..];
        if (!SipUri.TryParse($"sip:{written}", out target, out var error)) return Refuse($"\"{Shown(text)}\" is no address ({error})", out fault);
        if (identity.IsSips && target.Host.Equals(identity.Host, StringComparison.OrdinalIgnoreCase)) target = target with { Scheme = "sips" };
        return true;
    }

    private static bool TryHostPort(string text, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (SipUri.TryParse($"sip:{text}", out target, out _)) return true;
        return Refuse($"\"{Shown(text)}\" cannot be called: only sip:, sips: and tel: addresses can", out fault);
    }

    private static bool TryUser(string text, SipUri identity, [NotNullWhen(true)] out SipUri? target, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        target = null;
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return Refuse($"there is no contact \"{Shown(text)}\", and an address has no spaces", out fault);
        target = At(identity, text);
        return true;
    }

    /// <summary>For a line that others may see: what may be a password, between a colon and the host, is left out.</summary>
    private static string Shown(string text)
    {
        var at = text.LastIndexOf('@');
        var user = IsScheme(text, "sip") ? 4 : IsScheme(text, "sips") ? 5 : 0;
        var colon = at > user ? text.IndexOf(':', user, at - user) : -1;
        return PlainText.Clean(colon < 0 ? text : $"{text[..colon]}:…{text[at..]}", 40);
    }

    private static bool Refuse(string what, [NotNullWhen(false)] out Fault? fault)
    {
        fault = new Fault(Layer.Sip, what, Forms);
        return false;
    }
}
