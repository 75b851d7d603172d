namespace Softphone.Sip;

/// <summary>
/// Reads as much of a head without a proper end as an answer needs: who sent it by which Via (RFC 3261 §8.2.6). Whatever is cut off, or
/// ended by a bare line feed, is left to the one who is told 400 or 513.
/// </summary>
internal static class BrokenHead
{
    /// <summary>The request, always with a flaw; null when it is none, or is too broken to be answered.</summary>
    public static SipRequest? Read(ReadOnlySpan<byte> octets)
    {
        var head = new byte[octets.Length * 2];
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) head[length++] = (byte)'\r';
            head[length++] = octets[i];
        }

        // The last line may be the half of one, and stands there whole only when a line break follows.
        var last = head.AsSpan(0, length).LastIndexOf("\r\n"u8);
        return SipParser.TryParseHead(head.AsMemory(0, last < 0 ? length : last + 2), out var message, out _) ? message as SipRequest : null;
    }
}
