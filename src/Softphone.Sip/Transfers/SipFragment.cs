using System.Text;

namespace Softphone.Sip;

/// <summary>A message/sipfrag body (RFC 3420) as NOTIFY of a REFER carries it: the status line of the peer's own call (RFC 3515 §2.4.5).</summary>
internal static class SipFragment
{
    public const string ContentType = "message/sipfrag;version=2.0";

    private const int MostCharacters = 256;

    public static byte[] Of(int status, string reason) => Encoding.UTF8.GetBytes($"SIP/2.0 {status} {reason}\r\n");

    /// <summary>Reads its first line; what follows does not matter.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out int status, out string reason)
    {
        (status, reason) = (0, "");
        var end = body.IndexOfAny((byte)'\r', (byte)'\n');
        var line = Encoding.UTF8.GetString(body[..Math.Min(end < 0 ? body.Length : end, MostCharacters)]);
        if (!line.StartsWith("SIP/2.0 ", StringComparison.OrdinalIgnoreCase) || line.Length < 11 || !int.TryParse(line.AsSpan(8, 3), System.Globalization.NumberStyles.None, null, out status)) return false;
        if (status is < 100 or > 699) return false;
        reason = line[11..].Trim();
        return true;
    }
}
