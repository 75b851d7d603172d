using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// What we can and want for the audio stream of one call at this moment: the local input to <see cref="OfferAnswer"/>. With ICE, the
/// default addresses <see cref="Rtp"/> and <see cref="Rtcp"/> must be among the candidates (RFC 8839 §4.2.1.2); that is our own duty,
/// so the opposite throws.
/// </summary>
public sealed record MediaCapabilities
{
    /// <summary>Codecs in order of preference, with the payload types that we would choose. telephone-event is not among them.</summary>
    public required IReadOnlyList<SdpCodec> Codecs { get; init; }

    /// <summary>Where we would like to receive RTP by default.</summary>
    public required Address Rtp { get; init; }

    /// <summary>Where we would like to receive RTCP by default; null for the port after RTP's.</summary>
    public Address? Rtcp { get; init; }

    /// <summary>Frame length to ask for, in milliseconds; null says nothing.</summary>
    public int? Ptime { get; init; } = 20;

    /// <summary>The longest packet that we take, in milliseconds; null says nothing.</summary>
    public int? MaxPtime { get; init; }

    /// <summary>Offer and accept telephone-event (RFC 4733).</summary>
    public bool TelephoneEvents { get; init; } = true;

    /// <summary>The direction that we want; SendOnly puts the peer on hold.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.SendRecv;

    public RtcpMuxPolicy Mux { get; init; } = RtcpMuxPolicy.Offer;

    /// <summary>Our ICE description; null does without ICE.</summary>
    public SdpIce? Ice { get; init; }

    /// <summary>
    /// Answer a=ice-mismatch, as RFC 8839 §4.2.5 says, when the peer's default address is none of its candidates. Off by default: a
    /// server behind NAT that rewrites c= after writing its candidates would otherwise lose ICE.
    /// </summary>
    public bool StrictIce { get; init; }

    /// <summary>a=mid of the audio stream in our offers, so that an INFO can name it (RFC 8840 §4.3); null leaves it out. An answer repeats the offer's.</summary>
    public string? Mid { get; init; }

    public SrtpPolicy Srtp { get; init; }

    /// <summary>One line for each suite that we can do, best first, each with a key of our own (RFC 4568). Empty does without SDES.</summary>
    public IReadOnlyList<SdpCrypto> Crypto { get; init; } = [];

    /// <summary>What is said of keys by DTLS (RFC 5763); null does without.</summary>
    public SdpDtls? Dtls { get; init; }

    /// <summary>Our offers are keyed by DTLS, and by nothing else. Without <see cref="Crypto"/> nothing else is taken either.</summary>
    public bool OffersDtls { get; init; }

    /// <summary>Why <see cref="Dtls"/> is null, for a person.</summary>
    public Fault? NoDtls { get; init; }

    /// <summary>Answer with our codec order instead of the offerer's.</summary>
    public bool PreferOwnOrder { get; init; }
}
