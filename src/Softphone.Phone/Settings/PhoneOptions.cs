using Softphone.Core;
using Softphone.Media;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>How one phone behaves.</summary>
public sealed record PhoneOptions
{
    /// <summary>The phone's name in trace entries.</summary>
    public string Name { get; init; } = "phone";

    public NatSettings Nat { get; init; } = new();

    /// <summary>Codecs offered and accepted, best first.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; init; } = SdpCodec.All;

    /// <summary>Milliseconds of audio a packet.</summary>
    public int PtimeMs { get; init; } = 20;

    /// <summary>How keys are sent.</summary>
    public DtmfMode Keys { get; init; }

    /// <summary>Whether media is encrypted.</summary>
    public SrtpMode Srtp { get; init; } = SrtpMode.Off;

    /// <summary>
    /// Keys may stand in offers of ours that can do without: where SIP is encrypted, or the profile says so. A key that whoever is on the way can read is
    /// worth little (RFC 4568 §8.3), and 86 octets more are too many for an INVITE by UDP.
    /// </summary>
    public bool ShowsKeys { get; init; } = true;

    /// <summary>Who we are in DTLS, for <see cref="SrtpMode.Dtls"/>, and for what <see cref="SrtpMode.Try"/> takes; null does without.</summary>
    public DtlsIdentity? Dtls { get; init; }

    /// <summary>The suites of SRTP, best first.</summary>
    public IReadOnlyList<string> SrtpSuites { get; init; } =
        ["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AES_256_CM_HMAC_SHA1_32"];

    /// <summary>Whether RTCP may share RTP's port when the peer agrees; Off keeps two ports and checks both.</summary>
    public RtcpMuxPolicy Mux { get; init; } = RtcpMuxPolicy.Offer;

    /// <summary>Give ICE up, as RFC 8839 §4.2.5 says, when the peer's default address is none of its candidates.</summary>
    public bool StrictIce { get; init; }

    /// <summary>The least and the most delay of the jitter buffer.</summary>
    public (TimeSpan Least, TimeSpan Most) JitterBuffer { get; init; } = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));

    /// <summary>What to do with incoming calls.</summary>
    public AnswerPolicy Answering { get; init; } = new AnswerPolicy.Manual();

    /// <summary>What becomes of an account's calls where a person would decide; of no account whose calls are answered or refused by <see cref="Answering"/>.</summary>
    public CallManners Manners { get; init; } = CallManners.None;

    /// <summary>An incoming call that nobody takes for so long is told that nobody is there (480).</summary>
    public TimeSpan RingFor { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Calls at once; who calls besides finds us busy (486) before anything is opened for the call.</summary>
    public int CallLimit { get; init; } = 8;

    /// <summary>What to do when a peer sends us to somebody else.</summary>
    public ReferralPolicy Referrals { get; init; }

    /// <summary>Local port of SIP over UDP, and of TCP when it listens; 0 takes a free one.</summary>
    public ushort SipPort { get; init; }

    /// <summary>Whom SIP is opened towards where the first account has no server; null takes the account's own domain.</summary>
    public SipUri? Towards { get; init; }

    /// <summary>
    /// The address of this machine at which SIP is, and no other; null takes the one from which the system sends to the first hop. Where it or its
    /// port cannot be had, <see cref="PhoneEvent.NotReachable"/> tells.
    /// </summary>
    public IpAddress? SipAddress { get; init; }

    /// <summary>The domain that the SIP server's certificate must be of: that of the URI that leads there (RFC 5922 §7.1); empty takes the server's address.</summary>
    public string TlsDomain { get; init; } = "";

    /// <summary>Whether SIP may go over TCP besides UDP (long messages), only over it, or not at all.</summary>
    public SipTransports SipTransports { get; init; } = SipTransports.UdpAndTcp;

    /// <summary>How long a peer without ICE may be silent where nobody has set it.</summary>
    public static readonly TimeSpan UsualSilenceLimit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A call without ICE whose peer sends neither RTP nor RTCP for so long, though it should, is ended; zero never, and null after
    /// <see cref="UsualSilenceLimit"/>, unless a session timer watches over the call.
    /// </summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>
    /// A call whose path of media was lost, by ICE consent or with the network, is ended when none is found for so long: the 30 s that consent is good for
    /// (RFC 7675 §5.1), and a few in which a phone that was away so long registers and offers, by a request that is repeated ever more rarely.
    /// </summary>
    public TimeSpan LostPeerLimit { get; init; } = TimeSpan.FromSeconds(38);

    /// <summary>What to set at the server when calls through it lose media, for explanations; empty when nothing is known of it.</summary>
    public string ServerHint { get; init; } = "";

    /// <summary>Who numbers its calls; null numbers them by itself, from 1.</summary>
    public CallNumbering? Numbering { get; init; }

    public SipAgentOptions Sip { get; init; } = new();
}

/// <summary>What becomes of a REFER in a call (RFC 3515); the account.transfers of a profile.</summary>
public enum ReferralPolicy
{
    /// <summary>A person is asked; where nobody answers it is declined.</summary>
    Ask,

    /// <summary>
    /// We call whom the peer names, and that call takes the place of this one: where the call came by a server of the account's. In any
    /// other a person is asked.
    /// </summary>
    Follow,

    /// <summary>It is declined (603).</summary>
    Refuse,
}

/// <summary>Which transports the phone opens for SIP.</summary>
public enum SipTransports
{
    UdpAndTcp,
    Udp,
    Tcp,

    /// <summary>Nothing but TLS, as sips: and transport=tls ask.</summary>
    Tls,

    /// <summary>UDP, TCP and TLS, as the server's DNS has them.</summary>
    Any,
}
