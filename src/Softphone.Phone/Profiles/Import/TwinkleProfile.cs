namespace Softphone.Phone;

/// <summary>A profile of Twinkle: one account, a value a line.</summary>
internal static class TwinkleProfile
{
    public static IEnumerable<ForeignAccount> Read(string text)
    {
        var file = new IniSections(text);
        if (file["", "user_name"] is not { } user || file["", "user_domain"] is not { } domain) yield break;
        var transport = file["", "sip_transport"] is "tcp" or "udp" ? file["", "sip_transport"] : null;
        var account = new ForeignAccount { Password = file["", "auth_pass"] };
        account.Set("account.uri", $"sip:{user}@{domain}");
        account.Set("account.display-name", file["", "user_display"]);
        if (file["", "auth_name"] is { } login && login != user) account.Set("account.auth-user", login);
        account.Set("account.registrar", ForeignText.Server(file["", "registrar"] ?? domain, transport));
        account.Set("account.outbound-proxy", ForeignText.Server(file["", "outbound_proxy"], transport));
        account.Set("account.expires", file["", "registration_time"]);
        account.SetStun(file["", "stun_server"]);
        account.Set("media.dtmf", file["", "dtmf_transport"] switch { "rfc2833" => "rfc4733", "inband" => "inband", "info" => "info", _ => null });
        if (file["", "allow_refer"] == "no") account.Set("account.transfers", "refuse");
        account.SetCodecs((file["", "codecs"] ?? "").Split(',').Select(NameOf));
        if (file["", "zrtp_enabled"] == "yes") account.Leave("zrtp_enabled: this phone has no ZRTP; media.srtp says how calls are encrypted");
        if (file["", "nat_public_ip"] is not null) account.Leave("nat_public_ip: ICE finds the outer address by itself");
        yield return account;
    }

    private static string NameOf(string codec) => codec.Trim() switch { "g711a" => "pcma", "g711u" => "pcmu", var other => other };
}
