namespace Softphone.Terminal;

/// <summary>Which rows of a text are seen: moved by the keys that move in lists, and by the wheel, and never past its ends.</summary>
public sealed class ScrollView
{
    private int _count;
    private int _rows = 1;

    /// <summary>The first row seen.</summary>
    public int Top { get; private set; }

    /// <summary>How much of the text is above the lower edge, in percent; null where all of it is seen.</summary>
    public int? Seen => _count > _rows ? 100 * Math.Min(Top + _rows, _count) / _count : null;

    /// <summary>True when the input moved the text: arrows, j and k, page keys, Home and End, g and G, the wheel.</summary>
    public bool Handle(InputEvent input)
    {
        var step = input switch
        {
            InputEvent.Key { Code: KeyCode.Down } or InputEvent.Key { Rune.Value: 'j', Modifiers: Modifiers.None } => 1,
            InputEvent.Key { Code: KeyCode.Up } or InputEvent.Key { Rune.Value: 'k', Modifiers: Modifiers.None } => -1,
            InputEvent.Key { Code: KeyCode.PageDown } => Math.Max(_rows - 1, 1),
            InputEvent.Key { Code: KeyCode.PageUp } => -Math.Max(_rows - 1, 1),
            InputEvent.Key { Code: KeyCode.Home } or InputEvent.Key { Rune.Value: 'g', Modifiers: Modifiers.None } => -_count,
            InputEvent.Key { Code: KeyCode.End } or InputEvent.Key { Rune.Value: 'G' } => _count,
            InputEvent.Mouse { Action: MouseAction.WheelDown } => 3,
            InputEvent.Mouse { Action: MouseAction.WheelUp } => -3,
            _ => 0,
        };
        if (step == 0) return false;
        Top = Math.Clamp(Top + step, 0, Math.Max(_count - _rows, 0));
        return true;
    }

    /// <summary>Has this row as the first, or the nearest there is when the text is drawn next.</summary>
    public void To(int row) => Top = Math.Max(row, 0);

    /// <summary>Makes it fit a text of this length, seen through this many rows.</summary>
    public void Fit(int count, int rows)
    {
        (_count, _rows) = (count, Math.Max(rows, 1));
        Top = Math.Clamp(Top, 0, Math.Max(_count - _rows, 0));
    }
}
