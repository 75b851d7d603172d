using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Words that rows of a list must have, typed below the list after "/". Escape forgets them, Enter keeps them.</summary>
public sealed class ListFilter
{
    private readonly LineEditor _editor = new(256);

    /// <summary>Keys are text of the filter.</summary>
    public bool IsOpen { get; private set; }

    public string Text
    {
        get => _editor.Text.Trim();
        set => _editor.Text = value;
    }

    /// <summary>A row is taken for the filter's line.</summary>
    public bool IsShown => IsOpen || Text.Length > 0;

    public void Open() => IsOpen = true;

    /// <summary>Forgets the words; false when there are none.</summary>
    public bool Clear()
    {
        if (!IsShown) return false;
        IsOpen = false;
        _editor.Text = "";
        return true;
    }

    /// <summary>True when every word is in one of the texts, whatever its case and accents.</summary>
    public bool Matches(params ReadOnlySpan<string> texts) => Letters.Have(Text, texts);

    /// <summary>True when the input was the filter's; the keys that move in the list never are.</summary>
    public bool Handle(InputEvent input)
    {
        if (!IsOpen) return false;
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Enter }:
                IsOpen = false;
                return true;
            case InputEvent.Key { Code: KeyCode.Escape }:
                return Clear();
            case InputEvent.Key { Code: KeyCode.Up or KeyCode.Down or KeyCode.PageUp or KeyCode.PageDown }:
                return false;
            default:
                return _editor.Handle(input);
        }
    }

    /// <summary>Draws the line, and takes its row off the area.</summary>
    public Rect Draw(Surface surface, Rect area)
    {
        if (!IsShown) return area;
        var (line, rest) = area.CutRows(-1);
        var x = surface.Write(line.X, line.Y, " /", IsOpen ? Style.Bold : Style.Dim);
        var room = new Rect(x, line.Y, line.Right - x, 1);
        if (IsOpen) _editor.Draw(surface, room);
        else surface.Write(x, line.Y, $"{Text}  (Esc shows all)", Style.Dim, room.Width);
        return rest;
    }
}
