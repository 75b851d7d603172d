using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// One setting of a profile: the key in the file, the variable that overrides it and how a value is read into the profile. The one
/// list from which the reader, the overrides and the documentation are made.
/// </summary>
public sealed class ProfileSetting
{
    private readonly Apply _apply;

    private ProfileSetting(string key, string variable, bool isList, Apply apply) =>
        (Key, Variable, IsList, _apply) = (key, variable, isList, apply);

    private delegate string? Apply(ref Profile profile, IReadOnlyList<string> values, string source);

    /// <summary>"media.codecs"; one that only overrides, and is no key of a file, has a name of the same form.</summary>
    public string Key { get; }

    /// <summary>"SOFTPHONE_CODECS".</summary>
    public string Variable { get; }

    /// <summary>A sequence in the file; in a variable or flag its items are divided by commas.</summary>
    public bool IsList { get; }

    /// <summary>False for settings that a file expresses otherwise, such as those of the one TURN server that variables can name.</summary>
    public bool InFile { get; private init; } = true;

    public static IReadOnlyList<ProfileSetting> All { get; } =
    [
        Text("account.uri", "SOFTPHONE_URI", (p, v) => p with { Account = p.Account with { Uri = v! } }, SipAddress, required: true),
        Text("account.display-name", "SOFTPHONE_DISPLAY_NAME", (p, v) => p with { Account = p.Account with { DisplayName = v } }),
        Text("account.auth-user", "SOFTPHONE_AUTH_USER", (p, v) => p with { Account = p.Account with { AuthUser = v } }),
        Secret("account.password-command", "SOFTPHONE_PASSWORD_COMMAND", (v, _) => new PasswordSource.Command(v)),
        Secret("account.password-env", "SOFTPHONE_PASSWORD_ENV", (v, _) => new PasswordSource.Environment(v)),
        Secret("account.password", "SOFTPHONE_PASSWORD", FromVariableOrFile),
        Text("account.registrar", "SOFTPHONE_REGISTRAR", (p, v) => p with { Account = p.Account with { Registrar = v } }, SipAddress),
        Text("account.outbound-proxy", "SOFTPHONE_OUTBOUND_PROXY", (p, v) => p with { Account = p.Account with { OutboundProxy = v } }, SipAddress),
        Choice<DigestDemand>("account.digest", "SOFTPHONE_DIGEST", (p, v) => p with { Account = p.Account with { Digest = v } }),
        Parsed<int>("account.expires", "SOFTPHONE_EXPIRES", TryExpires, "seconds from 10 to 86400", (p, v) => p with { Account = p.Account with { Expires = v } }),
        Parsed<TimeSpan?>("account.keepalive", "SOFTPHONE_KEEPALIVE", TryKeepalive, "auto, off, or seconds from 5 to 3600", (p, v) => p with { Account = p.Account with { Keepalive = v } }),
        Choice<AccountPreset>("account.preset", "SOFTPHONE_PRESET", (p, v) => p with { Account = p.Account with { Preset = v } }),
        Choice<CallsFrom>("account.calls-from", "SOFTPHONE_CALLS_FROM", (p, v) => p with { Account = p.Account with { CallsFrom = v } }),
        Choice<ReferralPolicy>("account.transfers", "SOFTPHONE_TRANSFERS", (p, v) => p with { Account = p.Account with { Transfers = v } }),
        Parsed<bool>("account.private", "SOFTPHONE_PRIVATE", TryTruth, "true or false", (p, v) => p with { Account = p.Account with { IsPrivate = v } }),
        Choice<Reliability>("account.reliable-provisionals", "SOFTPHONE_RELIABLE_PROVISIONALS", (p, v) => p with { Account = p.Account with { ReliableProvisionals = v } }),
        Choice<NatMode>("nat.mode", "SOFTPHONE_NAT", (p, v) => p with { Nat = p.Nat with { Mode = v } }),
        List<ServerUri>("nat.stun", "SOFTPHONE_STUN", TryStun, ServerUri.StunForms, (p, v) => p with { Nat = p.Nat with { Stun = v } }),
        TurnUrls,
        TurnPart("nat.turn.user", "SOFTPHONE_TURN_USER", (t, v, _) => t with { User = v }),
        TurnPart("nat.turn.password-command", "SOFTPHONE_TURN_PASSWORD_COMMAND", (t, v, _) => t with { Password = new PasswordSource.Command(v), Secret = null }),
        TurnPart("nat.turn.password", "SOFTPHONE_TURN_PASSWORD", (t, v, source) => t with { Password = FromVariableOrFile(v, source), Secret = null }),
        TurnPart("nat.turn.secret-command", "SOFTPHONE_TURN_SECRET_COMMAND", (t, v, _) => t with { Secret = new PasswordSource.Command(v), Password = null }),
        TurnPart("nat.turn.secret", "SOFTPHONE_TURN_SECRET", (t, v, source) => t with { Secret = FromVariableOrFile(v, source), Password = null }),
        Parsed<bool>("nat.mobility", "SOFTPHONE_MOBILITY", TryTruth, "true or false", (p, v) => p with { Nat = p.Nat with { Mobility = v } }),
        List<string>("nat.skip-interfaces", "SOFTPHONE_SKIP_INTERFACES", TryText, "names, with * for any characters", (p, v) => p with { Nat = p.Nat with { SkipInterfaces = v } }),
        Parsed<TimeSpan>("nat.gather-budget", "SOFTPHONE_GATHER_BUDGET", TryBudget, "10ms to 10s", (p, v) => p with { Nat = p.Nat with { GatherBudget = v } }),
        Parsed<bool>("nat.tcp", "SOFTPHONE_NAT_TCP", bool.TryParse, "true, false", (p, v) => p with { Nat = p.Nat with { Tcp = v } }),
        List<string>("tls.ca", "SOFTPHONE_TLS_CA", TryText, "files with certificates, and the word system", (p, v) => p with { Tls = p.Tls with { Ca = v } }),
        List<string>("tls.fingerprint", "SOFTPHONE_TLS_FINGERPRINT", TryFingerprint, FingerprintForm, (p, v) => p with { Tls = p.Tls with { Fingerprints = v } }),
        List<SdpCodec>("media.codecs", "SOFTPHONE_CODECS", SdpCodec.TryFind, "opus, g722, pcma, pcmu", (p, v) => p with { Media = p.Media with { Codecs = v } }, atLeastOne: true),
        Choice<SrtpMode>("media.srtp", "SOFTPHONE_SRTP", (p, v) => p with { Media = p.Media with { Srtp = v } }),
        Parsed<bool>("media.srtp-over-plain-sip", "SOFTPHONE_SRTP_OVER_PLAIN_SIP", TryTruth, "true or false", (p, v) => p with { Media = p.Media with { SrtpOverPlainSip = v } }),
        Choice<DtmfMode>("media.dtmf", "SOFTPHONE_DTMF", (p, v) => p with { Media = p.Media with { Dtmf = v } }),
        Parsed<DurationRange>("media.jitter-buffer", "SOFTPHONE_JITTER_BUFFER", TryJitter, "least-most within 0ms-2s, such as 20ms-200ms", (p, v) => p with { Media = p.Media with { JitterBuffer = v } }),
        Parsed<TimeSpan>("call.ring-for", "SOFTPHONE_RING_FOR", TryRingFor, "5s to 1h", (p, v) => p with { Call = p.Call with { RingFor = v } }),
        Parsed<int>("call.limit", "SOFTPHONE_CALL_LIMIT", TryLimit, LimitRange, (p, v) => p with { Call = p.Call with { Limit = v } }),
        Parsed<TimeSpan>("call.silence-limit", "SOFTPHONE_SILENCE_LIMIT", TrySilenceLimit, "10s to 24h, or off", (p, v) => p with { Call = p.Call with { SilenceLimit = v } }),
        Manner<bool>("do-not-disturb", "SOFTPHONE_DO_NOT_DISTURB", TryTruth, "true or false", (m, v) => m with { DoNotDisturb = v }),
        Manner<int>("do-not-disturb-status", "SOFTPHONE_DO_NOT_DISTURB_STATUS", TryDisturbStatus, "486 (busy) or 480 (not available)", (m, v) => m with { DoNotDisturbStatus = v }),
        Manner<(TimeSpan? After, bool IsAsked)>("auto-answer", "SOFTPHONE_AUTO_ANSWER", TryAutoAnswer, "0s to 60s, asked, or off", (m, v) => m with { AutoAnswer = v.After, AutoAnswerAsked = v.IsAsked }),
        List<string>("call.auto-answer-from", "SOFTPHONE_AUTO_ANSWER_FROM", TryCaller, "users or addresses, or all", (p, v) => With(p, m => m with { AutoAnswerFrom = v })),
        Forward("forward-always", "SOFTPHONE_FORWARD_ALWAYS", (m, v) => m with { ForwardAlways = v }),
        Forward("forward-busy", "SOFTPHONE_FORWARD_BUSY", (m, v) => m with { ForwardBusy = v }),
        Forward("forward-no-answer", "SOFTPHONE_FORWARD_NO_ANSWER", (m, v) => m with { ForwardNoAnswer = v }),
        Manner<TimeSpan>("forward-after", "SOFTPHONE_FORWARD_AFTER", TryForwardAfter, ForwardAfterRange, (m, v) => m with { ForwardAfter = v }),
        Parsed<int>("records.keep", "SOFTPHONE_RECORDS_KEEP", TryKeep, "a number of calls from 1 to 1000, or off", (p, v) => p with { Records = p.Records with { Keep = v } }),
        Parsed<bool>("records.on-disk", "SOFTPHONE_RECORDS_ON_DISK", TryTruth, "true or false", (p, v) => p with { Records = p.Records with { OnDisk = v } }),
        Text("audio.input", "SOFTPHONE_AUDIO_INPUT", (p, v) => p with { Audio = p.Audio with { Input = v! } }, required: true),
        Text("audio.output", "SOFTPHONE_AUDIO_OUTPUT", (p, v) => p with { Audio = p.Audio with { Output = v! } }, required: true),
        Text("audio.ring", "SOFTPHONE_AUDIO_RING", (p, v) => p with { Audio = p.Audio with { Ring = v! } }, required: true),
        Choice<VoiceProcessing>("audio.processing", "SOFTPHONE_AUDIO_PROCESSING", (p, v) => p with { Audio = p.Audio with { Processing = v } }),
    ];

