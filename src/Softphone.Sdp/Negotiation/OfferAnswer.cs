using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// Offer/answer (RFC 3264) for the one audio stream of a call, as pure functions of what we can do, what was said before and what
/// the peer says now.
/// </summary>
public static partial class OfferAnswer
{
    /// <summary>
    /// Our offer: every codec, telephone-event at each clock, and in a re-offer the payload types and m-lines of before. A wish to
    /// hold a peer that holds us becomes inactive (RFC 3264 §8.4).
    /// </summary>
    /// <exception cref="ArgumentException">No codec, an address that is not valid, or a default address that is no candidate.</exception>
    public static SessionDescription CreateOffer(MediaCapabilities local, SdpSession session)
    {
        Check(local);
        if (local.OffersDtls && local.Dtls is null) throw new ArgumentException("an offer of keys by DTLS without a certificate");
        var index = session.Local is { } before ? IndexOfAudio(before) : 0;
        var last = session.Local?.Media.ElementAtOrDefault(index);
        var types = new PayloadTypes(last is null ? [] : SdpCodecs.Of(last), local.Codecs);
        var formats = local.Codecs.Select(types.Assign).ToList();
        if (local.TelephoneEvents)
            foreach (var clock in EventClocks(local.Codecs)) formats.Add(types.Assign(EventCodec(clock)));

        var direction = local.Direction;
        if (direction == MediaDirection.SendOnly && RemoteHolds(session)) direction = MediaDirection.Inactive;
        var audio = AudioWriter.Write(
            local,
            ProtocolFor(local, last),
            formats,
            direction,
            local.Ice,
            local.Mux != RtcpMuxPolicy.Off,
            local.Mux == RtcpMuxPolicy.Require,
            [
                .. local.Mid is { } mid ? [new SdpAttribute("mid", mid)] : Array.Empty<SdpAttribute>(),
                .. local.Mux == RtcpMuxPolicy.Require ? [new SdpAttribute("rtcp-mux-only")] : Array.Empty<SdpAttribute>(),
                .. local.OffersDtls && local.Dtls is { } dtls ? dtls.OfferLines() : [],
                .. local.Srtp == SrtpPolicy.Off || local.OffersDtls ? [] : local.Crypto.Select(c => new SdpAttribute("crypto", c.ToAttributeValue())),
            ]);
        List<SdpMedia> media = session.Local is null ? [audio] : [.. session.Local.Media.Select((m, i) => i == index ? audio : m.Rejected())];
        return session.Stamp(Describe(local, media), local.Rtp.Ip);
    }

    // What was agreed to be SRTP alone stays so: another protocol in the same m-line would offer to end it.
    private static string ProtocolFor(MediaCapabilities local, SdpMedia? last)
    {
        if (local.OffersDtls) return last is { IsRejected: false } && last.Has("setup") ? last.Protocol : "UDP/TLS/RTP/SAVP";
        return local.Srtp == SrtpPolicy.Required || last is { IsSecure: true, IsRejected: false } ? "RTP/SAVP" : "RTP/AVP";
    }

    private static SessionDescription Describe(MediaCapabilities local, List<SdpMedia> media, IReadOnlyList<SdpAttribute>? attributes = null) => new()
    {
        Origin = SdpOrigin.Of("0", 0, local.Rtp.Ip),
        Connection = SdpConnection.Of(local.Rtp.Ip),
        Attributes = [.. attributes ?? [], .. local.Ice is { Lite: true } ? [new SdpAttribute("ice-lite")] : Array.Empty<SdpAttribute>()],
        Media = media,
    };

    private static void Check(MediaCapabilities local)
    {
        if (local.Codecs.Count == 0) throw new ArgumentException("there is no codec to offer");
        if (!local.Rtp.IsValid) throw new ArgumentException("the address for RTP is not valid");
    }

    private static int IndexOfAudio(SessionDescription description)
    {
        for (var i = 0; i < description.Media.Count; i++)
            if (description.Media[i] is { IsAudio: true, IsRejected: false }) return i;
        for (var i = 0; i < description.Media.Count; i++)
            if (description.Media[i].IsAudio) return i;
        return 0;
    }

    private static bool RemoteHolds(SdpSession session) =>
        session.Remote is { Audio: { } audio } remote && !RemoteDirectionOf(remote, audio).Receives();

    private static MediaDirection RemoteDirectionOf(SessionDescription remote, SdpMedia audio)
    {
        var direction = remote.DirectionOf(audio);
        return remote.IsZeroAddressHold(audio) ? direction & ~MediaDirection.RecvOnly : direction;
    }

    // 8000 always: it is the one clock that every server knows, and what it falls back to.
    private static IEnumerable<int> EventClocks(IEnumerable<SdpCodec> codecs) => codecs.Select(c => c.ClockRate).Append(8_000).Distinct();

    private static SdpCodec EventCodec(int clock) =>
        new("telephone-event", clock, 1, clock switch { 8_000 => 101, 48_000 => 97, _ => 98 }, "0-15");
}
