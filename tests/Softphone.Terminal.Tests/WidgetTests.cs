using System.Text;

namespace Softphone.Terminal.Tests;

/// <summary>Frames, tables, bars and the line that is typed.</summary>
public sealed class WidgetTests
{
    [Fact]
    public void Frames_ThatTouch_ShareTheirEdge()
    {
        var surface = new Surface(22, 5);
        Frame.Draw(surface, new Rect(0, 0, 11, 3), "A");
        Frame.Draw(surface, new Rect(10, 0, 12, 3), "B", hasFocus: true);
        Frame.Draw(surface, new Rect(0, 2, 22, 3), "Events", note: "2 of 9");
        Assert.Equal(
            """
            ┌ A ──────┬ B ───────┐
            │         │          │
            ├ Events ─┴──────────┤
            │                    │
            └──────────── 2 of 9 ┘
            """.ReplaceLineEndings("\n"),
            surface.ToString());
    }

    [Theory]
    [InlineData(40, " dir peer                  time   path", "▸→   202 Bob               0:06   relay")]
    [InlineData(24, " dir peer         time", "▸→   202 Bob      0:06")]
    [InlineData(11, " dir peer", "▸→   202 B…")]
    public void Table_InALackOfRoom_DropsWhatMattersLeast(int width, string head, string first)
    {
        Column[] columns = [new("dir", 3), new("peer", 0), new("time", 6, Importance: 2), new("path", 6, Importance: 1)];
        var surface = new Surface(width, 3);
        Table.Draw(surface, surface.Bounds, columns, 1, _ => ["→", "202 Bob", "0:06", "relay"], new ListView(), hasFocus: true);
        Assert.Equal(head, surface.TextOf(0));
        Assert.Equal(first, surface.TextOf(1));
    }

    [Fact]
    public void Text_Scrolled_NeverLeavesItsEnds()
    {
        var view = new ScrollView();
        view.Fit(100, 10);
        Assert.Equal((0, 10), (view.Top, view.Seen));
        Press(KeyCode.PageDown);
        Press(KeyCode.Down);
        Assert.Equal((10, 20), (view.Top, view.Seen));
        Press(KeyCode.End);
        Assert.Equal((90, 100), (view.Top, view.Seen));
        Press(KeyCode.Down);
        Assert.Equal(90, view.Top);
        view.Fit(50, 20);
        Assert.Equal(30, view.Top);
        view.Fit(5, 20);
        Assert.Equal((0, null), (view.Top, view.Seen));
        Assert.False(view.Handle(new InputEvent.Key(KeyCode.Enter)));

        void Press(KeyCode code) => Assert.True(view.Handle(new InputEvent.Key(code)));
    }

    [Fact]
    public void List_Scrolled_KeepsTheSelectionSeen()
    {
        var view = new ListView();
        view.Fit(100, 10);
        Press(view, KeyCode.End);
        view.Fit(100, 10);
        Assert.Equal((99, 90), (view.Selected, view.Top));
        Press(view, KeyCode.PageUp);
        view.Fit(100, 10);
        Assert.Equal((90, 90), (view.Selected, view.Top));
        Press(view, KeyCode.Up);
        view.Fit(100, 10);
        Assert.Equal((89, 89), (view.Selected, view.Top));
        view.Fit(3, 10);
        Assert.Equal((2, 0), (view.Selected, view.Top));
        Assert.False(view.Handle(new InputEvent.Key(KeyCode.Enter), 3, 10));

        static void Press(ListView view, KeyCode code) => Assert.True(view.Handle(new InputEvent.Key(code), 100, 10));
    }

    [Fact]
    public void Bars_ShowLevelsAndHistories()
    {
        var surface = new Surface(12, 2);
        Bars.Level(surface, 0, 0, 10, 0.5);
        Bars.Spark(surface, new Rect(0, 1, 8, 1), [9, 1, double.NaN, 2.75, 4.5, 9], 1, 4.5, _ => default);
        Assert.Equal("▮▮▮▮▮▯▯▯▯▯", surface.TextOf(0));
        Assert.Equal("  █▁ ▅██", surface.TextOf(1));
    }

    [Fact]
    public void Line_Edited_AsInAShell()
    {
        var line = new LineEditor(20);
        Type(line, "call bob alice");
        Key(line, 'w', Modifiers.Control);
        Assert.Equal("call bob ", line.Text);
        Assert.True(line.Handle(new InputEvent.Key(KeyCode.Left, default, Modifiers.Control)));
        Type(line, "b");
        Assert.Equal("call bbob ", line.Text);
        Key(line, 'k', Modifiers.Control);
        Assert.True(line.Handle(new InputEvent.Paste("x\ny\e")));
        Assert.Equal("call bx y", line.Text);
        Assert.Equal("call bx y", line.Commit());
        Assert.True(line.Handle(new InputEvent.Key(KeyCode.Up)));
        Assert.Equal("call bx y", line.Text);
        Assert.False(line.Handle(new InputEvent.Key(KeyCode.Enter)));
        Type(line, new string('z', 50));
        Assert.Equal(20, line.Text.Length);

        static void Type(LineEditor line, string text)
        {
            foreach (var rune in text.EnumerateRunes()) Assert.True(line.Handle(new InputEvent.Key(KeyCode.Character, rune)));
        }

        static void Key(LineEditor line, char letter, Modifiers held) => Assert.True(line.Handle(new InputEvent.Key(KeyCode.Character, new Rune(letter), held)));
    }

    [Fact]
    public void Line_LongerThanItsRoom_ShowsWhereOneTypes()
    {
        var line = new LineEditor { Text = "sip:somebody@example.net" };
        var surface = new Surface(10, 1);
        line.Draw(surface, surface.Bounds);
        Assert.Equal("ample.net", surface.TextOf(0));
        Assert.Equal((9, 0), surface.Cursor);
        line.Handle(new InputEvent.Key(KeyCode.Home));
        surface.Clear();
        line.Draw(surface, surface.Bounds, isSecret: true);
        Assert.Equal("••••••••••", surface.TextOf(0));
        Assert.Equal((0, 0), surface.Cursor);
    }

    [Theory]
    [InlineData(10, new[] { 1, 1, 1 }, new[] { 4, 3, 3 })]
    [InlineData(7, new[] { 2, 1 }, new[] { 5, 2 })]
    [InlineData(0, new[] { 1, 1 }, new[] { 0, 0 })]
    public void Rect_Shared_LosesNoCell(int length, int[] weights, int[] expected)
    {
        Assert.Equal(expected, new Rect(3, 4, length, 5).Columns(weights).Select(r => r.Width));
        Assert.Equal(expected, new Rect(3, 4, 5, length).Rows(weights).Select(r => r.Height));
    }
}
