using System.Text;

namespace Softphone.Phone;

/// <summary>Options of pjsua, as a file for its --config-file: one a line, accounts divided by --next-account, the rest for all of them.</summary>
internal static class PjsuaConfig
{
    private static readonly HashSet<string> Needless =
    [
        "null-audio", "no-vad", "quality", "ptime", "log-level", "app-log-level", "log-file", "log-append", "no-color", "color", "light-bg", "realm", "contact", "auto-loop", "auto-conf",
        "max-calls", "thread-cnt", "duration", "rtp-port", "local-port", "no-tcp", "no-udp", "use-ice", "ice-regular", "ice-no-rtcp", "ice-max-hosts", "add-buddy", "clock-rate", "snd-clock-rate",
        "stereo", "ec-tail", "ec-opt", "ilbc-mode", "capture-lat", "playback-lat", "snd-auto-close", "no-tones", "jb-max-size", "play-file", "rec-file", "auto-play", "auto-rec", "no-cli-console", "cli-telnet-port",
        "reg-retry-interval", "reg-use-proxy", "rereg-delay", "use-timer", "timer-se", "timer-min-se", "allow-contact-rewrite", "allow-via-rewrite", "allow-sdp-nat-rewrite", "disable-stun", "dis-codec",
    ];

    public static IEnumerable<ForeignAccount> Read(string text)
    {
        List<(string Key, string Value)> shared = [];
        List<List<(string Key, string Value)>> accounts = [[]];
        foreach (var (key, value) in Options(text))
        {
            if (key == "next-account") accounts.Add([]);
            else if (key is "id" or "registrar" or "username" or "password" or "proxy" or "reg-timeout" or "auto-update-nat" or "realm") accounts[^1].Add((key, value));
            else shared.Add((key, value));
        }

        foreach (var own in accounts)
            if (Of(own, shared) is { } account) yield return account;
    }

    private static ForeignAccount? Of(List<(string Key, string Value)> own, List<(string Key, string Value)> shared)
    {
        if (own.Find(o => o.Key == "id").Value is not { } id || !ForeignText.TryAddress(id, out var name, out var uri, out _)) return null;
        var account = new ForeignAccount();
        account.Set("account.uri", uri.AddressOfRecord.ToString());
        account.Set("account.display-name", name);
        List<string> codecs = [];
        var isTcp = shared.Exists(o => o.Key == "turn-tcp");
        foreach (var (key, value) in own.Concat(shared))
        {
            switch (key)
            {
                case "id":
                    break;
                case "registrar":
                    account.Set("account.registrar", ForeignText.Server(value));
                    break;
                case "username" when value != uri.User:
                    account.Set("account.auth-user", value);
                    break;
                case "username":
                    break;
                case "password":
                    account.Password = value;
                    break;
                case "proxy" or "outbound":
                    if (account["account.outbound-proxy"] is null) account.Set("account.outbound-proxy", ForeignText.Server(value));
                    else account.Leave("a further --proxy: one is the first hop here");
                    break;
                case "reg-timeout":
                    account.Set("account.expires", value);
                    break;
                case "stun-srv":
                    account.SetStun(value);
                    break;
                case "turn-srv":
                    account.SetStun($"turn:{value}{(isTcp ? "?transport=tcp" : "")}");
                    break;
                case "turn-user":
                    account.Set("nat.turn.user", value);
                    break;
                case "turn-passwd":
                    account.TurnPassword = value;
                    break;
                case "use-srtp":
                    account.Set("media.srtp", value switch { "0" => "off", "1" => "try", "2" => "sdes", _ => null });
                    break;
                case "add-codec":
                    codecs.Add(value);
                    break;
                case "auto-answer":
                    account.Leave("--auto-answer: what is answered by itself opens the microphone; call.auto-answer and call.auto-answer-from say to whom");
                    break;
                default:
                    if (key != "turn-tcp" && !Needless.Contains(key)) account.Leave($"--{ForeignText.Shown(key)}");
                    break;
            }
        }

        account.SetCodecs(codecs);
        return account;
    }

    /// <summary>"--key value" and "--key=value"; values in quotes, or with spaces escaped by a backslash; # begins a comment.</summary>
    private static IEnumerable<(string Key, string Value)> Options(string text)
    {
        foreach (var line in ForeignText.Lines(text))
        {
            var words = Words(line);
            for (var i = 0; i < words.Count; i++)
            {
                if (!words[i].StartsWith("--", StringComparison.Ordinal)) continue;
                var option = words[i][2..];
                var at = option.IndexOf('=');
                var value = at > 0 ? [option[(at + 1)..]] : new List<string>();
                while (i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal)) value.Add(words[++i]);
                yield return (at > 0 ? option[..at] : option, string.Join(' ', value));
            }
        }
    }

    private static List<string> Words(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && c == '#' && word.Length == 0) break;
            if (c == '\\' && i + 1 < line.Length) word.Append(line[++i]);
            else if (quote != '\0' && c == quote) quote = '\0';
            else if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (quote != '\0' || !char.IsWhiteSpace(c)) word.Append(c);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }
}
