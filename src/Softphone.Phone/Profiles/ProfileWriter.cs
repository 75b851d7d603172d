using System.Text;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// Writes a profile as the YAML that reads back as the same. A literal password is replaced by a comment that says so, unless it is asked
/// for: then the text is for a file that its owner alone may read.
/// </summary>
public static class ProfileWriter
{
    /// <summary>Every setting spelled out; the text may be shown.</summary>
    public static string Write(Profile profile) => Compose(profile, withSecrets: false);

    /// <summary>As a person would write it: only what is no default, and the preset.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="withSecrets">Literal passwords are written out.</param>
    public static string WriteNew(Profile profile, bool withSecrets)
    {
        var usual = Sections(Compose(new Profile(), withSecrets));
        var text = new StringBuilder();
        foreach (var (section, lines) in Sections(Compose(profile, withSecrets)))
        {
            var told = lines.Where(l => l.StartsWith("  preset:", StringComparison.Ordinal) || !usual[section].Contains(l)).ToList();
            if (told.Count == 0) continue;
            text.Append(section).Append('\n');
            foreach (var line in told) text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Each setting as its lines, secrets too, by section and key.</summary>
    internal static Dictionary<(string Section, string Key), string> Blocks(Profile profile)
    {
        var blocks = new Dictionary<(string, string), string>();
        var (section, key) = ("", "");
        foreach (var line in Compose(profile, withSecrets: true).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith(' ')) section = line[..^1];
            else if (!line.StartsWith("   ", StringComparison.Ordinal)) blocks[(section, key = line[2..line.IndexOf(':', StringComparison.Ordinal)])] = $"{line}\n";
            else blocks[(section, key)] += $"{line}\n";
        }

        return blocks;
    }

    private static Dictionary<string, List<string>> Sections(string text)
    {
        var sections = new Dictionary<string, List<string>>();
        List<string> lines = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(' ')) lines.Add(line);
            else sections[line] = lines = [];
        }

