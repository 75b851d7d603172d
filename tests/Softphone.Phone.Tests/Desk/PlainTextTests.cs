namespace Softphone.Phone.Tests;

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
}
