using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>What offer and answer agreed on for the audio stream, seen from our side (RFC 3264 §6, §7).</summary>
public sealed record NegotiatedAudio
{
    /// <summary>Which m-line it is.</summary>
    public required int MediaIndex { get; init; }

    /// <summary>The profile in force, "RTP/AVP".</summary>
    public required string Protocol { get; init; }

    /// <summary>Codecs both sides have, in the order of the answer, with the payload types and parameters that the peer wants to receive.</summary>
    public required IReadOnlyList<SdpCodec> SendCodecs { get; init; }

    /// <summary>The codec to send.</summary>
    public SdpCodec Send => SendCodecs[0];

    /// <summary>What the peer would like of Opus; defaults when opus is not the codec to send.</summary>
    public OpusParameters SendOpus { get; init; } = new();

    /// <summary>What each payload type that may arrive stands for, telephone-event not included.</summary>
    public required IReadOnlyDictionary<byte, SdpCodec> Receive { get; init; }

    /// <summary>The telephone-event formats that the peer takes.</summary>
    public IReadOnlyList<TelephoneEventFormat> SendEvents { get; init; } = [];

    /// <summary>Clock, in Hz, of each telephone-event payload type that may arrive.</summary>
    public IReadOnlyDictionary<byte, int> ReceiveEvents { get; init; } = new Dictionary<byte, int>();

    /// <summary>
    /// Milliseconds of audio in a packet to send: what the peer asked for, within its maxptime, cut down to a length that the codec has;
    /// 20 when it said nothing. Always a multiple of 10 from 10 to 120.
    /// </summary>
    public int SendPtime { get; init; } = 20;

    /// <summary>What the peer said; an address of zeros counts as not receiving.</summary>
    public required MediaDirection RemoteDirection { get; init; }

    /// <summary>What we may do now: what we wanted, cut down to what the peer allows.</summary>
    public required MediaDirection LocalDirection { get; init; }

    /// <summary>The peer put us on hold.</summary>
    public bool IsHeldByRemote => !RemoteDirection.Receives();

    /// <summary>Where to send RTP when there is no ICE; not valid while the peer holds the old way.</summary>
    public required Address RemoteRtp { get; init; }

    /// <summary>The peer wrote a name in place of an address (RFC 8866 §5.7), which is to be asked for and put in by <see cref="At"/>; null otherwise.</summary>
    public SdpNamedHost? RemoteName { get; init; }

    /// <summary>Where to send RTCP when there is no ICE; equal to <see cref="RemoteRtp"/> with mux.</summary>
    public required Address RemoteRtcp { get; init; }

    /// <summary>RTP and RTCP share a port. It is the peer's word that decides, not our wish.</summary>
    public required bool Mux { get; init; }

    /// <summary>The peer's ICE description when both sides do ICE; else null and plain RTP to the default address.</summary>
    public SdpIce? RemoteIce { get; init; }

    /// <summary>Why the ICE that the peer shows is not used, for a person; null when it is, or when it shows none.</summary>
    public string? IceFlaw { get; init; }

    /// <summary>Components to check: 1 with mux, else the smaller of the two sides' highest (RFC 8445 §6.1.2.2); 0 without ICE.</summary>
    public int IceComponents { get; init; }

    /// <summary>One side found the other's default address not among the candidates and gave ICE up (RFC 8839 §4.2.5).</summary>
    public bool IceMismatch { get; init; }

    /// <summary>The peer's default address is none of its candidates, and we went on with ICE all the same.</summary>
    public bool DefaultNotAmongCandidates { get; init; }

    /// <summary>Our SDES key, when SRTP was agreed.</summary>
    public SdpCrypto? LocalCrypto { get; init; }

    /// <summary>The peer's SDES key, when SRTP was agreed.</summary>
    public SdpCrypto? RemoteCrypto { get; init; }

    /// <summary>The DTLS association that gives the keys; null for another way, or plain RTP.</summary>
    public NegotiatedDtls? Dtls { get; init; }

    /// <summary>The same once the name has an address.</summary>
    public NegotiatedAudio At(IpAddress ip) => RemoteName is not { } named ? this : this with
    {
        RemoteName = null,
        RemoteRtp = new Address(ip, named.Port),
        RemoteRtcp = Mux ? new Address(ip, named.Port) : named.RtcpPort == 0 ? default : new Address(ip, named.RtcpPort),
    };

    /// <summary>
    /// The telephone-event format to send beside a codec of this clock: that of the same clock, else 8000 Hz, else none
    /// (RFC 4733 §2.1 wants the same; many servers know only 8000).
    /// </summary>
    public TelephoneEventFormat? EventFormatFor(int clockRate)
    {
        TelephoneEventFormat? fallback = null;
        foreach (var format in SendEvents)
        {
            if (format.ClockRate == clockRate) return format;
            if (format.ClockRate == 8_000) fallback ??= format;
        }

        return fallback;
    }
}
