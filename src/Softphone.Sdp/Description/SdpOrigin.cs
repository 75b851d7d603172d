using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// The o= line (RFC 8866 §5.2): who described the session, under which id, and which version of it this is. Nothing of a call hangs on
/// what others write there, so whatever is written is read as far as it goes.
/// </summary>
public sealed record SdpOrigin(string Username, string SessionId, string Version, string AddressType, string Host)
{
    public static SdpOrigin Of(string sessionId, ulong version, IpAddress ip) =>
        new("-", sessionId, version.ToString(), ip.IsV6 ? "IP6" : "IP4", ip.ToString());

    public override string ToString() => $"{Username} {SessionId} {Version} IN {AddressType} {Host}";

    /// <summary>What stands for a line that is missing or cannot be read.</summary>
    internal static SdpOrigin Unknown { get; } = new("-", "0", "0", "IP4", "0.0.0.0");

    // DEVIATION: RFC 8866 §5.2 wants six fields. The user is left out by some and has spaces with others, so fields are counted from the
    // end (Origin_OfAnyForm_SpoilsNoDescription).
    internal static SdpOrigin Parse(string text)
    {
        var parts = SdpText.Words(text);
        return parts.Length < 5 || !parts[^3].Equals("IN", StringComparison.OrdinalIgnoreCase)
            ? Unknown
            : new SdpOrigin(parts.Length == 5 ? "-" : string.Join(' ', parts[..^5]), parts[^5], parts[^4], parts[^2], parts[^1]);
    }
}