    private static ProfileSetting TurnUrls => new("nat.turn.urls", "SOFTPHONE_TURN", true, (ref Profile profile, IReadOnlyList<string> values, string _) =>
    {
        var urls = new List<ServerUri>();
        foreach (var value in values)
        {
            if (!TryTurn(value, out var url)) return $"\"{value}\" is not {ServerUri.TurnForms}";
            urls.Add(url);
        }

        profile = profile with { Nat = profile.Nat with { Turn = urls.Count == 0 ? [] : [FirstTurn(profile) with { Urls = urls }] } };
        return null;
    })
    { InFile = false };

    /// <summary>Reads the values into the profile; the reason why not, or null.</summary>
    /// <param name="profile">Changed when the values are right.</param>
    /// <param name="values">One for a scalar, none for null, any number for a list.</param>
    /// <param name="source">The variable's name when the value came from one; else empty.</param>
    internal string? Set(ref Profile profile, IReadOnlyList<string> values, string source = "") => _apply(ref profile, values, source);

    private static Profile With(Profile profile, Func<CallManners, CallManners> change) =>
        profile with { Call = profile.Call with { Manners = change(profile.Call.Manners) } };

    private static ProfileSetting Manner<T>(string key, string variable, TryRead<T> read, string allowed, Func<CallManners, T, CallManners> change) =>
        Parsed($"call.{key}", variable, read, allowed, (p, v) => With(p, m => change(m, v)));

