namespace Softphone.Sdp;

/// <summary>
/// One media description (RFC 8866 §5.14): an m= line and what stands below it. Values that may also stand at session level are
/// read through <see cref="SessionDescription"/>, which knows what is inherited.
/// </summary>
public sealed record SdpMedia
{
    /// <summary>"audio", "video", "application", …</summary>
    public required string Kind { get; init; }

    /// <summary>The port; 0 refuses or removes the stream (RFC 3264 §6).</summary>
    public required ushort Port { get; init; }

    /// <summary>Number of ports, "/2"; 1 when it is not written.</summary>
    public int PortCount { get; init; } = 1;

    /// <summary>"RTP/AVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", …</summary>
    public required string Protocol { get; init; }

    /// <summary>Payload types for RTP, other words for other protocols, in order of preference; empty when the peer left them out.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>The c= lines of the stream; usually none or one.</summary>
    public IReadOnlyList<SdpConnection> Connections { get; init; } = [];

    /// <summary>i=, b= and k= lines.</summary>
    public IReadOnlyList<SdpLine> Lines { get; init; } = [];

    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    public bool IsRejected => Port == 0;

    public bool IsAudio => Kind.Equals("audio", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for "RTP/AVP" and every profile made from it.</summary>
    public bool IsRtp => Profile is "RTP/AVP" or "RTP/AVPF" || IsSecure;

    /// <summary>True for the SRTP profiles, keyed by SDES or DTLS.</summary>
    public bool IsSecure => Profile is "RTP/SAVP" or "RTP/SAVPF" || IsDtls;

    /// <summary>True for the profiles keyed by DTLS (RFC 5764 §8).</summary>
    public bool IsDtls => Profile is "UDP/TLS/RTP/SAVP" or "UDP/TLS/RTP/SAVPF";

    /// <summary>a=rtcp-mux (RFC 5761 §5.1.1).</summary>
    public bool RtcpMux => Has("rtcp-mux");

    /// <summary>a=rtcp-mux-only (RFC 8858).</summary>
    public bool RtcpMuxOnly => Has("rtcp-mux-only");

    /// <summary>a=ptime in milliseconds: the frame length that the writer would like to receive; null when absent or unreadable.</summary>
    public int? Ptime => Milliseconds("ptime");

    /// <summary>a=maxptime in milliseconds: the longest packet that the writer takes.</summary>
    public int? MaxPtime => Milliseconds("maxptime");

    public bool Has(string name) => Attributes.Any(a => a.Is(name));

    /// <summary>The value of the first attribute of that name; null when there is none, or when it is a flag.</summary>
    public string? Value(string name) => Attributes.FirstOrDefault(a => a.Is(name)).Value;

    public IEnumerable<string> Values(string name) =>
        Attributes.Where(a => a.Is(name) && a.Value is not null).Select(a => a.Value!);

    /// <summary>The same m-line refused: port 0, formats kept, or one put in, so that the grammar holds, nothing else (RFC 3264 §6).</summary>
    public SdpMedia Rejected() => new() { Kind = Kind, Port = 0, Protocol = Protocol, Formats = Formats.Count == 0 ? ["0"] : Formats };

    private string Profile => Protocol.ToUpperInvariant();

    // Some phones write "20.0" or "20 ms"; a value that is no positive number is as good as none.
    private int? Milliseconds(string name)
    {
        var text = Value(name).AsSpan().Trim();
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(digits < 0 ? text : text[..digits], out var ms) && ms is > 0 and <= 1000 ? ms : null;
    }
}
