using System.Text;

namespace Softphone.Terminal;

/// <summary>One line of text being typed: readline's keys, paste, and lines typed before.</summary>
public sealed class LineEditor
{
    private readonly int _longest;
    private readonly List<Rune> _text = [];
    private readonly List<string> _history = [];
    private int _at;
    private int _recalled;

    /// <param name="longest">How many characters fit.</param>
    public LineEditor(int longest = 512) => _longest = longest;

    /// <summary>The text; setting it puts the cursor behind it.</summary>
    public string Text
    {
        get => string.Concat(_text);
        set
        {
            _text.Clear();
            _at = 0;
            Insert(value);
        }
    }

    /// <summary>Remembers the line for Up and Down, and starts an empty one.</summary>
    public string Commit()
    {
        var line = Text;
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line)) _history.Add(line);
        if (_history.Count > 100) _history.RemoveAt(0);
        _recalled = _history.Count;
        Text = "";
        return line;
    }

    /// <summary>True when the input belonged to the line; Enter, Escape and Tab never do.</summary>
    public bool Handle(InputEvent happened)
    {
        switch (happened)
        {
            case InputEvent.Paste paste:
                Insert(paste.Text.ReplaceLineEndings(" "));
                return true;
            case InputEvent.Key { Code: KeyCode.Character, Modifiers: Modifiers.None or Modifiers.Shift } key:
                Insert(key.Rune.ToString());
                return true;
            case InputEvent.Key key:
                return Edit(key);
            default:
                return false;
        }
    }

    /// <summary>Draws the line and puts the cursor there; a long one is scrolled so that the cursor is seen.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="area">One row.</param>
    /// <param name="isSecret">Dots in place of the text.</param>
    public void Draw(Surface surface, Rect area, bool isSecret = false)
    {
        if (area.IsEmpty) return;
        var first = _at;
        for (var used = 1; first > 0 && used + Width(first - 1, isSecret) <= area.Width; first--) used += Width(first - 1, isSecret);
        var x = area.X;
        for (var i = first; i < _text.Count && x + Width(i, isSecret) <= area.Right; i++)
        {
            if (i == _at) surface.Cursor = (x, area.Y);
            x = surface.Write(x, area.Y, isSecret ? "•" : _text[i].ToString());
        }

        if (_at == _text.Count) surface.Cursor = (Math.Min(x, area.Right - 1), area.Y);
    }

    private bool Edit(InputEvent.Key key)
    {
        var name = key.Modifiers == Modifiers.Control && key.Code == KeyCode.Character ? (char)key.Rune.Value : '\0';
        switch (key.Code)
        {
            case KeyCode.Left when key.Modifiers == Modifiers.Control:
                _at = WordStart();
                return true;
            case KeyCode.Right when key.Modifiers == Modifiers.Control:
                _at = WordEnd();
                return true;
            case KeyCode.Left:
                _at = Math.Max(_at - 1, 0);
                return true;
            case KeyCode.Right:
                _at = Math.Min(_at + 1, _text.Count);
                return true;
            case KeyCode.Home:
                _at = 0;
                return true;
            case KeyCode.End:
                _at = _text.Count;
                return true;
            case KeyCode.Backspace:
                Remove(key.Modifiers.HasFlag(Modifiers.Alt) ? WordStart() : Math.Max(_at - 1, 0), _at);
                return true;
            case KeyCode.Delete:
                Remove(_at, Math.Min(_at + 1, _text.Count));
                return true;
            case KeyCode.Up when _history.Count > 0:
                Recall(_recalled - 1);
                return true;
            case KeyCode.Down when _history.Count > 0:
                Recall(_recalled + 1);
                return true;
        }

        switch (name)
        {
            case 'a':
                _at = 0;
                return true;
            case 'e':
                _at = _text.Count;
                return true;
            case 'u':
                Remove(0, _at);
                return true;
            case 'k':
                Remove(_at, _text.Count);
                return true;
            case 'w':
                Remove(WordStart(), _at);
                return true;
            default:
                return false;
        }
    }

    private int Width(int index, bool isSecret) => isSecret ? 1 : GlyphWidth.Of(_text[index]);

    private void Insert(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (_text.Count >= _longest) return;
            if (Rune.IsControl(rune)) continue;
            _text.Insert(_at++, rune);
        }
    }

    private void Remove(int from, int to)
    {
        _text.RemoveRange(from, to - from);
        _at = from;
    }

    private void Recall(int index)
    {
        _recalled = Math.Clamp(index, 0, _history.Count);
        Text = _recalled < _history.Count ? _history[_recalled] : "";
    }

    private int WordStart()
    {
        var at = _at;
        while (at > 0 && Rune.IsWhiteSpace(_text[at - 1])) at--;
        while (at > 0 && !Rune.IsWhiteSpace(_text[at - 1])) at--;
        return at;
    }

    private int WordEnd()
    {
        var at = _at;
        while (at < _text.Count && Rune.IsWhiteSpace(_text[at])) at++;
        while (at < _text.Count && !Rune.IsWhiteSpace(_text[at])) at++;
        return at;
    }
}