    private static ProfileSetting Forward(string key, string variable, Func<CallManners, SipUri?, CallManners> change) =>
        Text($"call.{key}", variable, (p, v) => With(p, m => change(m, v is null ? null : SipUri.TryParse(v, out var target, out _) ? target : null)), SipAddress);

    public const string ForwardAfterRange = "5s to 3m";

    public const string LimitRange = "a number of calls from 1 to 1000";

    internal const string TtlRange = "1m to 720h, such as 24h";

    /// <summary>How long credentials for TURN last: long enough for a call to restart in their last fifth.</summary>
    internal static bool TryTtl(string text, out TimeSpan ttl) =>
        DurationText.TryParse(text, out ttl) && ttl >= TimeSpan.FromMinutes(1) && ttl <= TimeSpan.FromDays(30);

    internal static bool TryTurn(string text, out ServerUri uri) => ServerUri.TryParse(text, out uri) && uri.IsTurn;

    private static bool TryStun(string text, out ServerUri uri) => ServerUri.TryParse(text, out uri) && !uri.IsTurn;

    private static TurnProfile FirstTurn(Profile profile) => profile.Nat.Turn.Count > 0 ? profile.Nat.Turn[0] : new TurnProfile();

    private static ProfileSetting Text(
        string key, string variable, Func<Profile, string?, Profile> change, Func<string, string?>? check = null, bool required = false) =>
        new(key, variable, false, (ref Profile profile, IReadOnlyList<string> values, string _) =>
        {
            var value = values.Count > 0 && values[0].Length > 0 ? values[0] : null;
            if (value is null && required) return "needs a value";
            if (value is not null && check?.Invoke(value) is { } problem) return problem;
            profile = change(profile, value);
            return null;
        });

