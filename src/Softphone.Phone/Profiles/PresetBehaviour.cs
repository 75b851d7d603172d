using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>What a preset sets, as data. Found by trying real servers; each field says what it changes.</summary>
/// <param name="Mux">Whether RTCP may share RTP's port.</param>
/// <param name="UsesIce">Offer ICE when nat.mode is auto.</param>
/// <param name="StrictIce">Take an RFC 8839 §4.2.5 mismatch for what it is, in place of going on.</param>
/// <param name="ServerHint">What to set at the server when calls through it lose media; empty when there is nothing.</param>
public sealed record PresetBehaviour(
    RtcpMuxPolicy Mux,
    bool UsesIce,
    bool StrictIce,
    string ServerHint)
{
    private static readonly PresetBehaviour Usual = new(RtcpMuxPolicy.Offer, true, false, "");

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
        AccountPreset.Provider => Usual with
        {
            Mux = RtcpMuxPolicy.Off,
            UsesIce = false,
        },
        AccountPreset.Strict => Usual with { Mux = RtcpMuxPolicy.Require, StrictIce = true },
        _ => Usual,
    };
}
