using System.Globalization;

namespace Softphone.Sdp;

/// <summary>Reads which codec each payload type of an RTP stream stands for.</summary>
public static class SdpCodecs
{
    /// <summary>
    /// The codecs of the stream in the order of the m= line. A static type needs no rtpmap that can be read (RFC 3551 §6). A type that is no number,
    /// lies past 127, comes twice or is dynamic without an rtpmap is passed over.
    /// </summary>
    public static IReadOnlyList<SdpCodec> Of(SdpMedia media)
    {
        var maps = Mapped(media, "rtpmap");
        var parameters = Mapped(media, "fmtp");
        var codecs = new List<SdpCodec>();
        var seen = new HashSet<byte>();
        foreach (var format in media.Formats)
        {
            if (!byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var type) || type > 127 || !seen.Add(type)) continue;
            var codec = (maps.TryGetValue(type, out var map) ? Parse(type, map) : null) ?? SdpCodec.Static(type);
            if (codec is null) continue;
            codecs.Add(codec with { Parameters = parameters.GetValueOrDefault(type, "") });
        }

        return codecs;
    }

    /// <summary>"opus/48000/2, PCMU/8000": a list for a person.</summary>
    public static string Describe(IEnumerable<SdpCodec> codecs)
    {
        var text = string.Join(", ", codecs.Select(c => c.RtpMap));
        return text.Length == 0 ? "none" : text;
    }

    private static Dictionary<byte, string> Mapped(SdpMedia media, string name)
    {
        var found = new Dictionary<byte, string>();
        foreach (var line in media.Values(name))
        {
            var value = line.TrimStart();
            var space = value.AsSpan().IndexOfAny(' ', '\t');
            if (space > 0 && byte.TryParse(value.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var type))
                found.TryAdd(type, value[(space + 1)..].Trim());
        }

        return found;
    }

    private static SdpCodec? Parse(byte type, string map)
    {
        var parts = map.TrimEnd('/', ' ').Split('/');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0) return null;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var clock) || clock is < 1 or > 1_000_000) return null;
        var channels = 1;
        if (parts.Length == 3 && (!int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out channels) || channels is < 1 or > 255))
            return null;
        return new SdpCodec(parts[0], clock, channels, type);
    }
}
