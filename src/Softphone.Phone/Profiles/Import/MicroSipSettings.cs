namespace Softphone.Phone;

/// <summary>MicroSIP.ini: a section for each account, and one with what all of them share.</summary>
internal static class MicroSipSettings
{
    public static IEnumerable<ForeignAccount> Read(string text)
    {
        var file = new IniSections(text);
        foreach (var section in file.Numbered("Account"))
        {
            if (file[section, "username"] is not { } user || (file[section, "domain"] ?? file[section, "server"]) is not { } domain) continue;
            var transport = file[section, "transport"] is "tcp" or "tls" or "udp" ? file[section, "transport"] : null;
            var account = new ForeignAccount();
            account.Set("account.uri", $"sip:{user}@{domain}");
            account.Set("account.display-name", file[section, "displayName"]);
            account.Set("account.registrar", ForeignText.Server(file[section, "server"], transport));
            account.Set("account.outbound-proxy", ForeignText.Server(file[section, "proxy"], transport));
            if (file[section, "authID"] is { } login && login != user) account.Set("account.auth-user", login);
            if (int.TryParse(file[section, "registerRefresh"], out var refresh)) account.Set("account.expires", Math.Clamp(refresh, 10, 86_400).ToString());
            account.Set("media.srtp", file[section, "SRTP"] switch { "mandatory" => "sdes", "optional" => "try", _ => null });

            // Newer versions keep the password encrypted for the Windows account that wrote it, and its length beside it.
            if (file[section, "passwordSize"] is null or "0") account.Password = file[section, "password"];
            else account.Leave("the password, which is encrypted for its Windows account: account.password-command says where it is");
            if (file["Settings", "enableSTUN"] == "1" || file["Settings", "STUNEnable"] == "1") account.SetStun(file["Settings", "STUN"]);
            account.SetCodecs((file["Settings", "audioCodecs"] ?? "").Split(' ', ','));
            if (file["Settings", "autoAnswer"] is { } answer && answer is not ("0" or "no" or "button")) account.Leave("autoAnswer: what is answered by itself opens the microphone; call.auto-answer and call.auto-answer-from say to whom");
            yield return account;
        }
    }
}
