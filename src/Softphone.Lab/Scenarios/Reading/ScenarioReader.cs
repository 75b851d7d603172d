using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Softphone.Phone;
using YamlDotNet.RepresentationModel;

namespace Softphone.Lab;

/// <summary>
/// Reads a scenario file. Everything wrong is reported at once, each with file and line; an unknown key or name comes with the nearest
/// known one. docs/scenarios.md describes the format.
/// </summary>
public static class ScenarioReader
{
    /// <param name="text">The YAML text.</param>
    /// <param name="fileName">For messages, and for the name of a scenario that gives itself none.</param>
    /// <param name="scenario">The scenario when nothing is wrong.</param>
    /// <param name="errors">What is wrong, in the order of the file.</param>
    public static bool TryRead(string text, string fileName, [NotNullWhen(true)] out Scenario? scenario, out IReadOnlyList<ProfileError> errors)
    {
        var reading = new Reading(fileName);
        scenario = reading.Read(text);
        errors = [.. reading.Errors.OrderBy(e => e.Line)];
        if (errors.Count > 0) scenario = null;
        return scenario is not null;
    }

    /// <summary>The forms that a step may have, for the documentation and its test.</summary>
    public static IReadOnlyList<string> StepForms => [.. StepForm.All.Select(f => f.Text)];

    private sealed class Reading(string file)
    {
        private const string Internet = "internet";
        private static readonly string[] Reserved = [Internet, StepNames.Everybody, "world", "dns", .. StepNames.Servers];
        private static readonly Dictionary<string, DropReason> Reasons =
            Enum.GetValues<DropReason>().Where(r => r != DropReason.None).ToDictionary(r => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(r.ToString()));

        private static readonly SearchValues<char> NotInNames = SearchValues.Create(" \t:/<>=@;?,\"");
        private StepNames _names = new([], []);

        public List<ProfileError> Errors { get; } = [];

        public Scenario? Read(string text)
        {
            if (YamlText.TryLoad(text, "scenario", "a key such as name:", out var root, out var line, out var mistake)) return Read(new YamlSection(root, "", Report));
            Report(line, mistake);
            return null;
        }

        private Scenario Read(YamlSection root)
        {
            var networks = Sections(root, "networks");
            var phones = Sections(root, "phones");
            if (phones.Count == 0 && root.Section("phones") is null) Report(root.Line, "phones is missing");
            _names = new StepNames([.. phones.Keys], [.. networks.Keys]);
            foreach (var name in _names.Networks.Intersect(_names.Phones)) Report(phones[name].Line, $"\"{name}\" is a network and a phone");
            var servers = root.Section("servers");
            var (sip, turn) = (NetworkReader.Server(servers, "sip"), NetworkReader.Server(servers, "turn"));
            var dns = root.Section("dns");
            var scenario = new Scenario
            {
                File = file,
                Name = root.Text("name") ?? Path.GetFileNameWithoutExtension(file),
                About = (root.Text("about") ?? "").Trim(),
                Seed = root.Value("seed", (string t, out ulong v) => ulong.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out v), "a whole number") ?? 1,
                Limit = root.Time("limit") ?? TimeSpan.FromMinutes(10),
                Networks = InOrder([.. networks.Select(n => NetworkReader.Read(n.Key, n.Value, Names(n.Value, "behind", _names.Networks, Internet)))], networks),
                Phones = [.. phones.Select(p => PhoneReader.Read(p.Key, p.Value, On(p.Value)))],
                SipLine = sip.Line,
                TurnLine = turn.Line,
                SipFamilies = sip.Families,
                TurnFamilies = turn.Families,
                DnsDelay = dns?.Time("delay") ?? TimeSpan.Zero,
                DnsIsDead = dns?.Flag("dead") ?? false,
                Steps = [.. root.List("steps") is { } steps ? steps.Select(Step).OfType<ScenarioStep>() : []],
                Expectations = [.. root.Section("expect") is { } expect ? Expectations(expect) : []],
            };
            servers?.Done();
            dns?.Done();
            root.Done();
            return scenario;
        }

        private void Report(long line, string message) => Errors.Add(new ProfileError(file, (int)line, message));

        /// <summary>Sections whose names the file chooses.</summary>
        private Dictionary<string, YamlSection> Sections(YamlSection root, string key)
        {
            var found = new Dictionary<string, YamlSection>();
            if (root.Section(key) is not { } section) return found;
            foreach (var (name, value) in section.Entries)
            {
                if (Reserved.Contains(name) || name.AsSpan().ContainsAny(NotInNames)) section.Report(value, $"\"{name}\" cannot be a name");
                else if (value is YamlMappingNode mapping) found[name] = new YamlSection(mapping, $"{key}.{name}", Report);
                else if (value is YamlScalarNode { Value: null or "" }) found[name] = new YamlSection(new YamlMappingNode(), $"{key}.{name}", Report);
                else section.Report(value, $"{key}.{name} is a section; its settings stand indented below it");
            }

            return found;
        }

