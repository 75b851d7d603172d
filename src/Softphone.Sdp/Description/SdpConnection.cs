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

    public static SdpConnection Of(IpAddress ip) => new(ip.ToString(), ip.IsV6 ? "IP6" : "IP4");

    public override string ToString() => $"IN {AddressType} {Host}{Suffix}";

    internal static bool TryParse(string text, out SdpConnection? connection)
    {
        connection = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3 || parts[0] != "IN" || parts[1] is not ("IP4" or "IP6")) return false;
        var slash = parts[2].IndexOf('/');
        connection = slash < 0
            ? new SdpConnection(parts[2], parts[1])
            : new SdpConnection(parts[2][..slash], parts[1], parts[2][slash..]);
        return true;
    }
}
