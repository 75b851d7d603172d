using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>keys.yaml: what a person chose is what keys do and what footers, menus and help show; what is wrong is told with its line.</summary>
public sealed class KeyMapTests
{
    private const string File = "/home/me/.config/softphone/keys.yaml";

    [Theory]
    [InlineData("hold: H\nhistory: F6", "H", typeof(PhoneCommand.Hold))]
    [InlineData("mute: [z, Ctrl-U]", "z", typeof(PhoneCommand.Mute))]
    [InlineData("mute: [z, Ctrl-U]", "<Ctrl-u>", typeof(PhoneCommand.Mute))]
    [InlineData("record: Alt-r", "<Alt-r>", typeof(PhoneCommand.Record))]
    [InlineData("copy: Y\ncopyall: y", "Y", typeof(PhoneCommand.Copy))]
    [InlineData("hangup: F7\nhold: space", "<F7>", typeof(PhoneCommand.Hangup))]
    public void Map_OfAPerson_IsWhatKeysDo(string yaml, string keys, Type asked) =>
        Assert.Equal(asked, Talking(yaml).Type(keys).Asked().GetType());

    [Theory]
    [InlineData("hold: H\nhistory: F6", "<Space>")]
    [InlineData("mute: z", "m")]
    public void Map_OfAPerson_TakesTheUsualKeyAway(string yaml, string keys) => Talking(yaml).Type(keys).AskedNothing();

    [Fact]
    public void Map_OnEveryScreen_HoldsForOneMeaning()
    {
        var map = Read("register: F11\nedit: F12\nreport: \";\"", out _);
        foreach (var binding in KeyCatalog.Sections.SelectMany(s => s.Bindings).Where(b => b.Name is "register" or "edit" or "report"))
            Assert.Equal(binding.Name switch { "register" => "F11", "edit" => "F12", _ => ";" }, map.First(binding));
    }

    [Fact]
    public void Map_OfAPerson_IsShownInFooterMenuHelpAndHints()
    {
        var person = Talking("mute: z\nhangup: \";\"\ndial: F12\nwizard: F11");
        Assert.Contains("z mute", person.Footer, StringComparison.Ordinal);
        person.Type("?/hang<Enter>");
        person.Find("; F8");
        person.Type("<Esc><Esc>x");
        person.Find(";         hang up");
        person.Type("<Esc>");
        person.See(new PhoneView());
        person.Find("no account yet: F11 sets one up");
        person.Type("<Esc><F12>");
        Assert.Contains("there is no account: F11 sets one up", person.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Banner_OfARingingCall_ShowsTheKeysThatWork()
    {
        var person = new Person(Views.Busy, setup: new TuiSetup { Keys = Read("answer: z\nhangup: [\";\", F7]", out _) });
        person.Find("z answer  ; reject");
        person.Type("d");
        person.Find("F5 answer  F7 reject");
        Assert.Equal(new PhoneCommand.Answer(new CallId(3)), person.Type("<F5>").Asked());
    }

    [Theory]
    [InlineData("anser: z", 1, "there is no action \"anser\": did you mean answer?")]
    [InlineData("hold: H", 1, "H is history already: give that another key too, or take another here")]
    [InlineData("# mine\nrecord: z\nmute: z", 3, "z is record already, in line 2")]
    [InlineData("hold: j", 1, "j stays what it is")]
    [InlineData("hold: 5", 1, "5 stays what it is")]
    [InlineData("hold: Enter", 1, "Enter stays what it is")]
    [InlineData("hold: Ctrl-M", 1, "Ctrl-M comes from a terminal as Enter")]
    [InlineData("mute: z\nhold: Strg-H", 2, "\"Strg-H\" is no key")]
    [InlineData("hangup: space\nhold: z", 1, "Space is mark already")]
    [InlineData("hold:", 1, "hold needs a key")]
    [InlineData("hold: {a: b}", 1, "hold needs a key")]
    [InlineData("hold: [H, x]\nhistory: F6", 1, "x is menu already")]
    [InlineData("- hold", 1, "a key map starts with an action such as answer: a")]
    [InlineData("mute: z\nmute: Z", 2, "this key is there twice")]
    public void Mistake_InAMap_IsToldWithFileAndLine(string yaml, int line, string told)
    {
        Read(yaml, out var errors);
        Assert.StartsWith($"{File}:{line}: {told}", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    /// <summary>A phone must start whatever stands there: what is right holds.</summary>
    [Fact]
    public void Mistakes_InAMap_LeaveTheRestInForce()
    {
        var map = Read("anser: z\nmute: [z, j]\nhold: H\ntheme: F11", out var errors);
        Assert.Equal([1, 2, 3], errors.Select(e => e.Line));
        Assert.Equal("z", map.First(Bindings.Mute));
        Assert.Equal("Space", map.First(Bindings.Hold));
        Assert.Equal("F11", map.First(Bindings.NextTheme));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# hold: H\n\n  # mute: z\n")]
    public void Map_OfCommentsAlone_IsNone(string yaml)
    {
        var map = Read(yaml, out var errors);
        Assert.Empty(errors);
        Assert.Equal("h", map.First(Bindings.Hangup));
    }

    /// <summary>Whatever two actions are given one key, and whatever key another has is taken: somebody is told, and no key means two things.</summary>
    [Fact]
    public void Map_OfAnyTwoActions_NeverGivesAKeyTwoMeanings()
    {
        var names = KeyCatalog.Meanings.Keys.ToList();
        string[] keys = ["a", "h", "Space", "r", "z", "F5", "H", "x", "Ctrl-U", "/", "n"];
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            var lines = Enumerable.Range(0, 4).Select(_ => names[random.Next(names.Count)]).Distinct().Select(n => $"{n}: \"{keys[random.Next(keys.Length)]}\"");
            var map = Read(string.Join('\n', lines), out _);
            var twice = KeyCatalog.MeaningsByKey(map).Where(k => k.Value.Count > 1 && (!KeyCatalog.Shared.ContainsKey(k.Key) || k.Value.Exists(n => KeyCatalog.Meanings.TryGetValue(n, out var b) && !b.Keys.Contains(k.Key) && map.First(b) == k.Key)));
            Assert.Empty(twice.Select(k => $"{string.Join("; ", lines)}: {k.Key} is {string.Join(", ", k.Value)}"));
        }
    }

    private static KeyMap Read(string yaml, out IReadOnlyList<ProfileError> errors) => KeyMapReader.Read(yaml, File, out errors);

    private static Person Talking(string yaml)
    {
        var map = Read(yaml, out var errors);
        Assert.Empty(errors);
        return new Person(Views.Talking, setup: new TuiSetup { Keys = map });
    }
}
