using System.Text;

namespace Softphone.Core.Tests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Bob", "Bob")]
    [InlineData("Jörg Müller", "Jörg Müller")]
    [InlineData("王小明", "王小明")]
    [InlineData("  a \t b\r\nc ", "a b c")]
    [InlineData("a\u001B[31mb", "a [31mb")]
    [InlineData("a\u009Bb", "a b")]
    [InlineData("safe\u202Egnp.exe", "safegnp.exe")]
    [InlineData("a\u200Bb\uFEFFc", "abc")]
    [InlineData("\u0007", "")]
    public void Clean_TextOfStrangers_IsOneHarmlessLine(string text, string expected) => Assert.Equal(expected, PlainText.Clean(text));

    /// <summary>Half a character: attributes cannot hold it.</summary>
    [Fact]
    public void Clean_BrokenText_IsMarked() => Assert.Equal("a\uFFFDb", PlainText.Clean($"a{(char)0xD800}b"));

    [Fact]
    public void Clean_TooLong_EndsWithDots()
    {
        var clean = PlainText.Clean(new string('x', 1000), 40);
        Assert.Equal(new string('x', 40) + "…", clean);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Jörg 王 \U0001F600 it's 5", "Jörg 王 \U0001F600 it's 5")]
    [InlineData("a\u001B]0;x\u0007b", "a\\x1b]0;x\\x07b")]
    [InlineData("a\u009B31mb\u007F", "a\\x9b31mb\\x7f")]
    [InlineData("safe\u202Egnp.exe", "safe\\u202egnp.exe")]
    [InlineData("a\u2066b\u2069\u200E\u200F\u061C", "a\\u2066b\\u2069\\u200e\\u200f\\u061c")]
    [InlineData("a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\x85d")]
    [InlineData("a\tb\r\nc\rd\ne\r", "a b c d e ")]
    [InlineData("\U000E0041", "\\U000e0041")]
    [InlineData("नि\u200Dक", "नि\u200Dक")]
    public void Line_LosesNothingAndCommandsNothing(string text, string expected) => Assert.Equal(expected, PlainText.Line(text));

    [Theory]
    [InlineData("a\r\n\tb\n", "a\n\tb\n")]
    [InlineData("a\rb\r", "a\\x0db\\x0d")]
    [InlineData("a\u000Bb\u000Cc\u2028d", "a\\x0bb\\x0cc\\u2028d")]
    public void Lines_KeepTheirEndsAndTabs(string text, string expected) => Assert.Equal(expected, PlainText.Lines(text));

    /// <summary>Every character there is: none of the harmful kinds comes through, and cleaning twice changes nothing.</summary>
    [Fact]
    public void EveryCharacter_IsSafeAfterwards()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value)) continue;
            var text = $"a{new Rune(value)}b";
            foreach (var clean in (string[])[PlainText.Line(text), PlainText.Lines(text), PlainText.Clean(text)])
            {
                foreach (var rune in clean.EnumerateRunes()) Assert.True(!PlainText.IsHarmful(rune) || rune.Value is '\n' or '\t', $"U+{value:X4} leaves U+{rune.Value:X4}");
                Assert.Equal(clean, PlainText.Lines(clean));
            }

            Assert.DoesNotContain('\n', PlainText.Line(text));
            Assert.DoesNotContain('\t', PlainText.Line(text));
        }
    }

    [Theory]
    [InlineData(0x00, 0x1F)]
    [InlineData(0x7F, 0x9F)]
    [InlineData(0x200E, 0x200F)]
    [InlineData(0x2028, 0x202E)]
    [InlineData(0x2066, 0x2069)]
    [InlineData(0x061C, 0x061C)]
    public void Harmful_AreTheseAtLeast(int first, int last)
    {
        for (var value = first; value <= last; value++) Assert.True(PlainText.IsHarmful(new Rune(value)), $"U+{value:X4}");
    }
}
