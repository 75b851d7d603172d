using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>baresip's file accounts: one a line, an address and parameters behind it.</summary>
internal static class BaresipAccounts
{
    /// <summary>Parameters that this phone has no setting for. No other is named: behind a semicolon in a password stands a part of it.</summary>
    private static readonly HashSet<string> Others =
    [
        "auth_type", "autelev_pt", "catchall", "cert", "client_id", "custom_hdr", "extra", "inreq_allowed", "mwi", "natpinhole", "ptime", "pubint", "regq", "fbregint", "rtcp_mux",
        "sipnat", "sip_autoanswer", "sip_autoanswer_method", "sip_autoredirect", "srcport", "tcpsrcport", "tls_resume", "vidcodecs", "video_codecs", "viddisplay", "vidsrc", "ausrc", "auplay", "100rel",
    ];

    public static IEnumerable<ForeignAccount> Read(string text)
    {
        foreach (var line in ForeignText.Lines(text))
            if (line.Length > 0 && line[0] != '#' && ForeignText.TryAddress(line, out var name, out var uri, out var rest)) yield return Of(name, uri, rest);
    }

    private static ForeignAccount Of(string name, SipUri uri, string rest)
    {
        var account = new ForeignAccount { Password = uri.Password };
        account.Set("account.uri", uri.AddressOfRecord.ToString());
        account.Set("account.display-name", name);
        account.Set("account.registrar", ForeignText.Server(uri.Host.Contains(':') ? $"[{uri.Host.Trim('[', ']')}]{PortOf(uri)}" : $"{uri.Host}{PortOf(uri)}", uri.TransportName));
        string? stunUser = null, stunPassword = null;
        foreach (var parameter in Parameters(rest))
        {
            if (!ForeignText.TryPair(parameter, out var key, out var value)) (key, value) = (parameter.Trim(), "");
            switch (key)
            {
                case "auth_user":
                    account.Set("account.auth-user", value);
                    break;
                case "auth_pass":
                    account.Password = value;
                    break;
                case "outbound" or "outbound1":
                    account.Set("account.outbound-proxy", ForeignText.Server(value));
                    break;
                case "regint" when value == "0":
                    account.Unset("account.registrar");
                    break;
                case "regint":
                    account.Set("account.expires", value);
                    break;
                case "medianat":
                    if (value is not ("ice" or "turn" or "stun" or "")) account.Leave("medianat: ICE is used with whoever knows it");
                    break;
                case "stunserver":
                    account.SetStun(value);
                    break;
                case "stunuser":
                    stunUser = value;
                    break;
                case "stunpass":
                    stunPassword = value;
                    break;
                case "mediaenc":
                    Encrypt(account, value);
                    break;
                case "audio_codecs":
                    account.SetCodecs(value.Split(','));
                    break;
                case "dtmfmode":
                    account.Set("media.dtmf", value switch { "info" => "info", "rtpevent" => "rfc4733", _ => null });
                    break;
                case "call_transfer":
                    if (value == "no") account.Set("account.transfers", "refuse");
                    break;
                case "answermode":
                    if (value is not ("manual" or "")) account.Leave("answermode: what is answered by itself opens the microphone; call.auto-answer and call.auto-answer-from say to whom");
                    break;
                default:
                    account.Leave(Others.Contains(key) ? key : "a parameter that is none of baresip's: in a password with a semicolon the rest of it is missing");
                    break;
            }
        }

        if (account["nat.turn.urls"] is null) return account;
        account.Set("nat.turn.user", stunUser);
        account.TurnPassword = stunPassword;
        return account;
    }

    private static void Encrypt(ForeignAccount account, string value)
    {
        switch (value)
        {
            case "srtp":
                account.Set("media.srtp", "try");
                break;
            case "srtp-mand" or "srtp-mandf":
                account.Set("media.srtp", "sdes");
                break;
            case "dtls_srtp" or "dtls_srtpf" or "srtp-dtls":
                account.Set("media.srtp", "dtls");
                break;
            case "":
                break;
            default:
                account.Leave("mediaenc: of the ways to encrypt media this phone has SRTP with keys by SDP");
                break;
        }
    }

    /// <summary>Divided by semicolons, but for those in quotes.</summary>
    private static IEnumerable<string> Parameters(string text)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"') isQuoted = !isQuoted;
            if (i < text.Length && (text[i] != ';' || isQuoted)) continue;
            if (i > start) yield return text[start..i];
            start = i + 1;
        }
    }

    private static string PortOf(SipUri uri) => uri.Port is { } port ? $":{port}" : "";
}
