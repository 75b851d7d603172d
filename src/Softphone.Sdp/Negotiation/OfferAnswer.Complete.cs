using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sdp;

public static partial class OfferAnswer
{
    /// <summary>Takes the peer's answer to our offer (RFC 3264 §7).</summary>
    /// <param name="offer">The offer as we sent it.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="negotiated">What holds now.</param>
    /// <param name="fault">Why the answer is of no use, with both sides' lists.</param>
    public static bool TryComplete(
        SessionDescription offer,
        SessionDescription answer,
        [NotNullWhen(true)] out NegotiatedAudio? negotiated,
        [NotNullWhen(false)] out Fault? fault)
    {
        negotiated = null;
        var index = IndexOfAudio(offer);
        var ours = offer.Media[index];
        var theirs = answer.Media.ElementAtOrDefault(index);
        if (theirs is null || !theirs.Kind.Equals(ours.Kind, StringComparison.OrdinalIgnoreCase))
        {
            fault = new Fault(Layer.Sdp, $"the answer has no audio at place {index + 1} of {offer.Media.Count}", "the peer breaks RFC 3264 §6; report it there");
            return false;
        }

        if (theirs.IsRejected)
        {
            fault = new Fault(Layer.Sdp, "the peer refused the audio stream", "compare the codecs and SRTP settings of both sides");
            return false;
        }

        var offered = SdpCodecs.Of(ours);
        var answered = SdpCodecs.Of(theirs);
        var common = Common(answered, new MediaCapabilities { Codecs = [.. offered.Where(c => !c.IsTelephoneEvent)], Rtp = default });
        if (common.Count == 0)
        {
            fault = new Fault(
                Layer.Sdp,
                $"no common codec: we offered {SdpCodecs.Describe(offered.Where(c => !c.IsTelephoneEvent))}; the peer answered {SdpCodecs.Describe(answered.Where(c => !c.IsTelephoneEvent))}",
                "add one of the peer's codecs to media.codecs");
            return false;
        }

        var dtls = ours.Has("fingerprint") && ours.Has("setup") ? SdpDtls.Complete(ours, answer, theirs) : null;
        SdpCrypto? localCrypto = null, remoteCrypto = null;
        if (dtls is null && !TryTakeKeys(ours, theirs, out localCrypto, out remoteCrypto, out fault)) return false;

        var theirIce = answer.IceOf(theirs);
        if (!answer.RtpOf(theirs).IsValid && !answer.IsZeroAddressHold(theirs) && theirIce is null && answer.NamedOf(theirs) is null)
        {
            fault = new Fault(Layer.Sdp, $"the answer names no usable address for audio ({answer.ConnectionOf(theirs)?.Host ?? "no c= line"})", "let the peer write an address, or a name that has one, into c=");
            return false;
        }

        var events = answered.Where(a => a.IsTelephoneEvent && offered.Any(a.IsSameAs)).DistinctBy(a => a.ClockRate).ToList();
        var mux = theirs.RtcpMux && ours.RtcpMux;
        if (ours.RtcpMuxOnly && !mux)
        {
            fault = new Fault(Layer.Sdp, "the peer does not multiplex RTCP, which we insist on", "allow separate RTCP, or turn rtcp-mux on at the peer");
            return false;
        }

        negotiated = Conclude(new Agreement(index, offer, answer, common, events, theirIce is null ? null : offer.IceOf(ours))
        {
            Mux = mux,
            Mismatch = answer.HasIceMismatch(theirs),
            DefaultNotAmongCandidates = theirIce is not null && !answer.DefaultIsCandidate(theirs),
            LocalCrypto = localCrypto,
            RemoteCrypto = remoteCrypto,
            Dtls = dtls,
        });
        fault = null;
        return true;
    }

    // The answer picks one of our lines by its tag (RFC 4568 §5.1.3). Within RTP/AVP it may pick none (RFC 8643 §4).
    private static bool TryTakeKeys(
        SdpMedia ours, SdpMedia theirs, out SdpCrypto? local, out SdpCrypto? remote, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        local = null;
        remote = SdpCrypto.Of(theirs).FirstOrDefault(c => !c.HasUnknownDemand && c.TryGetKeys(out _));
        if (remote is { } chosen) local = SdpCrypto.Of(ours).FirstOrDefault(c => c.Tag == chosen.Tag && c.Suite == chosen.Suite);
        if (local is not null && !local.SharesKeyWith(remote!)) return true;
        if (local is not null)
        {
            fault = new Fault(Layer.Sdp, "the peer answers with our own SRTP key, which would lay both ways open (RFC 4568 §7.1.2)", "the peer must make a key of its own; report it there");
            return false;
        }

        remote = null;
        var isOffered = SdpCrypto.Of(ours).Count > 0;
        if (!ours.IsSecure && !theirs.IsSecure && !(isOffered && theirs.Has("crypto"))) return true;
        fault = ours.Has("fingerprint") ? new Fault(
            Layer.Sdp,
            $"the answer has no fingerprint of the peer's certificate that can be checked (a=fingerprint:sha-256, in {theirs.Protocol}), without which DTLS gives no keys",
            "let the peer take DTLS-SRTP, or set media.srtp to try") : !isOffered ? new Fault(
            Layer.Sdp,
            $"the peer answers with encrypted media (SRTP, {theirs.Protocol}), which we did not offer",
            "let the peer answer as it is asked, in RTP/AVP") : new Fault(
            Layer.Sdp,
            $"the answer agrees on no SRTP key: we offered {Suites(SdpCrypto.Of(ours))}, the peer answered {Suites(SdpCrypto.Of(theirs))}",
            theirs.Has("crypto") || theirs.IsSecure ? "allow one of our suites at the peer" : "let the peer take SRTP, or set media.srtp to try");
        return false;
    }

