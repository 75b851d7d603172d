using System.Globalization;
using Softphone.Core;

namespace Softphone.Phone.Tests;

/// <summary>Texts that want more of the reader than a tree: each is a mistake with a line, and none an exception or a hang.</summary>
public sealed class YamlTextTests
{
    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    [InlineData("&a [", "")]
    [InlineData("!t [", "")]
    [InlineData("[{a: ", "account:\n  uri: sip:a@b\n  display-name: ")]
    [InlineData("[", "account: { uri: sip:a@b }\nnat:\n  turn:\n    - urls: ")]
    [InlineData("- ", "account:\n  uri: sip:a@b\nnat:\n  stun:\n    ")]
    public void Nesting_WithoutEnd_IsAMistake(string opening, string before)
    {
        Assert.False(ProfileReader.TryRead(before + string.Concat(Enumerable.Repeat(opening, 100_000 / opening.Length)), "deep.yaml", out _, out var errors));
        Assert.InRange(Assert.Single(errors).Line, 1, 6);
    }

    [Fact]
    public void Nesting_JustBelowTheBound_IsReadAndJudgedByTheReader()
    {
        string Nested(int depth) => $"account: {{ uri: sip:a@b }}\nnat: {{ stun: {new string('[', depth)}{new string(']', depth)} }}";
        ProfileReader.TryRead(Nested(YamlText.DeepestNesting - 3), "f", out _, out var errors);
        Assert.Contains("nat.stun is a list", Assert.Single(errors).Message, StringComparison.Ordinal);
        ProfileReader.TryRead(Nested(YamlText.DeepestNesting - 2), "f", out _, out errors);
        Assert.Contains("is nested too deeply for a profile", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account: { uri: sip:a@b }\n? [a, b]\n: c", 2)]
    [InlineData("account: { uri: sip:a@b }\nmedia:\n  ? { a: b }\n  : c", 3)]
    [InlineData("account: &x { uri: sip:a@b }\n? *x\n: c", 2)]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\n? [*b, *b]\n: c", 3)]
    public void Key_ThatIsNoWord_IsAMistake(string text, int line)
    {
        Assert.False(ProfileReader.TryRead(text, "f", out _, out var errors));
        Assert.Contains(errors, e => e.Line == line && e.Message.Contains("a key is a word", StringComparison.Ordinal));
    }

    /// <summary>Each alias doubles what is meant; nothing may walk it all.</summary>
    [Fact]
    public void Aliases_OfAliases_CostNothing()
    {
        var text = "account: { uri: sip:a@b }\nmedia:\n  codecs: &l0 [opus, opus]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"x{i}: &l{i} [*l{i - 1}, *l{i - 1}]\n")));
        Assert.False(ProfileReader.TryRead(text, "f", out _, out var errors));
        Assert.Equal(41, errors.Count);
    }

    [Theory]
    [InlineData("a: &a [*a]")]
    [InlineData("&a {b: *a}")]
    [InlineData("a: *nobody")]
    public void Alias_OfItselfOrOfNothing_IsAMistake(string text)
    {
        Assert.False(ProfileReader.TryRead(text, "f", out _, out var errors));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Text_TooLong_IsAMistake()
    {
        Assert.False(ProfileReader.TryRead("account: { uri: sip:a@b }\n" + new string('#', YamlText.MaxLength), "f", out _, out var errors));
        Assert.Contains("is longer than", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    /// <summary>What the library's scanner and parser stumble over differs from text to text; here are many, of all its marks.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Text_MadeOfTheMarksOfYaml_NeverThrows(ulong seed)
    {
        string[] parts =
        [
            "a", "b: ", "\n", "\n  ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "&x ", "*x", "!t ", "!<t> ", "| ", "> ", "|2-\n", "'", "\"", "\\", "#c\n", "---\n", "...\n",
            "%YAML 1.2\n", "%TAG ! x\n", "%", "<<: ", "\t", "\0", "\u0085", "\u2028", "\ufeff", "\ud800", "@", "`", "account:\n  uri: sip:a@b\n",
        ];
        var chance = new SeededEntropy(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + chance.NextInt(24)).Select(_ => parts[chance.NextInt(parts.Length)]));
            Assert.Equal(ProfileReader.TryRead(text, "f", out _, out var errors), errors.Count == 0);
            Assert.All(errors, e => Assert.True(e.Line > 0, $"{e} of {text}"));
        }
    }
}
