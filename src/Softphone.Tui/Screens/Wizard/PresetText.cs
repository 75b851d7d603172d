using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Each kind of server in a line: who it is, and what the preset sets.</summary>
internal static class PresetText
{
    /// <summary>In the order they are offered.</summary>
    public static IReadOnlyList<AccountPreset> Offered { get; } =
        [AccountPreset.Asterisk, AccountPreset.Freeswitch, AccountPreset.Kamailio, AccountPreset.Provider, AccountPreset.FritzBox, AccountPreset.Generic];

    public static string Of(AccountPreset preset) => preset switch
    {
        AccountPreset.Asterisk => "Asterisk, FreePBX: ICE, one port for RTP and RTCP",
        AccountPreset.Freeswitch => "FreeSWITCH, FusionPBX: ICE, one port for RTP and RTCP",
        AccountPreset.Kamailio => "Kamailio, OpenSIPS, rtpengine: ICE, one port for both",
        AccountPreset.Provider => "a provider of telephone lines: no ICE, RTCP on its own port",
        AccountPreset.FritzBox => "FRITZ!Box, home routers: no ICE, RTCP on its own port",
        AccountPreset.Strict => "keeps to the letter of RFC 8839: a mismatch ends ICE, RTCP on RTP's port alone",
        _ => "anything else: ICE for those that know it",
    };

    /// <summary>What to set at the server, where calls would lose their media without.</summary>
    public static string HintOf(AccountPreset preset) => PresetBehaviour.Of(preset).ServerHint is { Length: > 0 } hint ? $"At the server: {hint}" : "";
}