    private static ProfileSetting Secret(string key, string variable, Func<string, string, PasswordSource> make) =>
        new(key, variable, false, (ref Profile profile, IReadOnlyList<string> values, string source) =>
        {
            if (values.Count == 0 || values[0].Length == 0) return "needs a value; leave the line out when the server asks for no password";
            profile = profile with { Account = profile.Account with { Password = make(values[0], source) } };
            return null;
        });

    private static ProfileSetting TurnPart(string key, string variable, Func<TurnProfile, string, string, TurnProfile> change) =>
        new(key, variable, false, (ref Profile profile, IReadOnlyList<string> values, string source) =>
        {
            if (profile.Nat.Turn.Count == 0) return "there is no TURN server that it could belong to; set SOFTPHONE_TURN too";
            profile = profile with { Nat = profile.Nat with { Turn = [change(FirstTurn(profile), values[0], source), .. profile.Nat.Turn.Skip(1)] } };
            return null;
        })
        { InFile = false };

    private static ProfileSetting Parsed<T>(string key, string variable, TryRead<T> read, string allowed, Func<Profile, T, Profile> change) =>
        new(key, variable, false, (ref Profile profile, IReadOnlyList<string> values, string _) =>
        {
            if (values.Count == 0) return $"needs a value: {allowed}";
            if (!read(values[0], out var value)) return $"\"{values[0]}\" is not allowed: {allowed}";
            profile = change(profile, value);
            return null;
        });

    private static ProfileSetting Choice<T>(string key, string variable, Func<Profile, T, Profile> change)
        where T : struct, Enum =>
        Parsed(key, variable, (string text, out T value) => TryName(text, out value), string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant(), change);

    private static ProfileSetting List<T>(
        string key, string variable, TryRead<T> read, string allowed, Func<Profile, IReadOnlyList<T>, Profile> change, bool atLeastOne = false) =>
        new(key, variable, true, (ref Profile profile, IReadOnlyList<string> values, string _) =>
        {
            var found = new List<T>();
            foreach (var text in values)
            {
                if (!read(text, out var value)) return $"\"{text}\" is not allowed: {allowed}";
                if (found.Contains(value)) return $"\"{text}\" is there twice";
                found.Add(value);
            }

            if (atLeastOne && found.Count == 0) return $"needs at least one of {allowed}";
            profile = change(profile, found);
            return null;
        });

