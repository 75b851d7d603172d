using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a preset sets, as data. Found by trying real servers; each field says what it changes.</summary>
/// <param name="Mux">Whether RTCP may share RTP's port.</param>
/// <param name="UsesIce">Offer ICE when nat.mode is auto.</param>
/// <param name="StrictIce">Take an RFC 8839 §4.2.5 mismatch for what it is, in place of going on.</param>
/// <param name="Sets">What all this means, each with its reason, for a person.</param>
/// <param name="ServerHint">What to set at the server when calls through it lose media; empty when there is nothing.</param>
public sealed record PresetBehaviour(
    RtcpMuxPolicy Mux,
    bool UsesIce,
    bool StrictIce,
    IReadOnlyList<string> Sets,
    string ServerHint)
{
    /// <summary>What calls say of provisional responses that are acknowledged (RFC 3262).</summary>
    public Reliability Provisionals { get; init; }

    private static readonly PresetBehaviour Usual = new(
        RtcpMuxPolicy.Offer,
        true,
        false,
        ["ICE with whoever knows it, so that media goes the shortest way", "RTCP on RTP's port where the server takes it: one port less to get through a NAT"],
        "");

    public static PresetBehaviour Of(AccountPreset preset) => preset switch
    {
        AccountPreset.Asterisk => Usual with
        {
            ServerHint = "endpoint: ice_support=yes, rtp_symmetric=yes, force_rport=yes, rewrite_contact=yes, rtcp_mux=yes; rtp.conf: icesupport=yes, stunaddr=",
        },
        AccountPreset.Freeswitch => Usual with
        {
            ServerHint = "sofia profile: apply-candidate-acl with wan_v4.auto, localnet.auto and rfc1918.auto",
        },
        AccountPreset.Kamailio => Usual with
        {
            ServerHint = "rtpengine: ICE=force and rtcp-mux-offer; no set_contact_alias() on REGISTER",
        },
        AccountPreset.Provider or AccountPreset.FritzBox => Usual with
        {
            Mux = RtcpMuxPolicy.Off,
            UsesIce = false,
            Sets = ["no ICE: such servers carry the media themselves, and some drop what makes an INVITE long", "RTCP on a port of its own: they know no other way", "no 100rel: it is not spoken of, since they seldom have it"],
            Provisionals = Reliability.Off,
        },
        AccountPreset.Strict => Usual with
        {
            Mux = RtcpMuxPolicy.Require,
            StrictIce = true,
            Sets = ["a default address that is no candidate ends ICE, as RFC 8839 says, where others go on", "RTCP on RTP's port or no call"],
        },
        _ => Usual,
    };
}
