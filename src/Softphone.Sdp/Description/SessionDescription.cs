using System.Text;

namespace Softphone.Sdp;

/// <summary>
/// A session description (RFC 8866), as an immutable value. What is not understood is kept and written back. Typed views that
/// look at both the media and the session level are in the other parts of this type.
/// </summary>
public sealed partial record SessionDescription
{
    public required SdpOrigin Origin { get; init; }

    /// <summary>The s= line; "-" when there is nothing to say (RFC 8866 §5.3).</summary>
    public string Name { get; init; } = "-";

    public SdpConnection? Connection { get; init; }

    /// <summary>i, u, e, p, b, t, r, z and k lines in the order in which they came.</summary>
    public IReadOnlyList<SdpLine> Lines { get; init; } = [new SdpLine('t', "0 0")];

    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<SdpMedia> Media { get; init; } = [];

    /// <summary>The first audio stream that is not refused; null when there is none.</summary>
    public SdpMedia? Audio => Media.FirstOrDefault(m => m.IsAudio && !m.IsRejected);

    /// <summary>The body, in the order of RFC 8866 §5 with CRLF line ends.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(1024);
        text.Append("v=0\r\no=").Append(Origin).Append("\r\ns=").Append(Name).Append("\r\n");
        Append(text, Lines, "iuep");
        if (Connection is not null) text.Append("c=").Append(Connection).Append("\r\n");
        Append(text, Lines, "btrzk");
        Append(text, Attributes);
        foreach (var media in Media)
        {
            text.Append("m=").Append(media.Kind).Append(' ').Append(media.Port);
            if (media.PortCount != 1) text.Append('/').Append(media.PortCount);
            text.Append(' ').Append(media.Protocol);
            foreach (var format in media.Formats) text.Append(' ').Append(format);
            text.Append("\r\n");
            Append(text, media.Lines, "i");
            foreach (var connection in media.Connections) text.Append("c=").Append(connection).Append("\r\n");
            Append(text, media.Lines, "bk");
            Append(text, media.Attributes);
        }

        return text.ToString();
    }

    /// <summary>The octets to put into a message.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    private static void Append(StringBuilder text, IReadOnlyList<SdpLine> lines, string types)
    {
        foreach (var line in lines)
            if (types.Contains(line.Type)) text.Append(line).Append("\r\n");
    }

    private static void Append(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes) text.Append("a=").Append(attribute).Append("\r\n");
    }
}
