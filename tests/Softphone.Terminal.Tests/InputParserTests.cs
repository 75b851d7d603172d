using System.Text;
using Softphone.Core;

namespace Softphone.Terminal.Tests;

/// <summary>What terminals send, whole and in pieces, and what nobody should send.</summary>
public sealed class InputParserTests
{
    public static TheoryData<string, string> Sequences() => new()
    {
        { "a", "a" }, { "Z", "Z" }, { "é", "é" }, { "例", "例" }, { "🙂", "🙂" }, { "\r", "Enter" }, { "\t", "Tab" }, { "\x7f", "Backspace" },
        { "\b", "Backspace" }, { "\x01", "Ctrl-a" }, { "\x1a", "Ctrl-z" }, { "\x1c", "Ctrl-\\" }, { "\0", "Ctrl-Space" }, { " ", "Space" },
        { "\e[A", "Up" }, { "\e[B", "Down" }, { "\e[C", "Right" }, { "\e[D", "Left" }, { "\e[H", "Home" }, { "\e[F", "End" }, { "\e[Z", "BackTab" },
        { "\eOA", "Up" }, { "\eOP", "F1" }, { "\eOS", "F4" }, { "\e[11~", "F1" }, { "\e[15~", "F5" }, { "\e[17~", "F6" }, { "\e[21~", "F10" },
        { "\e[23~", "F11" }, { "\e[24~", "F12" }, { "\e[[A", "F1" }, { "\e[[E", "F5" }, { "\e[2~", "Insert" }, { "\e[3~", "Delete" }, { "\e[5~", "PageUp" },
        { "\e[6~", "PageDown" }, { "\e[1~", "Home" }, { "\e[8~", "End" }, { "\e[1;5D", "Ctrl-Left" }, { "\e[1;2A", "Shift-Up" }, { "\e[1;3C", "Alt-Right" },
        { "\e[3;5~", "Ctrl-Delete" }, { "\e[1;2P", "Shift-F1" }, { "\ex", "Alt-x" }, { "\e1", "Alt-1" }, { "\eé", "Alt-é" }, { "\e\x7f", "Alt-Backspace" },
        { "\e\r", "Alt-Enter" }, { "\e[99;5u", "Ctrl-c" }, { "\e[27u", "Escape" }, { "\e[13;2u", "Shift-Enter" }, { "\e[9;2u", "BackTab" }, { "\e[97;1:1u", "a" },
        { "\e[97;1:3u", "" }, { "\e[1;1:3A", "" }, { "\e[57441;1u", "" }, { "\e[?1;2c", "" }, { "\e[200x", "" }, { "\e[5n", "" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Key_WholeAndInPieces_IsTheSame(string sent, string expected)
    {
        var octets = Encoding.UTF8.GetBytes(sent);
        Assert.Equal(expected, Keys(octets, octets.Length));
        Assert.Equal(expected, Keys(octets, 1));
        // What follows is not touched by it.
        Assert.Equal((expected.Length == 0 ? "" : expected + " ") + "q", Keys([.. octets, (byte)'q'], 1));
    }

    [Fact]
    public void Escape_Alone_IsAKeyOnceNothingFollows()
    {
        var parser = new InputParser();
        parser.Feed(Instant.Zero, "\e"u8);
        Assert.False(parser.TryRead(out _));
        Assert.Equal(Instant.Zero + InputParser.EscapeTime, parser.NextTimeout);
        parser.Advance(Instant.Zero + InputParser.EscapeTime);
        Assert.Equal("Escape", All(parser));
        Assert.Null(parser.NextTimeout);

        parser.Feed(Instant.Zero, "\e["u8);
        parser.Advance(Instant.Zero + InputParser.EscapeTime);
        Assert.Equal("Escape [", All(parser));
        parser.Feed(Instant.Zero, "\e\e[A"u8);
        Assert.Equal("Escape Up", All(parser));
    }

    [Theory]
    [InlineData("\e[<0;5;3M", MouseAction.Press, 0, 4, 2, Modifiers.None)]
    [InlineData("\e[<0;5;3m", MouseAction.Release, 0, 4, 2, Modifiers.None)]
    [InlineData("\e[<34;1;1M", MouseAction.Drag, 2, 0, 0, Modifiers.None)]
    [InlineData("\e[<64;10;20M", MouseAction.WheelUp, 0, 9, 19, Modifiers.None)]
    [InlineData("\e[<81;10;20M", MouseAction.WheelDown, 0, 9, 19, Modifiers.Control)]
    public void Mouse_Sgr_IsTold(string sent, MouseAction action, int button, int x, int y, Modifiers held)
    {
        var parser = new InputParser();
        parser.Feed(Instant.Zero, Encoding.ASCII.GetBytes(sent));
        Assert.True(parser.TryRead(out var happened));
        Assert.Equal(new InputEvent.Mouse(action, button, x, y, held), happened);
    }

    [Fact]
    public void Paste_IsTextWhateverItContains()
    {
        var parser = new InputParser();
        foreach (var octet in Encoding.UTF8.GetBytes("\e[200~sip:bob@x\r\n\e[A\x03é\e[201~q\e[I\e[O")) parser.Feed(Instant.Zero, [octet]);
        Assert.True(parser.TryRead(out var pasted));
        Assert.Equal(new InputEvent.Paste("sip:bob@x\r\n\e[A\x03é"), pasted);
        Assert.Equal("q", ((InputEvent.Key)Next(parser)).ToString());
        Assert.Equal(new InputEvent.Focus(true), Next(parser));
        Assert.Equal(new InputEvent.Focus(false), Next(parser));

        parser.Feed(Instant.Zero, Encoding.ASCII.GetBytes("\e[200~" + new string('x', InputParser.LongestPaste + 1000) + "\e[201~q"));
        Assert.Equal(InputParser.LongestPaste, ((InputEvent.Paste)Next(parser)).Text.Length);
        Assert.Equal("q", Next(parser).ToString());
    }

    [Fact]
    public void Octets_OfAnyKind_NeverThrowAndLeaveNoState()
    {
        var chance = new SeededEntropy(7);
        var noise = new byte[300];
        for (var round = 0; round < 300; round++)
        {
            var parser = new InputParser();
            chance.Fill(noise);
            for (var i = 0; i < noise.Length; i++)
                if (noise[i] % 5 == 0) noise[i] = "\e[O;<~"u8[noise[i] % 6];
            parser.Feed(Instant.Zero, noise);
            while (parser.TryRead(out _)) continue;
            // After a pause and the end of any paste, keys are keys again.
            parser.Advance(Instant.Zero + TimeSpan.FromSeconds(1));
            parser.Feed(Instant.Zero + TimeSpan.FromSeconds(2), "@\e[201~q"u8);
            var last = "";
            while (parser.TryRead(out var happened)) last = happened.ToString();
            Assert.Equal("q", last);
        }
    }

    private static InputEvent Next(InputParser parser)
    {
        Assert.True(parser.TryRead(out var happened));
        return happened;
    }

    private static string Keys(byte[] octets, int piece)
    {
        var parser = new InputParser();
        for (var i = 0; i < octets.Length; i += piece) parser.Feed(Instant.Zero, octets.AsSpan(i, Math.Min(piece, octets.Length - i)));
        parser.Advance(Instant.Zero + TimeSpan.FromSeconds(1));
        return All(parser);
    }

    private static string All(InputParser parser)
    {
        var keys = new List<string>();
        while (parser.TryRead(out var happened)) keys.Add(happened.ToString()!);
        return string.Join(' ', keys);
    }
}
