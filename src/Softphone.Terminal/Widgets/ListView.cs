namespace Softphone.Terminal;

/// <summary>
/// Which row of a list is selected and which are seen. Rows come and go under it: what is selected stays on screen, and the selection stays
/// within the list.
/// </summary>
public sealed class ListView
{
    /// <summary>The selected row from 0; 0 in an empty list.</summary>
    public int Selected { get; private set; }

    /// <summary>The first row seen.</summary>
    public int Top { get; private set; }

    /// <summary>True when the key moved the selection: arrows, j and k, page keys, Home and End, g and G.</summary>
    public bool Handle(InputEvent.Key key, int count, int page)
    {
        var step = key switch
        {
            { Code: KeyCode.Down } or { Rune.Value: 'j', Modifiers: Modifiers.None } => 1,
            { Code: KeyCode.Up } or { Rune.Value: 'k', Modifiers: Modifiers.None } => -1,
            { Code: KeyCode.PageDown } => Math.Max(page - 1, 1),
            { Code: KeyCode.PageUp } => -Math.Max(page - 1, 1),
            { Code: KeyCode.Home } or { Rune.Value: 'g', Modifiers: Modifiers.None } => -count,
            { Code: KeyCode.End } or { Rune.Value: 'G' } => count,
            _ => 0,
        };
        if (step == 0) return false;
        Select(Selected + step, count);
        return true;
    }

    /// <summary>Selects a row, or the nearest there is.</summary>
    public void Select(int row, int count) => Selected = Math.Clamp(row, 0, Math.Max(count - 1, 0));

    /// <summary>Makes the selection fit a list of this length, seen through this many rows.</summary>
    public void Fit(int count, int rows)
    {
        Select(Selected, count);
        if (Selected < Top) Top = Selected;
        if (rows > 0 && Selected >= Top + rows) Top = Selected - rows + 1;
        Top = Math.Clamp(Top, 0, Math.Max(count - Math.Max(rows, 1), 0));
    }
}
