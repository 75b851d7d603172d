namespace Softphone.Phone;

/// <summary>linphonerc: a section for each account (proxy_N), passwords in others (auth_info_N), servers in others again (nat_policy_N).</summary>
internal static class LinphoneConfig
{
    public static IEnumerable<ForeignAccount> Read(string text)
    {
        var file = new IniSections(text);
        foreach (var section in file.Numbered("proxy_"))
        {
            if (file[section, "reg_identity"] is not { } identity || !ForeignText.TryAddress(identity, out var name, out var uri, out _)) continue;
            var account = new ForeignAccount();
            account.Set("account.uri", uri.AddressOfRecord.ToString());
            account.Set("account.display-name", name);
            if (file[section, "reg_sendregister"] != "0") account.Set("account.registrar", ForeignText.Server(file[section, "reg_proxy"]) ?? $"sip:{uri.Host}");
            account.Set("account.outbound-proxy", ForeignText.Server(file[section, "reg_route"]));
            if (int.TryParse(file[section, "reg_expires"], out var expires)) account.Set("account.expires", Math.Clamp(expires, 10, 86_400).ToString());
            Identify(account, file, uri.User ?? "", uri.Host);
            Traverse(account, file, file[section, "nat_policy_ref"]);
            Encrypt(account, file);
            account.SetCodecs(
                from codec in file.Numbered("audio_codec_")
                where file[codec, "enabled"] == "1"
                select file[codec, "mime"] ?? "");
            yield return account;
        }
    }

    private static void Identify(ForeignAccount account, IniSections file, string user, string domain)
    {
        var known = file.Numbered("auth_info_").Where(a => file[a, "username"] == user).ToList();
        var found = known.Find(a => file[a, "domain"] == domain) ?? known.Find(a => file[a, "realm"] == domain) ?? known.FirstOrDefault();
        if (found is null) return;
        if (file[found, "userid"] is { } login && login != user) account.Set("account.auth-user", login);
        account.Password = file[found, "passwd"];
        if (account.Password is null && file[found, "ha1"] is not null) account.Leave("the password, of which the file has a hash only: account.password-command says where it is");
    }

    private static void Traverse(ForeignAccount account, IniSections file, string? policy)
    {
        var section = file.Numbered("nat_policy_").FirstOrDefault(p => policy is not null && file[p, "ref"] == policy) ?? "";
        var protocols = file[section, "protocols"] ?? "";
        var server = file[section, "stun_server"] ?? file["net", "stun_server"];
        if (!protocols.Contains("turn", StringComparison.OrdinalIgnoreCase) || server is null) account.SetStun(server);
        else
        {
            account.SetStun($"turn:{server}");
            account.Set("nat.turn.user", file[section, "stun_server_username"]);
            account.TurnPassword = file.Numbered("auth_info_").Where(a => file[a, "username"] == account["nat.turn.user"]).Select(a => file[a, "passwd"]).FirstOrDefault();
        }
    }

    private static void Encrypt(ForeignAccount account, IniSections file)
    {
        var isDemanded = file["sip", "media_encryption_mandatory"] == "1";
        switch (file["sip", "media_encryption"]?.ToLowerInvariant())
        {
            case "srtp":
                account.Set("media.srtp", isDemanded ? "sdes" : "try");
                break;
            case "dtls":
                account.Set("media.srtp", isDemanded ? "dtls" : "try");
                break;
            case null or "none":
                break;
            case var other:
                account.Leave($"media_encryption={ForeignText.Shown(other)}, which this phone lacks");
                break;
        }
    }
}