    // The same conclusion for both roles: "local" is our description, "remote" the peer's, whichever was the offer.
    private static NegotiatedAudio Conclude(Agreement agreed)
    {
        var (index, local, remote, common, events, ourIce) = agreed;
        var ours = local.Media[index];
        var theirs = remote.Media[index];
        var remoteDirection = RemoteDirectionOf(remote, theirs);
        var theirIce = ourIce is null ? null : remote.IceOf(theirs);
        var rtp = remote.RtpOf(theirs);
        var rtcp = agreed.Mux ? rtp : remote.RtcpOf(theirs);
        var send = common.Select(c => c.Theirs).ToList();
        var opus = send[0].IsSameAs(SdpCodec.Opus) ? OpusParameters.Parse(send[0].Parameters) : new OpusParameters();

        return new NegotiatedAudio
        {
            MediaIndex = index,
            Protocol = theirs.Protocol,
            SendCodecs = send,
            SendOpus = opus,
            Receive = ReceiveMap(ours, send),
            SendEvents = [.. events.Select(e => new TelephoneEventFormat(e.PayloadType, e.ClockRate, e.Parameters.Length == 0 ? "0-15" : e.Parameters))],
            ReceiveEvents = SdpCodecs.Of(ours).Where(c => c.IsTelephoneEvent).ToDictionary(c => c.PayloadType, c => c.ClockRate),
            SendPtime = FrameLength(send[0], Math.Min(theirs.Ptime ?? 20, theirs.MaxPtime ?? int.MaxValue)),
            RemoteDirection = remoteDirection,
            LocalDirection = local.DirectionOf(ours) & remoteDirection.Reversed(),
            RemoteRtp = rtp,
            RemoteName = theirIce is null && !rtp.IsValid ? remote.NamedOf(theirs) : null,
            RemoteRtcp = rtcp,
            Mux = agreed.Mux,
            RemoteIce = theirIce,
            IceFlaw = theirIce is null ? remote.IceFlawOf(theirs) : null,
            IceComponents = theirIce is null ? 0 : agreed.Mux ? 1 : Math.Min(ourIce!.Components, Math.Max(theirIce.Components, 1)),
            IceMismatch = agreed.Mismatch,
            DefaultNotAmongCandidates = agreed.DefaultNotAmongCandidates,
            LocalCrypto = agreed.LocalCrypto,
            RemoteCrypto = agreed.RemoteCrypto,
            Dtls = agreed.Dtls,
        };
    }

    // Frames are captured in tens of milliseconds, and Opus has no frame of 30, 50, 70, 90 or 110 (RFC 6716 §2.1.4).
    private static int FrameLength(SdpCodec codec, int wanted)
    {
        var length = Math.Clamp(wanted / 10 * 10, 10, 120);
        return codec.IsSameAs(SdpCodec.Opus) && length > 20 ? length / 20 * 20 : length;
    }

    // DEVIATION: our numbers are what a correct peer sends (RFC 3264 §6.1). Some send their own instead, so those are taken too where
    // they clash with none of ours (Completion_WithAsymmetricNumbers_SendsTheirsAndReceivesOurs).
    private static Dictionary<byte, SdpCodec> ReceiveMap(SdpMedia ours, List<SdpCodec> theirs)
    {
        var map = new Dictionary<byte, SdpCodec>();
        var known = SdpCodecs.Of(ours);
        foreach (var codec in known)
            if (!codec.IsTelephoneEvent) map[codec.PayloadType] = codec;
        foreach (var codec in theirs)
        {
            if (known.All(k => k.PayloadType != codec.PayloadType) && known.FirstOrDefault(codec.IsSameAs) is { } same)
                map[codec.PayloadType] = same with { PayloadType = codec.PayloadType };
        }

        return map;
    }

    private sealed record Agreement(
        int Index,
        SessionDescription Local,
        SessionDescription Remote,
        List<(SdpCodec Ours, SdpCodec Theirs)> Common,
        List<SdpCodec> Events,
        SdpIce? OurIce)
    {
        public bool Mux { get; init; }

        public bool Mismatch { get; init; }

        public bool DefaultNotAmongCandidates { get; init; }

        public SdpCrypto? LocalCrypto { get; init; }

        public SdpCrypto? RemoteCrypto { get; init; }

        public NegotiatedDtls? Dtls { get; init; }
    }
}
