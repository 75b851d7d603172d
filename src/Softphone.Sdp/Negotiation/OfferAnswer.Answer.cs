using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sdp;

public static partial class OfferAnswer
{
    /// <summary>
    /// Answers an offer: the first audio line that we can serve is taken, every other line is refused in its place (RFC 3264 §6).
    /// </summary>
    /// <param name="offer">What the peer offers.</param>
    /// <param name="local">What we can do and want.</param>
    /// <param name="session">The state of the dialog before this offer.</param>
    /// <param name="answer">The description to send.</param>
    /// <param name="negotiated">What holds once the answer is sent.</param>
    /// <param name="rejection">Why not, with the status owed.</param>
    public static bool TryAnswer(
        SessionDescription offer,
        MediaCapabilities local,
        SdpSession session,
        [NotNullWhen(true)] out SessionDescription? answer,
        [NotNullWhen(true)] out NegotiatedAudio? negotiated,
        [NotNullWhen(false)] out OfferRejection? rejection)
    {
        Check(local);
        answer = null;
        negotiated = null;
        rejection = null;
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var media = offer.Media[i];
            if (!media.IsAudio || media.IsRejected) continue;
            if (Objection(offer, media, local) is { } objection)
            {
                rejection ??= objection;
                continue;
            }

            (answer, negotiated) = Accept(offer, i, local, session);
            rejection = null;
            return true;
        }