        private string? Names(YamlSection section, string key, IReadOnlyCollection<string> known, string? also = null)
        {
            if (section.Text(key) is not { } name || name == also) return null;
            if (known.Contains(name)) return name;
            section.Report(section.Node(key)!, $"{section.Within(key)}: {_names.Problem("NETWORK", [name])}");
            return null;
        }

        private List<string> On(YamlSection phone)
        {
            var on = new List<string>();
            foreach (var name in phone.Words("on"))
            {
                if (on.Contains(name)) phone.Report(phone.Node("on")!, $"{phone.Within("on")}: \"{name}\" is there twice");
                else if (name == Internet || _names.Networks.Contains(name)) on.Add(name);
                else phone.Report(phone.Node("on")!, $"{phone.Within("on")}: {_names.Problem("NETWORK", [name])}");
            }

            return on.Count == 0 ? [Internet] : on;
        }

        /// <summary>Each network after the one that it is behind.</summary>
        private List<ScenarioNetwork> InOrder(List<ScenarioNetwork> networks, Dictionary<string, YamlSection> sections)
        {
            var ordered = new List<ScenarioNetwork>();
            while (networks.Count > 0)
            {
                var ready = networks.FindIndex(n => n.Behind is null || ordered.Any(o => o.Name == n.Behind));
                if (ready < 0)
                {
                    Report(sections[networks[0].Name].Line, $"networks.{networks[0].Name} is behind itself");
                    break;
                }

                ordered.Add(networks[ready]);
                networks.RemoveAt(ready);
            }

            return ordered;
        }

        private ScenarioStep? Step(YamlNode node)
        {
            if (node is not YamlMappingNode { Children.Count: 1 } step || step.Children.Values.First() is not YamlScalarNode { Value: { Length: > 0 } text })
            {
                Report(node.Start.Line, "a step is a time and what happens then: at 3s: home rebinds");
                return null;
            }

            var line = (int)node.Start.Line;
            var time = YamlSection.NameOf(step.Children.Keys.First());
            var waits = time == "until";
            if (!TryTime(time, out var when))
            {
                Report(line, $"\"{time}\" is no time of a step; there are at 3s (since the start), after 2s and then (since the step before), and until");
                return null;
            }

            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (StepForm.All.FirstOrDefault(f => f.HasTheWordsOf(words)) is not { } form)
            {
                Report(line, $"\"{text}\" is no step; the nearest is: {StepForm.Nearest(text)}");
                return null;
            }

            if (form.Read(words, _names, out var problem) is not { } action)
            {
                Report(line, $"\"{text}\": {problem}");
                return null;
            }

            if (action is StepAction.Wait == waits) return new ScenarioStep(line, when, text, action);
            Report(line, waits ? "until needs something to wait for, such as: until: alice is connected" : $"\"{text}\" is something to wait for; write until: {text}");
            return null;
        }

        private static bool TryTime(string text, out StepTime when)
        {
            when = new StepTime.After(TimeSpan.Zero);
            if (text is "then" or "until") return true;
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || words[0] is not ("at" or "after") || !DurationText.TryParse(words[1], out var time)) return false;
            when = words[0] == "at" ? new StepTime.At(time) : new StepTime.After(time);
            return true;
        }

        private IEnumerable<ScenarioExpectation> Expectations(YamlSection section)
        {
            foreach (var (name, node) in section.Entries)
            {
                foreach (var text in section.Words(name))
                {
                    if (Expect(name, text, (int)node.Start.Line) is { } expectations)
                        foreach (var expectation in expectations) yield return expectation;
                }
            }
        }

        private IEnumerable<ScenarioExpectation>? Expect(string name, string text, int line)
        {
            if (name == "world")
            {
                if (WorldExpectation(text, line) is { } ofWorld) return [ofWorld];
                Report(line, $"expect.world: \"{text}\" is unknown; there are clean, and {string.Join(", ", Reasons.Keys)} with a comparison, such as loss>0");
                return null;
            }

            if (_names.Problem("PHONE", [name]) is { } problem) Report(line, $"expect: {problem}");
            else if (!Expectation.TryParse(text, out var expectation, out problem)) Report(line, $"expect.{name}: {problem}");
            else return (name == StepNames.Everybody ? _names.Phones : [name]).Select(phone => new ScenarioExpectation.OfCall(line, phone, expectation));
            return null;
        }

        private static ScenarioExpectation? WorldExpectation(string text, int line)
        {
            text = text.Replace(" ", "", StringComparison.Ordinal);
            if (text == "clean") return new ScenarioExpectation.Clean(line);
            var at = text.AsSpan().IndexOfAny("<>=");
            if (at < 0 || !Reasons.TryGetValue(text[..at], out var reason)) return null;
            return long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                ? new ScenarioExpectation.Drops(line, text, reason, text[at..(at + 1)], limit)
                : null;
        }

    }
}
