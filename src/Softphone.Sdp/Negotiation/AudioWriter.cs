using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// Writes our audio m-line; the one place that decides which attributes stand in it and in which order. What is assumed where it is not
/// said is not said: with candidates a description is long, and a datagram that is cut into fragments does not pass everywhere.
/// </summary>
internal static class AudioWriter
{
    /// <summary>The events that are assumed where no a=fmtp names any (RFC 4733 §2.4.1).</summary>
    private const string AssumedEvents = "0-15";

    /// <summary>Milliseconds of audio in a packet where no a=ptime says so, for all codecs of ours (RFC 3551 §4.5, RFC 7587 §6.1).</summary>
    private const int AssumedPtime = 20;

    /// <summary>The m-line with these formats, telephone-event included, in their order.</summary>
    public static SdpMedia Write(
        MediaCapabilities local, string protocol, IReadOnlyList<SdpCodec> formats, MediaDirection direction, SdpIce? ice, bool mux, bool muxOnly, IEnumerable<SdpAttribute> extra)
    {
        var rtcp = local.Rtcp ?? local.Rtp with { Port = (ushort)(local.Rtp.Port + 1) };
        if (ice is not null) AssertDefaults(ice, local.Rtp, rtcp);

        var attributes = new List<SdpAttribute>();
        // DEVIATION: an a=rtpmap is recommended for static numbers too (RFC 3264 §5.1); it is left out to keep an INVITE in one datagram.
        foreach (var codec in formats)
            if (!codec.IsStatic) attributes.Add(new("rtpmap", $"{codec.PayloadType} {codec.RtpMap}"));
        foreach (var codec in formats)
            if (codec.Parameters.Length > 0 && !(codec.IsTelephoneEvent && codec.Parameters == AssumedEvents)) attributes.Add(new("fmtp", $"{codec.PayloadType} {codec.Parameters}"));
        if (local.Ptime is { } ptime && ptime != AssumedPtime) attributes.Add(new("ptime", ptime.ToString()));
        if (local.MaxPtime is { } longest) attributes.Add(new("maxptime", longest.ToString()));
        // Beside ICE as without it a=rtcp is for a port that is not the next one up (RFC 8839 §4.2.1.2, RFC 3605 §2.1).
        if (!muxOnly && (rtcp.Ip != local.Rtp.Ip || rtcp.Port != local.Rtp.Port + 1))
            attributes.Add(new("rtcp", rtcp.Ip == local.Rtp.Ip ? $"{rtcp.Port}" : $"{rtcp.Port} {SdpConnection.Of(rtcp.Ip)}"));
        if (mux) attributes.Add(new("rtcp-mux"));
        attributes.AddRange(extra);
        if (ice is not null) WriteIce(attributes, ice, muxOnly);
        if (direction != MediaDirection.SendRecv) attributes.Add(new(direction.Name()));
        return new SdpMedia
        {
            Kind = "audio",
            Port = local.Rtp.Port,
            Protocol = protocol,
            Formats = [.. formats.Select(c => c.PayloadType.ToString())],
            Attributes = attributes,
        };
    }

    private static void WriteIce(List<SdpAttribute> attributes, SdpIce ice, bool rtpOnly)
    {
        attributes.Add(new("ice-ufrag", ice.Ufrag));
        attributes.Add(new("ice-pwd", ice.Password));
        if (ice.Options.Count > 0) attributes.Add(new("ice-options", string.Join(' ', ice.Options)));
        if (ice.Pacing is { } pacing) attributes.Add(new("ice-pacing", pacing.ToString()));
        foreach (var candidate in ice.Candidates)
            if (!rtpOnly || candidate.Component == 1) attributes.Add(new("candidate", candidate.ToString()));
        if (ice.RemoteCandidates.Count > 0) attributes.Add(new("remote-candidates", string.Join(' ', ice.RemoteCandidates)));
        if (ice.EndOfCandidates) attributes.Add(new("end-of-candidates"));
    }

    // pjsip and others compare exactly and give ICE up over a port that differs (RFC 8839 §4.2.5).
    private static void AssertDefaults(SdpIce ice, Address rtp, Address rtcp)
    {
        if (ice.Ufrag.Length is < 4 or > 32 || ice.Password.Length is < 22 or > 256)
            throw new ArgumentException("a ufrag has 4 to 32 characters and a password 22 to 256");
        if (ice.Candidates.Count == 0) return;
        if (!ice.Candidates.Any(c => c.Component == 1 && c.Address == rtp)) throw new ArgumentException($"default {rtp} is no candidate");
        if (ice.Components > 1 && !ice.Candidates.Any(c => c.Component == 2 && c.Address == rtcp))
            throw new ArgumentException($"default {rtcp} for RTCP is no candidate");
    }
}
