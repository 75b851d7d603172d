using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>A c= line (RFC 8866 §5.7): where media goes.</summary>
/// <param name="Host">An IP address or a name, without the multicast TTL and count.</param>
/// <param name="AddressType">"IP4" or "IP6".</param>
/// <param name="Suffix">"/127" and the like of a multicast address; empty otherwise.</param>
public sealed record SdpConnection(string Host, string AddressType, string Suffix = "")
{
    /// <summary>The address; false when the host is a name.</summary>
    public bool TryGetIp(out IpAddress ip) => IpAddress.TryParse(Host, out ip);

    /// <summary>
    /// A name that may have an address (RFC 8866 §5.7); no numbers that went wrong, and none below "invalid", which says "no address"
    /// (RFC 3264 §5.1, RFC 6761 §6.4).
    /// </summary>
    public bool IsName =>
        Host.Length is > 0 and <= 253 && Host.Any(char.IsAsciiLetter) && Host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && !Host.TrimEnd('.').Split('.')[^1].Equals("invalid", StringComparison.OrdinalIgnoreCase);

    public static SdpConnection Of(IpAddress ip) => new(ip.ToString(), ip.IsV6 ? "IP6" : "IP4");

    public override string ToString() => $"IN {AddressType} {Host}{Suffix}";

    internal static bool TryParse(string text, out SdpConnection? connection)
    {
        connection = null;
        var parts = SdpText.Words(text);
        if (parts.Length < 3 || !parts[0].Equals("IN", StringComparison.OrdinalIgnoreCase)) return false;
        var type = parts[1].ToUpperInvariant();
        if (type is not ("IP4" or "IP6")) return false;
        var slash = parts[2].IndexOf('/');
        connection = slash < 0
            ? new SdpConnection(parts[2], type)
            : new SdpConnection(parts[2][..slash], type, parts[2][slash..]);
        return true;
    }
}
