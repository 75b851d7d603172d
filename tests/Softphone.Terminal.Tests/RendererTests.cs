using System.Text;
using Softphone.Core;

namespace Softphone.Terminal.Tests;

/// <summary>Whatever is drawn, the terminal shows it, and no more octets than needed go there.</summary>
public sealed class RendererTests
{
    private static readonly TerminalFeatures Full = new(true, ColorMode.Exact, false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Frames_OfAnyContent_AreShownAsDrawn(ulong seed)
    {
        var chance = new SeededEntropy(seed);
        var frame = new Surface(37, 9);
        var terminal = new VirtualTerminal(37, 9);
        var renderer = new Renderer(Full);
        var fresh = new VirtualTerminal(37, 9);
        for (var round = 0; round < 40; round++)
        {
            Scribble(frame, chance);
            if (chance.NextInt(10) == 0) renderer.Forget();
            terminal.Write(renderer.Draw(frame));
            for (var y = 0; y < frame.Height; y++) Assert.Equal(frame.TextOf(y), terminal.TextOf(y));
            Assert.Equal(frame.Cursor is not null, terminal.IsCursorShown);
            if (frame.Cursor is { } cursor) Assert.Equal(cursor, terminal.Cursor);
            // What was reached step by step looks like what is drawn at once, styles included.
            fresh = new VirtualTerminal(37, 9);
            fresh.Write(new Renderer(Full).Draw(frame));
            for (var y = 0; y < frame.Height; y++)
                for (var x = 0; x < frame.Width; x++)
                    Assert.Equal(fresh.StyleOf(x, y), terminal.StyleOf(x, y));
            Assert.True(renderer.Draw(frame).IsEmpty, "the same frame again");
        }
    }

    [Fact]
    public void Change_OfOneCell_CostsFewOctets()
    {
        var frame = new Surface(160, 48);
        var renderer = new Renderer(Full);
        renderer.Draw(frame);
        frame.Put(80, 24, 'x');
        Assert.InRange(renderer.Draw(frame).Length, 1, 8 + 8 + 8 + 1);
        Assert.Equal("\e[?2026h\e[1;3Hab\e[?2026l", Text(() => frame.Write(2, 0, "ab")));

        string Text(Action draw)
        {
            draw();
            return Encoding.UTF8.GetString(renderer.Draw(frame));
        }
    }

    [Theory]
    [InlineData(ColorMode.Exact, "fg2:255:128:0")]
    [InlineData(ColorMode.Indexed, "fg5:208")]
    [InlineData(ColorMode.Sixteen, "fg9")]
    [InlineData(ColorMode.None, "")]
    public void Colour_OfEveryTerminal_ComesDownToWhatItHas(ColorMode mode, string shown)
    {
        var frame = new Surface(4, 1);
        frame.Write(0, 0, "x", Color.Exact(255, 128, 0));
        var terminal = new VirtualTerminal(4, 1);
        terminal.Write(new Renderer(new TerminalFeatures(true, mode, false)).Draw(frame));
        Assert.Equal(shown, terminal.StyleOf(0, 0));
    }

    [Fact]
    public void Ascii_InPlaceOfLinesAndBlocks()
    {
        var frame = new Surface(20, 4);
        var inside = Frame.Draw(frame, frame.Bounds, "Calls");
        frame.Write(inside.X, inside.Y, "▸ ● 例 é …");
        var terminal = new VirtualTerminal(20, 4);
        terminal.Write(new Renderer(new TerminalFeatures(true, ColorMode.None, true)).Draw(frame));
        Assert.Equal("+ Calls -----------+", terminal.TextOf(0));
        Assert.Equal("|> # ?  ? ~        |", terminal.TextOf(1));
    }

    [Fact]
    public void SteadyFrames_AllocateNothing()
    {
        var frame = new Surface(100, 30);
        var renderer = new Renderer(Full);
        var (a, b) = (new Style(Color.Red), new Style(Color.Exact(1, 2, 3), default, Emphasis.Bold));
        for (var i = 0; i < 10; i++) Round(i);
        var before = Allocated.Now;
        for (var i = 0; i < 1000; i++) Round(i);
        Allocated.AssertNoneSince(before);

        void Round(int i)
        {
            frame.Clear();
            for (var y = 0; y < 30; y++) frame.Write(i % 7, y, "a level ▮▮▮▯▯ of 例え", (y + i) % 2 == 0 ? a : b);
            renderer.Draw(frame);
        }
    }

    [Theory]
    [InlineData("xterm-256color", null, null, "en_US.UTF-8", true, ColorMode.Indexed, false)]
    [InlineData("xterm-256color", "truecolor", null, "C.utf8", true, ColorMode.Exact, false)]
    [InlineData("xterm", null, null, "C", true, ColorMode.Sixteen, true)]
    [InlineData("xterm-256color", "truecolor", "1", "en_US.UTF-8", true, ColorMode.None, false)]
    [InlineData("vt100", null, null, null, true, ColorMode.None, true)]
    [InlineData("dumb", null, null, "en_US.UTF-8", false, ColorMode.Sixteen, false)]
    [InlineData(null, null, null, "en_US.UTF-8", false, ColorMode.Sixteen, false)]
    public void Features_OfAnEnvironment(string? term, string? colours, string? none, string? locale, bool usable, ColorMode mode, bool ascii)
    {
        var features = TerminalFeatures.From(name => name switch { "TERM" => term, "COLORTERM" => colours, "NO_COLOR" => none, "LANG" => locale, _ => null });
        Assert.Equal(new TerminalFeatures(usable, mode, ascii), features);
    }

    public static TheoryData<ulong> Seeds() => [1, 2, 3, 4, 5, 6, 7, 8];

    private static void Scribble(Surface frame, SeededEntropy chance)
    {
        string[] texts = ["hello", "例え話", "e\u0301te\u0301", "─│┼", "a\e[2Jb", "🙂 ok", "x", "                    ", "naïve — quick", "\u202E\u200Bz"];
        if (chance.NextInt(12) == 0) frame.Clear();
        for (var i = 0; i < 6; i++)
        {
            var style = new Style(
                chance.NextInt(3) == 0 ? Color.Named(chance.NextInt(16)) : Color.Default,
                chance.NextInt(5) == 0 ? Color.Exact(10, 20, 30) : Color.Default,
                (Emphasis)chance.NextInt(32));
            var (x, y) = (chance.NextInt(44) - 5, chance.NextInt(12) - 1);
            if (chance.NextInt(8) == 0) frame.Fill(new Rect(x, y, chance.NextInt(9), 2), style);
            else frame.Write(x, y, texts[chance.NextInt(texts.Length)], style);
        }

        frame.Cursor = chance.NextInt(2) == 0 ? null : (chance.NextInt(37), chance.NextInt(9));
    }
}
