using System.CommandLine;
using System.Diagnostics;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone profile: list, show, check, add, import, edit, rename, delete and path.</summary>
internal static class ProfileCommand
{
    public static Command Build(VerbContext context)
    {
        var command = new Verb(
            "profile",
            "Look after profiles: YAML files, one account each.",
            """
            softphone profile add office --uri sip:201@pbx.example.net --password-command "pass show sip/201"
            softphone profile import ~/.baresip/accounts
            softphone profile check office
            """);
        command.Add(List(context));
        command.Add(Show(context));
        command.Add(Check(context));
        command.Add(Add(context));
        command.Add(ProfileImport.Build(context));
        command.Add(Edit(context));
        command.Add(Rename(context));
        command.Add(Delete(context));
        command.Add(PathVerb(context));
        return command;
    }

    private static Command List(VerbContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for scripts" };
        var command = new Verb("list", "Name the profiles with their accounts") { json };
        command.SetAction(parsed =>
        {
            var names = context.Profiles.Names();
            if (names.Count == 0) context.Error.WriteLine($"softphone: no profiles in {context.Profiles.Folder}");
            var width = names.Select(n => n.Length).DefaultIfEmpty().Max();
            foreach (var name in names)
            {
                if (parsed.GetValue(json))
                {
                    context.Out.WriteLine(context.Profiles.TryLoad(name, out var whole, out var wrong) ? ProfileJson.Line(name, whole.Account.Uri, null) : ProfileJson.Line(name, null, wrong[0]));
                    continue;
                }

                var state = context.Profiles.TryLoad(name, out var profile, out var mistakes) ? profile.Account.Uri : $"(broken: {mistakes[0]})";
                context.Out.WriteLine($"{name.PadRight(width)}  {state}");
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(VerbContext context)
    {
        var name = Name();
        var json = new Option<bool>("--json") { Description = "As one JSON object, for scripts" };
        var command = new Verb("show", "Show every setting that is in force, defaults and environment included; passwords stay hidden") { name, json };
        command.SetAction(parsed =>
        {
            var profile = ProfileOverrides.Apply(
                Load(context, parsed.GetRequiredValue(name)), context.Environment, new Dictionary<string, string>(), new Dictionary<string, string>(), out var errors);
            if (errors.Count > 0) throw new UsageException([.. errors.Select(e => e.ToString())]);
            var text = ProfileWriter.Write(profile).ReplaceLineEndings("\n");
            if (parsed.GetValue(json)) context.Out.WriteLine(ProfileJson.Of(profile.Name, text));
            else context.Out.Write(text);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Check(VerbContext context)
    {
        var name = Name();
        var command = new Verb("check", "Read a profile and name every mistake with file and line; passwords are fetched to see that they can be") { name };
        command.SetAction(parsed =>
        {
            var profile = Load(context, parsed.GetRequiredValue(name));
            TrustReader.Read(profile, context);
            CheckSecrets(profile, context);
            context.Out.WriteLine($"{profile.Name}: {profile.Account.Uri} is in order");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A password that cannot be had is found out here, not in the first call. None is printed.</summary>
    private static void CheckSecrets(Profile profile, VerbContext context)
    {
        var fetcher = new SecretFetcher(context.Environment);
        var mistakes = new List<string>();
        foreach (var source in (IEnumerable<PasswordSource?>)[profile.Account.Password, .. profile.Nat.Turn.Select(t => t.Source)])
            if (!fetcher.TryFetch(source, out _, out var fault)) mistakes.Add($"{profile.Name}: {fault.What}; {fault.Remedy}");
        if (mistakes.Count > 0) throw new UsageException(mistakes);
    }

    private static Command Add(VerbContext context)
    {
        var name = new Argument<string>("NAME") { Description = "What to call it" };
        var uri = new Option<string>("--uri") { HelpName = "SIP-URI", Description = "The account: sip:201@pbx.example.net", Required = true };
        (Option<string?> Flag, string Key)[] settings =
        [
            (Flags.Text("--display-name", "TEXT", "What callees see"), "account.display-name"),
            (Flags.Text("--auth-user", "USER", "The name to log in with, when it is not that of the URI"), "account.auth-user"),
            (Flags.Text("--password-command", "COMMAND", "A command whose first line is the password"), "account.password-command"),
            (Flags.Text("--password-env", "VARIABLE", "A variable that holds the password"), "account.password-env"),
            (Flags.Text("--registrar", "SIP-URI", "Where to register; the domain of the URI when not given, none for nowhere"), "account.registrar"),
            (Flags.Text("--outbound-proxy", "SIP-URI", "Where to send everything first"), "account.outbound-proxy"),
            (Flags.Text("--preset", "KIND", "The kind of server: asterisk, freeswitch, kamailio, provider, fritzbox, generic, strict; what it sets is told"), "account.preset"),
            (Flags.Text("--nat", "MODE", "How media finds its way: auto, ice, relay, none"), "nat.mode"),
            (ProfileFlags.Server("--stun", "stun:", "A STUN server: stun.example.net, or stun:stun.example.net:3478"), "nat.stun"),
        ];
        var command = new Verb("add", "Write a new profile; the password itself is never a flag") { name, uri };
        foreach (var (flag, _) in settings) command.Add(flag);
        command.SetAction(parsed =>
        {
            var called = parsed.GetRequiredValue(name);
            if (!context.Profiles.IsValidName(called)) throw new UsageException($"\"{called}\" is no name for a profile: letters, digits, - _ and .");
            var flags = new Dictionary<string, string> { ["account.uri"] = parsed.GetRequiredValue(uri) };
            foreach (var (flag, key) in settings)
                if (parsed.GetValue(flag) is { } value) flags[key] = value;
            if (!flags.TryGetValue("account.registrar", out var registrar)) AddDomain(flags);
            else if (registrar == "none") flags.Remove("account.registrar");
            var names = settings.ToDictionary(s => s.Key, s => s.Flag.Name);
            names["account.uri"] = uri.Name;
            var profile = ProfileOverrides.Apply(new Profile { Name = called }, new Dictionary<string, string>(), flags, names, out var errors);
            if (errors.Count > 0) throw new UsageException([.. errors.Select(e => e.ToString())]);

            var path = context.Profiles.PathOf(called);
            Directory.CreateDirectory(context.Profiles.Folder);
            if (File.Exists(path)) throw new UsageException($"{path} is there already; softphone profile edit {called} changes it");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new StreamWriter(path, options)) file.Write(WithHints(ProfileWriter.Write(profile).ReplaceLineEndings("\n"), profile));
            context.Out.WriteLine(path);
            if (flags.ContainsKey("account.preset")) TellPreset(context, profile.Account.Preset);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void TellPreset(VerbContext context, AccountPreset preset)
    {
        var behaviour = PresetBehaviour.Of(preset);
        var word = preset.ToString().ToLowerInvariant();
        foreach (var set in behaviour.Sets) context.Error.WriteLine($"softphone: preset {word}: {set}");
        if (behaviour.ServerHint.Length > 0) context.Error.WriteLine($"softphone: preset {word}: for calls through NATs, at the server: {behaviour.ServerHint}");
    }

    private static Command Edit(VerbContext context)
    {
        var name = Name();
        var command = new Verb("edit", "Open a profile in $VISUAL or $EDITOR, and check it afterwards") { name };
        command.SetAction(parsed =>
        {
            var called = parsed.GetRequiredValue(name);
            var path = context.Profiles.PathOf(called);
            if (!File.Exists(path)) throw new UsageException($"there is no {path}; softphone profile add {called} makes one");
            var editor = context.Environment.GetValueOrDefault("VISUAL") is { Length: > 0 } visual ? visual
                : context.Environment.GetValueOrDefault("EDITOR") is { Length: > 0 } plain ? plain
                : OperatingSystem.IsWindows() ? "notepad" : "vi";

            // The variable may hold flags too ("code --wait"), so a shell takes it apart; the path stays one word.
            var start = OperatingSystem.IsWindows()
                ? new ProcessStartInfo("cmd.exe", ["/c", $"{editor} \"{path}\""])
                : new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$1\"", "sh", path]);
            using var process = Process.Start(start);
            process!.WaitForExit();
            if (process.ExitCode != 0) throw new UsageException($"the editor \"{editor}\" ended with {process.ExitCode}");
            Load(context, called);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Rename(VerbContext context)
    {
        var name = new Argument<string>("NAME") { Description = "A profile's name" };
        var other = new Argument<string>("NEW-NAME") { Description = "What to call it from now on" };
        var command = new Verb("rename", "Give a profile another name") { name, other };
        command.SetAction(parsed =>
        {
            var path = Own(context, parsed.GetRequiredValue(name));
            var called = parsed.GetRequiredValue(other);
            if (!context.Profiles.IsValidName(called)) throw new UsageException($"\"{called}\" is no name for a profile: letters, digits, - _ and .");
            var to = context.Profiles.PathOf(called);
            if (File.Exists(to)) throw new UsageException($"{to} is there already");
            File.Move(path, to);
            context.Out.WriteLine(to);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Delete(VerbContext context)
    {
        var name = new Argument<string>("NAME") { Description = "A profile's name" };
        var command = new Verb("delete", "Delete a profile; the file stays beside the others as NAME.yaml.deleted until the next of that name") { name };
        command.SetAction(parsed =>
        {
            var path = Own(context, parsed.GetRequiredValue(name));
            var kept = path + ".deleted";
            File.Move(path, kept, overwrite: true);
            context.Out.WriteLine($"{kept} holds it; rm takes it away for good");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A profile of the folder: files elsewhere are whoever's.</summary>
    private static string Own(VerbContext context, string name)
    {
        var path = context.Profiles.PathOf(name);
        if (!File.Exists(path) && File.Exists(Path.ChangeExtension(path, ".yml"))) path = Path.ChangeExtension(path, ".yml");
        if (Path.GetDirectoryName(path) != Path.GetFullPath(context.Profiles.Folder)) throw new UsageException($"{path} is not among the profiles of {context.Profiles.Folder}");
        return File.Exists(path) ? path : throw new UsageException($"there is no profile \"{name}\"{(context.Profiles.Names() is { Count: > 0 } names ? $"; there are: {string.Join(", ", names)}" : "")}");
    }

    private static Command PathVerb(VerbContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "A profile; without it, the folder", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb("path", "Print where profiles are") { name };
        command.SetAction(parsed =>
        {
            context.Out.WriteLine(parsed.GetValue(name) is { } asked ? context.Profiles.PathOf(asked) : context.Profiles.Folder);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    // What no flag sets is seen where it is to be written.
    private static string WithHints(string text, Profile profile)
    {
        if (profile.Account.Password is null)
        {
            const string Hint = "  # password-command: pass show sip/201     # or password-env: VARIABLE, or password: SECRET, for this file is yours alone\n";
            text = text.Insert(text.IndexOf("  registrar:", StringComparison.Ordinal), Hint);
        }

        const string Turn = "  # turn:\n  #   - urls: [turn:turn.example.net]\n  #     user: USER\n  #     password-command: pass show turn\n";
        return text.Insert(text.IndexOf("  mobility:", StringComparison.Ordinal), Turn);
    }

    // A profile without a registrar does not register; whoever adds an account wants to be reached.
    private static void AddDomain(Dictionary<string, string> flags)
    {
        if (SipUri.TryParse(flags["account.uri"], out var uri, out _) && uri.IsSip)
            flags["account.registrar"] = $"{uri.Scheme}:{Target.DomainOf(uri)}";
    }

    private static Argument<string> Name() => new("NAME") { Description = "A profile's name, or the path of a file" };

    private static Profile Load(VerbContext context, string name) =>
        context.Profiles.TryLoad(name, out var profile, out var mistakes) ? profile : throw new UsageException(mistakes);
}
