using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>What holds for a stream once the session level has been looked at too.</summary>
public sealed partial record SessionDescription
{
    /// <summary>The direction: of the stream, else of the session, else sendrecv (RFC 8866 §6.7).</summary>
    public MediaDirection DirectionOf(SdpMedia media)
    {
        foreach (var level in new[] { media.Attributes, Attributes })
            foreach (var attribute in level)
                if (attribute.Value is null && MediaDirectionExtensions.TryParse(attribute.Name, out var direction)) return direction;
        return MediaDirection.SendRecv;
    }

    /// <summary>The c= line that holds for the stream; null when there is none at either level.</summary>
    public SdpConnection? ConnectionOf(SdpMedia media) => media.Connections.Count > 0 ? media.Connections[0] : Connection;

    /// <summary>The default address for RTP; not valid when it is a name, absent, zeros, port 0, or no address of one host.</summary>
    public Address RtpOf(SdpMedia media) =>
        ConnectionOf(media) is { } c && c.TryGetIp(out var ip) && IsOneHost(ip) ? new Address(ip, media.Port) : default;

    /// <summary>The name that stands where the default address should; null when there is an address, or none is to be had.</summary>
    public SdpNamedHost? NamedOf(SdpMedia media) => media.Port != 0 && ConnectionOf(media) is { IsName: true } c && !c.TryGetIp(out _)
        ? new SdpNamedHost(c.Host, c.AddressType == "IP6", media.Port, RtcpBeside(media, new Address(IpAddress.LoopbackV4, media.Port)).Port)
        : null;

    /// <summary>The default address for RTCP: a=rtcp (RFC 3605), else the next port up. With rtcp-mux agreed it is not used.</summary>
    public Address RtcpOf(SdpMedia media) => RtpOf(media) is { IsValid: true } rtp ? RtcpBeside(media, rtp) : default;

    private static Address RtcpBeside(SdpMedia media, Address rtp)
    {
        var parts = SdpText.Words(media.Value("rtcp") ?? "");
        if (parts.Length is 1 or 4 && ushort.TryParse(parts[0], out var port) && port != 0)
        {
            if (parts.Length == 1) return rtp with { Port = port };
            if (parts[1].Equals("IN", StringComparison.OrdinalIgnoreCase) && IpAddress.TryParse(parts[3], out var ip)) return IsOneHost(ip) ? new Address(ip, port) : default;
        }

        return rtp.Port == ushort.MaxValue ? default : rtp with { Port = (ushort)(rtp.Port + 1) };
    }

    /// <summary>
    /// True when the stream is held the old way, by an address of zeros (RFC 3264 §8.4). Port 9 together with ICE is a trickling
    /// offer, not a hold (RFC 8839 §4.2.5).
    /// </summary>
    public bool IsZeroAddressHold(SdpMedia media) =>
        ConnectionOf(media) is { } c && c.TryGetIp(out var ip) && ip.IsUnspecified && !(media.Port == 9 && ValueOf(media, "ice-ufrag") is not null);

    /// <summary>The value at media level, else at session level.</summary>
    public string? ValueOf(SdpMedia media, string name) =>
        media.Value(name) ?? Attributes.FirstOrDefault(a => a.Is(name)).Value;

    /// <summary>The a=fingerprint lines that hold for the stream (RFC 8122 §5): those of the media level when it has any.</summary>
    public IReadOnlyList<SdpFingerprint> FingerprintsOf(SdpMedia media)
    {
        var level = media.Has("fingerprint") ? media.Attributes : Attributes;
        var found = new List<SdpFingerprint>();
        foreach (var attribute in level)
            if (attribute.Is("fingerprint") && attribute.Value is { } value && SdpFingerprint.TryParse(value, out var print)) found.Add(print);
        return found;
    }

    /// <summary>The a=setup role (RFC 4145 §4), "actpass"; null when absent.</summary>
    public string? SetupOf(SdpMedia media) => ValueOf(media, "setup");

    // A call has one peer: media towards a multicast or broadcast address would be an amplifier's dream.
    private static bool IsOneHost(IpAddress ip) => !ip.IsUnspecified && !ip.IsMulticast && !(ip.IsV4 && ip.V4 == uint.MaxValue);
}