        rejection ??= OfferRejection.Of(
            304,
            "no audio stream",
            $"the offer has no audio stream (it has {(offer.Media.Count == 0 ? "no media" : string.Join(", ", offer.Media.Select(m => m.Kind)))})",
            "call with audio");
        return false;
    }

    /// <summary>
    /// Answers an offer within a session that takes the audio stream out, by port 0 (RFC 3264 §8.2): every stream stays refused in its
    /// place, until a later offer brings one back.
    /// </summary>
    /// <returns>False when the offer is of another kind.</returns>
    public static bool TrySuspend(SessionDescription offer, MediaCapabilities local, SdpSession session, [NotNullWhen(true)] out SessionDescription? answer)
    {
        answer = null;
        if (offer.Audio is not null || !offer.Media.Any(m => m.IsAudio)) return false;
        answer = session.Stamp(Describe(local, [.. offer.Media.Select(m => m.Rejected())]), local.Rtp.Ip);
        return true;
    }

    /// <summary>What helps against media that this version does not have.</summary>
    private const string PlainHelps = "let the peer offer plain RTP (RTP/AVP)";

    private static OfferRejection? Objection(SessionDescription offer, SdpMedia media, MediaCapabilities local)
    {
        if (!media.IsRtp)
            return OfferRejection.Of(302, $"{media.Protocol} is not supported", $"the offer demands {media.Protocol}, which this version does not have", PlainHelps);

        if ((media.IsSecure || local.Srtp == SrtpPolicy.Required) && AgreeOnDtls(offer, media, local) is null && AgreeOnCrypto(media, local) is null)
            return NoKeys(offer, media, local);

        var theirs = SdpCodecs.Of(media);
        if (!theirs.Any(t => local.Codecs.Any(t.IsSameAs)))
        {
            return OfferRejection.Of(
                305,
                $"no common codec, we have {SdpCodecs.Describe(local.Codecs)}",
                $"no common codec: the peer offers {SdpCodecs.Describe(theirs.Where(c => !c.IsTelephoneEvent))}; we have {SdpCodecs.Describe(local.Codecs)}",
                "add one of the peer's codecs to media.codecs");
        }

        if ((media.RtcpMuxOnly && local.Mux == RtcpMuxPolicy.Off) || (local.Mux == RtcpMuxPolicy.Require && !media.RtcpMux && !media.RtcpMuxOnly))
            return OfferRejection.Of(306, "rtcp-mux is disputed", "one side insists on rtcp-mux and the other has none of it", "allow rtcp-mux on both sides");
        if (!offer.RtpOf(media).IsValid && !offer.IsZeroAddressHold(media) && offer.IceOf(media) is null && offer.NamedOf(media) is null)
            return OfferRejection.Of(301, "no usable address", $"the offer names no usable address for audio ({offer.ConnectionOf(media)?.Host ?? "no c= line"})", "let the peer write an address, or a name that has one, into c=");
        return null;
    }

    private static OfferRejection NoKeys(SessionDescription offer, SdpMedia media, MediaCapabilities local)
    {
        if (local.Srtp == SrtpPolicy.Off)
            return OfferRejection.Of(302, "SRTP is not supported", $"the offer demands encrypted media (SRTP, {media.Protocol}), which is off here", "set media.srtp to try, or " + PlainHelps);
        if (media.IsDtls && local.Dtls is null)
        {
            return OfferRejection.Of(
                302, "DTLS-SRTP is not supported", $"the offer demands encrypted media keyed by DTLS ({media.Protocol}), {local.NoDtls?.What ?? "which is off here"}",
                local.NoDtls is { Remedy.Length: > 0 } why ? why.Remedy : "set media.srtp to try or dtls, or " + PlainHelps);
        }

        if (media.IsDtls || (local.OffersDtls && local.Crypto.Count == 0))
        {
            return offer.FingerprintsOf(media).Count > 0
                ? OfferRejection.Of(302, "DTLS-SRTP needs a fingerprint by SHA-256 and a=setup", $"the offer's fingerprints, or its a=setup ({offer.SetupOf(media) ?? "none"}), cannot be used: {Functions(offer, media)}", "let the peer write a=fingerprint:sha-256 and a=setup:actpass")
                : OfferRejection.Of(302, "DTLS-SRTP is required", "the offer has no keys by DTLS (a=fingerprint), and this phone takes no others", "let the peer offer DTLS-SRTP, or set media.srtp to try");
        }

        return media.IsSecure
            ? OfferRejection.Of(302, "SRTP with these keys is not supported", $"the offer insists on SRTP ({media.Protocol}) with {Suites(SdpCrypto.Of(media))}; we have {Suites(local.Crypto)}", "let the peer offer AES_CM_128_HMAC_SHA1_80, which every implementation has")
            : OfferRejection.Of(302, "SRTP is required", "the offer is plain RTP, and this phone takes nothing but SRTP", "let the peer offer SRTP, or set media.srtp to try");
    }

    private static string Functions(SessionDescription description, SdpMedia media) => string.Join(", ", description.FingerprintsOf(media).Select(f => f.Algorithm).Distinct().Take(4));

    private static string Suites(IReadOnlyList<SdpCrypto> lines) =>
        lines.Count == 0 ? "no keys" : string.Join(", ", lines.Select(c => c.Suite));

    private static (SessionDescription Answer, NegotiatedAudio Negotiated) Accept(
        SessionDescription offer, int index, MediaCapabilities local, SdpSession session)
    {
        var media = offer.Media[index];
        var theirs = SdpCodecs.Of(media);
        var common = Common(theirs, local);
        var events = theirs
            .Where(t => t.IsTelephoneEvent && local.TelephoneEvents && EventClocks(common.Select(c => c.Theirs)).Contains(t.ClockRate))
            .DistinctBy(t => t.ClockRate)
            .ToList();
        var wants = RemoteDirectionOf(offer, media);
        var mux = (media.RtcpMux || media.RtcpMuxOnly) && local.Mux != RtcpMuxPolicy.Off;
        var theirIce = offer.IceOf(media);
        var mismatch = theirIce is not null && !offer.DefaultIsCandidate(media);

        // DEVIATION: RFC 8839 §4.2.5 answers every mismatch with a=ice-mismatch. Servers behind NAT rewrite c= after their candidates were
        // written, so without StrictIce we go on (Mismatch_InAnOffer_IsAnsweredSoWhenStrict_AndForgivenOtherwise).
        var refuseIce = mismatch && local.StrictIce;
        var ice = theirIce is null || refuseIce ? null : local.Ice;
        var dtls = AgreeOnDtls(offer, media, local);
        var keys = dtls is null ? AgreeOnCrypto(media, local) : null;

        List<SdpAttribute> extra = [];
        if (media.Value("mid") is { } mid) extra.Add(new("mid", mid));
        if (refuseIce && local.Ice is not null) extra.Add(new("ice-mismatch"));
        if (keys is { } agreed) extra.Add(new("crypto", agreed.Ours.ToAttributeValue()));
        if (dtls is not null) extra.AddRange(local.Dtls!.AnswerLines(dtls));

        var audio = AudioWriter.Write(
            local,
            media.Protocol,
            [.. common.Select(c => c.Ours with { PayloadType = c.Theirs.PayloadType }), .. events.Select(e => EventCodec(e.ClockRate) with { PayloadType = e.PayloadType })],
            wants.Answer(local.Direction),
            ice,
            mux,
            mux,
            extra);
        List<SdpMedia> all = [.. offer.Media.Select((m, i) => i == index ? audio : m.Rejected())];
        var answer = session.Stamp(Describe(local, all, Bundle(offer, media)), local.Rtp.Ip);
        return (answer, Conclude(new Agreement(index, answer, offer, common, events, ice is null ? null : local.Ice)
        {
            Mux = mux,
            Mismatch = refuseIce && local.Ice is not null,
            DefaultNotAmongCandidates = mismatch,
            LocalCrypto = keys?.Ours,
            RemoteCrypto = keys?.Theirs,
            Dtls = dtls,
        }));
    }

    private static List<(SdpCodec Ours, SdpCodec Theirs)> Common(IReadOnlyList<SdpCodec> theirs, MediaCapabilities local)
    {
        var common = new List<(SdpCodec Ours, SdpCodec Theirs)>();
        foreach (var their in theirs)
        {
            var our = local.Codecs.FirstOrDefault(their.IsSameAs);
            if (our is not null && !common.Any(c => ReferenceEquals(c.Ours, our))) common.Add((our, their));
        }

        return local.PreferOwnOrder ? [.. local.Codecs.SelectMany(o => common.Where(c => ReferenceEquals(c.Ours, o)))] : common;
    }

    // Of an offer with both, keys by DTLS are taken: no server sees them (RFC 8643 leaves it to us).
    private static NegotiatedDtls? AgreeOnDtls(SessionDescription offer, SdpMedia media, MediaCapabilities local) =>
        local.Srtp == SrtpPolicy.Off ? null : local.Dtls?.Answer(offer, media);

    // The first line of the peer's that can be read, demands nothing unknown and whose suite we have a key for; the tag is the
    // peer's (RFC 4568 §5.1.2). Only a policy that is not off takes part.
    private static (SdpCrypto Ours, SdpCrypto Theirs)? AgreeOnCrypto(SdpMedia media, MediaCapabilities local)
    {
        if (local.Srtp == SrtpPolicy.Off || media.IsDtls) return null;
        foreach (var theirs in SdpCrypto.Of(media))
        {
            if (theirs.HasUnknownDemand || !theirs.TryGetKeys(out _)) continue;
            var ours = local.Crypto.FirstOrDefault(c => c.Suite == theirs.Suite);
            if (ours is not null && !ours.SharesKeyWith(theirs)) return (ours with { Tag = theirs.Tag }, theirs);
        }

        return null;
    }

    // A bundle that has our one audio line in it is answered with that line alone (RFC 9143 §7.3).
    private static SdpAttribute[] Bundle(SessionDescription offer, SdpMedia media)
    {
        var mid = media.Value("mid");
        if (mid is null) return [];
        var bundled = offer.Attributes.Any(a => a.Is("group") && a.Value is { } v
            && v.StartsWith("BUNDLE", StringComparison.Ordinal) && v.Split(' ').Skip(1).Contains(mid));
        return bundled ? [new SdpAttribute("group", $"BUNDLE {mid}")] : [];
    }
}
