using System.Diagnostics.CodeAnalysis;
using Softphone.Sip;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// Reads a profile file. Everything wrong is reported at once, each with file and line; an unknown key comes with the nearest known
/// one.
/// </summary>
public static class ProfileReader
{
    private static readonly string[] Sections = ["account", "nat", "tls", "media", "call", "records", "audio"];
    private static readonly string[] Passwords = ["password", "password-command", "password-env"];
    private static readonly string[] Secrets = [.. Passwords, "secret", "secret-command", "secret-env"];
    private static readonly string[] TurnKeys = ["urls", "user", .. Secrets, "ttl"];

    /// <param name="text">The YAML text.</param>
    /// <param name="fileName">For the profile's name and for messages.</param>
    /// <param name="profile">The profile when nothing is wrong.</param>
    /// <param name="errors">What is wrong, in the order of the file.</param>
    public static bool TryRead(string text, string fileName, [NotNullWhen(true)] out Profile? profile, out IReadOnlyList<ProfileError> errors)
    {
        var reading = new Reading(fileName);
        reading.Read(text);
        errors = [.. reading.Errors.OrderBy(e => e.Line)];
        profile = errors.Count == 0 ? reading.Profile : null;
        return profile is not null;
    }

    private sealed class Reading(string file)
    {
        private Profile _profile = new() { Name = Path.GetFileNameWithoutExtension(file) };

        public List<ProfileError> Errors { get; } = [];

        public Profile Profile => _profile;

        public void Report(long line, string message) => Errors.Add(new ProfileError(file, (int)line, message));

        public void Read(string text)
        {
            if (!YamlText.TryLoad(text, "profile", "a section such as account:", out var root, out var line, out var mistake)) Report(line, mistake);
            else ReadSections(root);
            if (Path.GetDirectoryName(file) is not { Length: > 0 } folder) return;
            _profile = _profile with { Tls = _profile.Tls with { Ca = [.. _profile.Tls.Ca.Select(f => f == TlsProfile.System || f.StartsWith('~') ? f : Path.Combine(folder, f))] } };
        }

        private void ReadSections(YamlMappingNode root)
        {
            foreach (var (key, value) in root.Children)
            {
                var name = NameOf(key);
                if (!Sections.Contains(name)) ReportUnknown(key, "", Sections);
                else if (value is YamlMappingNode section) ReadSection(name, section);
                else if (!IsNull(value)) Report(value.Start.Line, $"{name} is a section; its settings stand indented below it");
            }

            if (_profile.Account.Uri.Length == 0 && !Errors.Any(e => e.Message.Contains("account.uri", StringComparison.Ordinal)))
                Report(root.Start.Line, "account.uri is missing");
            if (Errors.Count == 0) CheckManners(root);
        }

        private void CheckManners(YamlMappingNode root)
        {
            if (_profile.Call.Manners.Mistake(SipUri.TryParse(_profile.Account.Uri, out var aor, out _) ? aor : null) is not { } mistake) return;
            var call = (YamlMappingNode)root.Children.First(c => NameOf(c.Key) == "call").Value;
            Report(call.Children.Keys.First(k => NameOf(k) == mistake.Setting).Start.Line, $"call.{mistake.Setting} {mistake.Problem}");
        }

        private void ReadSection(string section, YamlMappingNode node)
        {
            CheckOnePassword(node);
            foreach (var (key, value) in node.Children)
            {
                var path = $"{section}.{NameOf(key)}";
                if (path == "nat.turn") ReadTurn(value);
                else if (ProfileSetting.All.FirstOrDefault(s => s.InFile && s.Key == path) is { } setting) Set(setting, value);
                else ReportUnknown(key, section, KeysOf(section));
            }
        }

        private void Set(ProfileSetting setting, YamlNode value)
        {
            if (!TryValues(value, setting.IsList, out var values, out var problem) || (problem = setting.Set(ref _profile, values)) is not null)
                Report(value.Start.Line, $"{setting.Key} {problem}");
        }

        private void ReadTurn(YamlNode node)
        {
            if (IsNull(node)) return;
            if (node is not YamlSequenceNode servers)
            {
                Report(node.Start.Line, "nat.turn is a list; each server starts with a dash");
                return;
            }

            var turn = new List<TurnProfile>();
            foreach (var server in servers)
            {
                if (server is YamlMappingNode mapping) turn.Add(ReadTurnServer(mapping));
                else Report(server.Start.Line, "a TURN server has urls, user and a password");
            }

            _profile = _profile with { Nat = _profile.Nat with { Turn = turn } };
        }

