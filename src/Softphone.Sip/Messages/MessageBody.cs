using System.Text;

namespace Softphone.Sip;

/// <summary>Finds the session description in a body, alone or as a part of a multipart one (RFC 5621, M19, M20).</summary>
public static class MessageBody
{
    /// <summary>More parts than this are not looked at.</summary>
    private const int MaxParts = 32;

    /// <summary>What a body holds for somebody who understands application/sdp.</summary>
    public enum Finding
    {
        /// <summary>No body, or none that matters.</summary>
        None,

        /// <summary>The description was found.</summary>
        Sdp,

        /// <summary>A body, an encoding or a part that must be understood and is not: 415 with Accept, or with Accept-Encoding.</summary>
        Unsupported,
    }

    /// <summary>
    /// Looks for application/sdp. A part of another type is skipped when its Content-Disposition says handling=optional, and
    /// makes the whole unsupported when it does not (RFC 5621 §8.3); so does a Content-Encoding other than identity.
    /// </summary>
    public static Finding FindSdp(SipMessage message, out ReadOnlyMemory<byte> sdp)
    {
        sdp = default;
        if (message.Body.IsEmpty) return Finding.None;
        var headers = message.Headers;
        if (headers.Get(HeaderName.ContentEncoding) is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return Finding.Unsupported;
        if (headers.ContentType is not { } type) return Finding.Unsupported;
        if (type.Is(MediaType.ApplicationSdp))
        {
            sdp = message.Body;
            return Finding.Sdp;
        }

        if (type.Type == "multipart") return FindInParts(message.Body, type, out sdp);
        return IsOptional(headers.Get(HeaderName.ContentDisposition)) ? Finding.None : Finding.Unsupported;
    }

    /// <summary>The description in a message; empty when there is none that can be used.</summary>
    internal static ReadOnlyMemory<byte> SdpOf(SipMessage message)
    {
        FindSdp(message, out var sdp);
        return sdp;
    }

    /// <summary>The parts of a multipart body; none when the boundary is missing.</summary>
    public static IReadOnlyList<(SipHeaders Headers, ReadOnlyMemory<byte> Body)> Parts(ReadOnlyMemory<byte> body, MediaType type)
    {
        var parts = new List<(SipHeaders, ReadOnlyMemory<byte>)>();
        if (type.Parameters["boundary"] is not { Length: > 0 and <= 70 } boundary) return parts;
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var at = NextDelimiter(body.Span, 0, delimiter);
        while (at >= 0 && parts.Count < MaxParts)
        {
            var start = at + delimiter.Length;
            if (body.Span[start..].StartsWith("--"u8)) break;
            var lineEnd = body.Span[start..].IndexOf("\r\n"u8);
            if (lineEnd < 0) break;
            start += lineEnd + 2;
            var end = NextDelimiter(body.Span, start, delimiter);
            // The line break before a delimiter belongs to the delimiter; a body that stops short still gives its last part.
            var length = end < 0 ? body.Length - start : Math.Max(0, end - 2 - start);
            parts.Add(ReadPart(body.Slice(start, length)));
            at = end;
        }

        return parts;
    }

    private static Finding FindInParts(ReadOnlyMemory<byte> body, MediaType type, out ReadOnlyMemory<byte> sdp)
    {
        sdp = default;
        var found = Finding.None;
        var parts = Parts(body, type);
        if (parts.Count == 0) return Finding.Unsupported;
        foreach (var (headers, content) in parts)
        {
            if (headers.ContentType is { } inner && inner.Is(MediaType.ApplicationSdp))
            {
                if (found != Finding.Sdp) sdp = content;
                found = Finding.Sdp;
            }
            else if (type.Subtype != "alternative" && !IsOptional(headers.Get(HeaderName.ContentDisposition)))
            {
                sdp = default;
                return Finding.Unsupported;
            }
        }

        return found == Finding.None && type.Subtype == "alternative" ? Finding.Unsupported : found;
    }

    private static (SipHeaders Headers, ReadOnlyMemory<byte> Body) ReadPart(ReadOnlyMemory<byte> part)
    {
        if (part.Span.StartsWith("\r\n"u8)) return (new SipHeaders(), part[2..]);
        var blank = part.Span.IndexOf("\r\n\r\n"u8);
        var head = blank < 0 ? part : part[..(blank + 2)];
        return (SipParser.ParseHeaders(head), blank < 0 ? default : part[(blank + 4)..]);
    }

    private static int NextDelimiter(ReadOnlySpan<byte> body, int from, ReadOnlySpan<byte> delimiter)
    {
        while (from < body.Length)
        {
            var found = body[from..].IndexOf(delimiter);
            if (found < 0) return -1;
            found += from;
            if (found == 0 || (found >= 2 && body[found - 2] == '\r' && body[found - 1] == '\n')) return found;
            from = found + 1;
        }

        return -1;
    }

    private static bool IsOptional(string? disposition)
    {
        if (disposition is null) return false;
        var end = disposition.IndexOf(';', StringComparison.Ordinal);
        return end >= 0
            && Parameters.TryParse(disposition, end, out var parameters, out _)
            && string.Equals(parameters["handling"], "optional", StringComparison.OrdinalIgnoreCase);
    }
}
