using System.CommandLine;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The flags that choose a profile and change it for this one run: flags over environment over file.</summary>
internal sealed class ProfileFlags
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["nat.mode"] = "--nat",
        ["nat.stun"] = "--stun",
        ["media.codecs"] = "--codec",
        ["media.srtp"] = "--srtp",
        ["audio.input"] = "--audio",
        ["audio.output"] = "--audio",
        ["audio.ring"] = "--audio",
    };

    private readonly Dictionary<Option<string?>, string[]> _overrides = [];
    private readonly Dictionary<Option<string?>, string> _variables = [];

    public Option<string?> Profile { get; } =
        Flags.Text("--profile", "NAME", "The account to use: a profile's name or file (else SOFTPHONE_PROFILE, default, or the only one there is)");

    /// <summary>Adds --profile.</summary>
    public ProfileFlags AddTo(Command command)
    {
        command.Add(Profile);
        return this;
    }

    /// <summary>Adds the flags that concern media.</summary>
    public ProfileFlags AddMediaTo(Command command)
    {
        Add(command, Flags.Text("--audio", "DEVICE", "null for no sound card, default, or a device's name"), "audio.input", "audio.output", "audio.ring");
        Add(command, Flags.Word("--nat", "How media finds its way", "auto", "ice", "relay", "none"), "nat.mode");
        Add(command, Flags.Text("--codec", "LIST", "Codecs with commas between, best first: opus,g722,pcma,pcmu"), "media.codecs");
        Add(command, Flags.Word("--srtp", "Encryption of media", "off", "try", "sdes", "dtls"), "media.srtp");
        return this;
    }

    /// <summary>Adds --input and --output.</summary>
    public ProfileFlags AddDevicesTo(Command command)
    {
        Add(command, Flags.Text("--input", "DEVICE", "A microphone, in place of the profile's"), "audio.input");
        Add(command, Flags.Text("--output", "DEVICE", "A loudspeaker, in place of the profile's"), "audio.output");
        return this;
    }

    /// <summary>Adds --stun.</summary>
    public ProfileFlags AddStunTo(Command command)
    {
        Add(command, Server("--stun", "stun:", "The server to ask, in place of the profile's: stun.example.net, or stun:stun.example.net:3478"), "nat.stun");
        return this;
    }

    /// <summary>Adds --turn and --turn-user, which take the place of the variables; the password stays in one.</summary>
    public ProfileFlags AddTurnTo(Command command)
    {
        Stand(command, Server("--turn", "turn:", "TURN servers in place of the profile's, with commas between: turn.example.net, turn:turn.example.net?transport=tcp"), "SOFTPHONE_TURN");
        Stand(command, Flags.Text("--turn-user", "NAME", "Who we are to them; the password is in SOFTPHONE_TURN_PASSWORD"), "SOFTPHONE_TURN_USER");
        return this;
    }

    /// <summary>Reads the profile and puts environment and flags over it.</summary>
    /// <exception cref="UsageException">A profile, a variable or a flag is wrong.</exception>
    public Profile Resolve(ParseResult parsed, VerbContext context)
    {
        var profile = context.Profiles.Choose(parsed.GetValue(Profile));
        var flags = new Dictionary<string, string>();
        foreach (var (option, keys) in _overrides)
        {
            if (parsed.GetValue(option) is not { } value) continue;
            foreach (var key in keys) flags[key] = value;
        }

        var environment = new Dictionary<string, string>(context.Environment);
        foreach (var (option, variable) in _variables)
            if (parsed.GetValue(option) is { } value) environment[variable] = value;
        profile = ProfileOverrides.Apply(profile, environment, flags, Names, out var errors);
        if (errors.Count > 0) throw new UsageException([.. errors.Select(e => e.ToString()).Distinct()]);
        return profile;
    }

    /// <summary>
    /// The one profile that was asked for, or all that there are; those that cannot be read are told apart. Without any the account may
    /// stand in the environment.
    /// </summary>
    /// <exception cref="UsageException">What was asked for cannot be had.</exception>
    public TuiOptions ResolveAll(ParseResult parsed, VerbContext context)
    {
        var names = context.Profiles.Names();
        var isAsked = !string.IsNullOrEmpty(parsed.GetValue(Profile)) || context.Environment.GetValueOrDefault("SOFTPHONE_PROFILE") is { Length: > 0 };
        if (isAsked || names.Count == 0 || context.Environment.GetValueOrDefault("SOFTPHONE_URI") is { Length: > 0 })
        {
            var profile = Resolve(parsed, context);
            if (profile.Account.Uri.Length == 0) return new TuiOptions([], []) { Audio = profile.Audio };
            return new TuiOptions([profile.Name.Length > 0 ? profile : profile with { Name = "environment" }], []);
        }

        var profiles = new List<Profile>();
        var broken = new List<BrokenProfile>();
        foreach (var name in names.OrderByDescending(n => n == "default"))
        {
            if (!context.Profiles.TryLoad(name, out var profile, out var mistakes))
            {
                broken.Add(new BrokenProfile(name, mistakes[0]));
                continue;
            }

            profile = ProfileOverrides.Apply(profile, context.Environment, new Dictionary<string, string>(), Names, out var errors);
            if (errors.Count > 0) throw new UsageException([.. errors.Select(e => e.ToString()).Distinct()]);
            profiles.Add(profile);
        }

        return new TuiOptions(profiles, broken);
    }

    /// <summary>As <see cref="Resolve"/>, for verbs that need an account.</summary>
    public Profile ResolveAccount(ParseResult parsed, VerbContext context)
    {
        var profile = Resolve(parsed, context);
        if (profile.Account.Uri.Length == 0)
            throw new UsageException("there is no account: softphone profile add NAME --uri sip:you@example.net, or set SOFTPHONE_URI");
        return profile;
    }

    /// <summary>For verbs that do without an account: then nobody in particular calls (RFC 3323 §4.1).</summary>
    public static Profile OrAnonymous(Profile profile) =>
        profile.Account.Uri.Length > 0 ? profile : profile with { Account = profile.Account with { Uri = "sip:anonymous@anonymous.invalid" } };

    /// <summary>Servers by their URIs, or by host and port alone, as everybody types them.</summary>
    public static Option<string?> Server(string name, string scheme, string what) => new(name)
    {
        HelpName = "URI|HOST",
        Description = what,
        CustomParser = result => string.Join(',', result.Tokens[0].Value.Split(',').Select(part => IsUri(part.Trim()) ? part : scheme + part.Trim())),
    };

    private static bool IsUri(string text) =>
        text.Contains('/') || Array.Exists(["stun:", "stuns:", "turn:", "turns:"], scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private void Add(Command command, Option<string?> option, params string[] keys)
    {
        _overrides[option] = keys;
        command.Add(option);
    }

    private void Stand(Command command, Option<string?> option, string variable)
    {
        _variables[option] = variable;
        command.Add(option);
    }
}
