using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// The o= line (RFC 8866 §5.2): who described the session, under which id, and which version of it this is. Id and version are
/// digits of any length in what others send.
/// </summary>
public sealed record SdpOrigin(string Username, string SessionId, string Version, string AddressType, string Host)
{
    public static SdpOrigin Of(string sessionId, ulong version, IpAddress ip) =>
        new("-", sessionId, version.ToString(), ip.IsV6 ? "IP6" : "IP4", ip.ToString());

    public override string ToString() => $"{Username} {SessionId} {Version} IN {AddressType} {Host}";

    internal static bool TryParse(string text, out SdpOrigin? origin)
    {
        origin = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 6 || parts[3] != "IN" || !IsNumber(parts[1]) || !IsNumber(parts[2])) return false;
        origin = new SdpOrigin(parts[0], parts[1], parts[2], parts[4], parts[5]);
        return true;
    }

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);
}