        return sections;
    }

    private static string Compose(Profile profile, bool withSecrets)
    {
        var text = new StringBuilder();
        var account = profile.Account;
        text.Append("account:\n");
        Line(text, 1, "uri", account.Uri);
        Line(text, 1, "display-name", account.DisplayName);
        Line(text, 1, "auth-user", account.AuthUser);
        Secret(text, 1, account.Password, withSecrets);
        Line(text, 1, "registrar", account.Registrar);
        Line(text, 1, "outbound-proxy", account.OutboundProxy);
        Line(text, 1, "digest", Word(account.Digest), plain: true);
        Line(text, 1, "expires", account.Expires.ToString(), plain: true);
        Line(text, 1, "keepalive", account.Keepalive is not { } pause ? "auto" : pause == TimeSpan.Zero ? "off" : $"{pause.TotalSeconds:0}", plain: true);
        Line(text, 1, "preset", Word(account.Preset), plain: true);
        if (account.CallsFrom is { } from) Line(text, 1, "calls-from", Word(from), plain: true);
        Line(text, 1, "transfers", Word(account.Transfers), plain: true);
        if (account.IsPrivate) Line(text, 1, "private", "true", plain: true);
        if (account.ReliableProvisionals is { } provisionals) Line(text, 1, "reliable-provisionals", Word(provisionals), plain: true);

        text.Append("nat:\n");
        Line(text, 1, "mode", Word(profile.Nat.Mode), plain: true);
        List(text, 1, "stun", profile.Nat.Stun.Select(s => s.ToString()));
        if (profile.Nat.Turn.Count > 0) text.Append("  turn:\n");
        foreach (var turn in profile.Nat.Turn)
        {
            text.Append("    - urls: ").Append(Flow(turn.Urls.Select(u => u.ToString()))).Append('\n');
            if (turn.User.Length > 0) Line(text, 3, "user", turn.User);
            Secret(text, 3, turn.Password, withSecrets);
            Secret(text, 3, turn.Secret, withSecrets, "secret");
            if (turn.Secret is PasswordSource.Command or PasswordSource.Environment || (withSecrets && turn.Secret is not null)) Line(text, 3, "ttl", DurationText.Write(turn.Ttl), plain: true);
        }

        Line(text, 1, "mobility", profile.Nat.Mobility ? "true" : "false", plain: true);
        List(text, 1, "skip-interfaces", profile.Nat.SkipInterfaces);
        Line(text, 1, "gather-budget", DurationText.Write(profile.Nat.GatherBudget), plain: true);
        if (profile.Nat.Tcp) Line(text, 1, "tcp", "true", plain: true);

        text.Append("tls:\n");
        List(text, 1, "ca", profile.Tls.Ca);
        List(text, 1, "fingerprint", profile.Tls.Fingerprints);

        text.Append("media:\n");
        List(text, 1, "codecs", profile.Media.Codecs.Select(c => c.Name.ToLowerInvariant()));
        Line(text, 1, "srtp", Word(profile.Media.Srtp), plain: true);
        if (profile.Media.SrtpOverPlainSip) Line(text, 1, "srtp-over-plain-sip", "true", plain: true);
        Line(text, 1, "dtmf", Word(profile.Media.Dtmf), plain: true);
        Line(text, 1, "jitter-buffer", profile.Media.JitterBuffer.ToString(), plain: true);

        text.Append("call:\n");
        Line(text, 1, "ring-for", DurationText.Write(profile.Call.RingFor), plain: true);
        if (profile.Call.Limit is { } limit) Line(text, 1, "limit", limit.ToString(), plain: true);
        if (profile.Call.SilenceLimit is { } silence) Line(text, 1, "silence-limit", silence == TimeSpan.Zero ? "off" : DurationText.Write(silence), plain: true);
        Manners(text, profile.Call.Manners);

        text.Append("records:\n");
        Line(text, 1, "keep", profile.Records.Keep == 0 ? "off" : profile.Records.Keep.ToString(), plain: true);
        Line(text, 1, "on-disk", profile.Records.OnDisk ? "true" : "false", plain: true);

        text.Append("audio:\n");
        Line(text, 1, "input", profile.Audio.Input);
        Line(text, 1, "output", profile.Audio.Output);
        Line(text, 1, "ring", profile.Audio.Ring);
        Line(text, 1, "processing", Word(profile.Audio.Processing), plain: true);
        return text.ToString();
    }

    private static void Manners(StringBuilder text, CallManners manners)
    {
        Line(text, 1, "do-not-disturb", manners.DoNotDisturb ? "true" : "false", plain: true);
        Line(text, 1, "do-not-disturb-status", manners.DoNotDisturbStatus.ToString(), plain: true);
        Line(text, 1, "auto-answer", manners.AutoAnswer is { } after ? DurationText.Write(after) : manners.AutoAnswerAsked ? ProfileSetting.Asked : "off", plain: true);
        List(text, 1, "auto-answer-from", manners.AutoAnswerFrom);
        Line(text, 1, "forward-always", manners.ForwardAlways?.ToString());
        Line(text, 1, "forward-busy", manners.ForwardBusy?.ToString());
        Line(text, 1, "forward-no-answer", manners.ForwardNoAnswer?.ToString());
        Line(text, 1, "forward-after", DurationText.Write(manners.ForwardAfter), plain: true);
    }

    private static void Secret(StringBuilder text, int depth, PasswordSource? source, bool withSecrets, string key = "password")
    {
        switch (source)
        {
            case PasswordSource.Command command:
                Line(text, depth, $"{key}-command", command.Line);
                break;
            case PasswordSource.Environment environment:
                Line(text, depth, $"{key}-env", environment.Variable);
                break;
            case PasswordSource.Literal literal when withSecrets:
                Line(text, depth, key, literal.Password);
                break;
            case PasswordSource.Literal:
                text.Append(' ', depth * 2).Append($"# {key}: (hidden)\n");
                break;
        }
    }

    private static void Line(StringBuilder text, int depth, string key, string? value, bool plain = false)
    {
        text.Append(' ', depth * 2).Append(key).Append(": ").Append(value is null ? "null" : plain ? value : Quote(value)).Append('\n');
    }

    private static void List(StringBuilder text, int depth, string key, IEnumerable<string> values) =>
        text.Append(' ', depth * 2).Append(key).Append(": ").Append(Flow(values)).Append('\n');

    private static string Flow(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quote))}]";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    // Plain where YAML could not take it for anything else, in double quotes otherwise.
    private static string Quote(string value)
    {
        if (value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or ':' or '/' or ';' or '=' or '+' or '?')
            && value[^1] != ':' && value.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off"))
            return value;
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            text.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => PlainText.IsHarmful(rune) ? PlainText.Escape(rune) : rune.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