        private TurnProfile ReadTurnServer(YamlMappingNode node)
        {
            CheckOnePassword(node);
            var server = new TurnProfile();
            foreach (var (key, value) in node.Children)
            {
                var name = NameOf(key);
                if (!TurnKeys.Contains(name))
                {
                    ReportUnknown(key, "nat.turn", TurnKeys);
                    continue;
                }

                if (!TryValues(value, name == "urls", out var values, out var problem))
                {
                    Report(value.Start.Line, $"nat.turn.{name} {problem}");
                    continue;
                }

                if (values.Count == 0)
                {
                    Report(value.Start.Line, $"nat.turn.{name} needs a value");
                    continue;
                }

                server = name switch
                {
                    "urls" => server with { Urls = ReadTurnUrls(values, value) },
                    "user" => server with { User = values[0] },
                    "password-command" => server with { Password = new PasswordSource.Command(values[0]) },
                    "password-env" => server with { Password = new PasswordSource.Environment(values[0]) },
                    "password" => server with { Password = new PasswordSource.Literal(values[0]) },
                    "secret-command" => server with { Secret = new PasswordSource.Command(values[0]) },
                    "secret-env" => server with { Secret = new PasswordSource.Environment(values[0]) },
                    "secret" => server with { Secret = new PasswordSource.Literal(values[0]) },
                    _ => server with { Ttl = ReadTtl(values[0], value) },
                };
            }

            if (server.Secret is null && node.Children.Keys.FirstOrDefault(k => NameOf(k) == "ttl") is { } ttl)
                Report(ttl.Start.Line, "nat.turn.ttl is for credentials made of a secret: secret-command, secret-env or secret is missing");

            if (!node.Children.Keys.Any(k => NameOf(k) == "urls")) Report(node.Start.Line, "nat.turn.urls is missing");
            return server;
        }

        private TimeSpan ReadTtl(string text, YamlNode node)
        {
            if (!ProfileSetting.TryTtl(text, out var ttl)) Report(node.Start.Line, $"nat.turn.ttl \"{text}\" is not allowed: {ProfileSetting.TtlRange}");
            return ttl;
        }

        private List<ServerUri> ReadTurnUrls(IReadOnlyList<string> values, YamlNode node)
        {
            var urls = new List<ServerUri>();
            foreach (var text in values)
            {
                if (ProfileSetting.TryTurn(text, out var url)) urls.Add(url);
                else Report(node.Start.Line, $"nat.turn.urls \"{text}\" is not {ServerUri.TurnForms}");
            }

            return urls;
        }

        private void CheckOnePassword(YamlMappingNode node)
        {
            var passwords = node.Children.Keys.Where(k => Secrets.Contains(NameOf(k))).ToList();
            if (passwords.Count < 2) return;
            var isShared = passwords.Exists(k => !Passwords.Contains(NameOf(k)));
            Report(passwords[1].Start.Line, isShared ? "only one password or secret may be there" : "only one of password-command, password-env and password may be there");
        }

        private void ReportUnknown(YamlNode key, string section, IEnumerable<string> known)
        {
            var name = NameOf(key);
            var elsewhere = ProfileSetting.All.FirstOrDefault(s => s.InFile && s.Key.EndsWith("." + name, StringComparison.Ordinal));
            var meant = elsewhere is not null ? elsewhere.Key : (section.Length == 0 ? "" : section + ".") + Nearest.Of(name, known);
            Report(key.Start.Line, $"unknown key \"{name}\"{(section.Length == 0 ? "" : $" in {section}")}; the nearest known key is {meant}");
        }

        private static IEnumerable<string> KeysOf(string section)
        {
            var keys = ProfileSetting.All.Where(s => s.InFile && s.Key.StartsWith(section + ".", StringComparison.Ordinal)).Select(s => s.Key[(section.Length + 1)..]);
            return section == "nat" ? keys.Append("turn") : keys;
        }

        private static string NameOf(YamlNode key) => key is YamlScalarNode { Value: { } name } ? name : "?";

        private static bool IsNull(YamlNode node) =>
            node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "Null" or "NULL" or "~" };

        private static bool TryValues(YamlNode node, bool isList, out IReadOnlyList<string> values, out string? problem)
        {
            values = [];
            problem = null;
            if (IsNull(node)) return true;
            switch (node)
            {
                case YamlScalarNode scalar:
                    values = [scalar.Value ?? ""];
                    return true;
                case YamlSequenceNode sequence when isList && sequence.All(item => item is YamlScalarNode):
                    values = [.. sequence.Select(item => ((YamlScalarNode)item).Value ?? "")];
                    return true;
                default:
                    problem = isList ? "is a list such as [a, b]" : "is one value, not a list or a section";
                    return false;
            }
        }
    }
}