    // Numbers would pass for names of an enumeration, so only the names are looked at.
    private static bool TryName<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            value = known;
            if (text.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase)) return true;
        }

        value = default;
        return false;
    }

    private static bool TryTruth(string text, out bool truth)
    {
        truth = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return truth || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryText(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    /// <summary>What a fingerprint looks like.</summary>
    public const string FingerprintForm = "sha256: and 64 hexadecimal digits, with colons between or without";

    /// <summary>Reads a fingerprint as tools print them; the result has one form.</summary>
    public static bool TryFingerprint(string text, out string fingerprint)
    {
        const int Digits = 64;
        var digits = text.Trim();
        foreach (var name in (string[])["sha256:", "sha-256:"])
            if (digits.StartsWith(name, StringComparison.OrdinalIgnoreCase)) digits = digits[name.Length..];
        digits = digits.Replace(":", "", StringComparison.Ordinal).Trim().ToLowerInvariant();
        fingerprint = $"sha256:{digits}";
        return digits.Length == Digits && digits.All(char.IsAsciiHexDigitLower);
    }

    private static bool TryExpires(string text, out int seconds) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out seconds) && seconds is >= 10 and <= 86_400;

    private static bool TryKeepalive(string text, out TimeSpan? pause)
    {
        pause = null;
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return true;
        var isOff = text.Equals("off", StringComparison.OrdinalIgnoreCase);
        if (isOff) pause = TimeSpan.Zero;
        else if (int.TryParse(text, System.Globalization.NumberStyles.None, null, out var seconds) && seconds is >= 5 and <= 3600) pause = TimeSpan.FromSeconds(seconds);
        return pause is not null;
    }

    private static bool TryRingFor(string text, out TimeSpan time) =>
        DurationText.TryParse(text, out time) && time >= TimeSpan.FromSeconds(5) && time <= TimeSpan.FromHours(1);

    private static bool TrySilenceLimit(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        return text.Equals("off", StringComparison.OrdinalIgnoreCase) || (DurationText.TryParse(text, out time) && time >= TimeSpan.FromSeconds(10) && time <= TimeSpan.FromHours(24));
    }

    /// <summary>How many calls there may be at once.</summary>
    public static bool TryLimit(string text, out int calls) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out calls) && calls is >= 1 and <= 1000;

    private static bool TryDisturbStatus(string text, out int status) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out status) && status is 480 or 486;

    /// <summary>The word for calls that are answered by themselves where they ask for it.</summary>
    public const string Asked = "asked";

    /// <summary>How long a call rings before it is answered by itself, null for off, and whether only one is that asks for it.</summary>
    public static bool TryAutoAnswer(string text, out (TimeSpan? After, bool IsAsked) how)
    {
        how = (null, text.Equals(Asked, StringComparison.OrdinalIgnoreCase));
        if (how.IsAsked || text.Equals("off", StringComparison.OrdinalIgnoreCase)) return true;
        if (!DurationText.TryParse(text, out var time) || time > TimeSpan.FromSeconds(60)) return false;
        how = (time, false);
        return true;
    }

    /// <summary>How long a call rings before it is sent elsewhere.</summary>
    public static bool TryForwardAfter(string text, out TimeSpan time) =>
        DurationText.TryParse(text, out time) && time >= TimeSpan.FromSeconds(5) && time <= TimeSpan.FromMinutes(3);

    private static bool TryCaller(string text, out string caller)
    {
        caller = text.Trim();
        return DialTarget.TryRead(caller, AnyAccount, out _, out _);
    }

    private static readonly SipUri AnyAccount = SipUri.Create("a", "a.invalid");

    private static bool TryKeep(string text, out int calls)
    {
        calls = 0;
        return text.Equals("off", StringComparison.OrdinalIgnoreCase)
            || (int.TryParse(text, System.Globalization.NumberStyles.None, null, out calls) && calls is >= 1 and <= RecordSettings.Most);
    }

    private static bool TryBudget(string text, out TimeSpan budget) =>
        DurationText.TryParse(text, out budget) && budget.TotalMilliseconds is >= 10 and <= 10_000;

    private static bool TryJitter(string text, out DurationRange range) =>
        DurationText.TryParseRange(text, out range) && range.Most <= TimeSpan.FromSeconds(2);

    private static string? SipAddress(string text) =>
        SipUri.TryParse(text, out var uri, out _) && uri.Scheme is "sip" or "sips" ? null : $"\"{text}\" is no SIP address such as sip:201@pbx.example.net";

    private static PasswordSource FromVariableOrFile(string value, string source) =>
        source.Length > 0 ? new PasswordSource.Environment(source) : new PasswordSource.Literal(value);

    private delegate bool TryRead<T>(string text, out T value);
}
