using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Labelled fields, one below the other. Up, Down, Tab and Shift-Tab go from field to field; a field says what is wrong with it when it is
/// left. What was typed stays until the form itself is gone, shown or not.
/// </summary>
public sealed class Form(params FormField[] fields)
{
    private int _focus;
    private int _top;

    public IReadOnlyList<FormField> Fields => fields;

    /// <summary>Where the keys go; null when no field is shown.</summary>
    public FormField? Focused
    {
        get
        {
            if (fields.Length > 0 && fields[_focus].IsShown()) return fields[_focus];
            return fields.FirstOrDefault(f => f.IsShown());
        }
    }

    /// <summary>Room for the widest label that is shown.</summary>
    private int LabelWidth => fields.Where(f => f.IsShown()).Select(f => GlyphWidth.Of(f.Label)).DefaultIfEmpty().Max() + 2;

    public void Focus(FormField field) => _focus = Math.Max(Array.IndexOf(fields, field), 0);

    /// <summary>True when the input was used: it moved, or the field took it.</summary>
    public bool Handle(InputEvent input)
    {
        if (Focused is not { } field) return false;
        if (field.Handle(input))
        {
            // What was wrong is looked at again while it is being mended, but nothing is blamed that is just being typed.
            if (field.Problem.Length > 0) field.Validate();
            return true;
        }

        if (input is not InputEvent.Key key) return false;
        switch (key.Code)
        {
            case KeyCode.Down or KeyCode.Tab:
                return Move(1);
            case KeyCode.Up or KeyCode.BackTab:
                return Move(-1);
            default:
                return false;
        }
    }

    /// <summary>Goes to the next field; false at the last one.</summary>
    public bool Next() => Move(1);

    /// <summary>Looks at every field that is shown; goes to the first wrong one.</summary>
    public bool Validate()
    {
        FormField? wrong = null;
        foreach (var field in fields.Where(f => f.IsShown()))
            if (!field.Validate()) wrong ??= field;
        if (wrong is not null) Focus(wrong);
        return wrong is null;
    }

    /// <summary>Draws the fields that fit, and below them what the one with the keys is for.</summary>
    public void Draw(Surface surface, Rect area)
    {
        var focused = Focused;
        var label = LabelWidth;
        var text = focused is ChoiceField { IsTall: false, Help.Length: > 0 } ? $"{focused.Help} Left and Right choose." : focused?.Help ?? "";
        var help = text.Length > 0 ? Paragraph.Wrap(text, area.Width - 2).Count + 1 : 0;
        var (rows, note) = area.CutRows(Math.Max(Math.Min(Rows(), area.Height - help), Math.Min(3, area.Height)));
        ScrollTo(focused, rows.Height);
        var y = rows.Y - _top;
        foreach (var field in fields.Where(f => f.IsShown()))
        {
            var height = HeightOf(field);
            if (y >= rows.Y && y + height <= rows.Bottom) DrawField(surface, new Rect(rows.X, y, rows.Width, height), field, label, field == focused);
            y += height;
        }

        if (help > 0) Paragraph.Draw(surface, new Rect(note.X + 2, note.Y + 1, note.Width - 2, note.Height - 1), text, Style.Dim);
    }

    private static int HeightOf(FormField field) => field.Height + (field.Problem.Length > 0 ? 1 : 0);

    private static void DrawField(Surface surface, Rect area, FormField field, int label, bool hasFocus)
    {
        surface.Write(area.X, area.Y, hasFocus ? "▸" : " ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        surface.Write(area.X + 2, area.Y, field.Label, hasFocus ? Style.Bold : Style.Plain, label);
        var value = new Rect(area.X + 2 + label, area.Y, Math.Min(area.Width - label - 2, field.Height > 1 ? int.MaxValue : 60), field.Height);
        field.Draw(surface, value, hasFocus);
        if (field.Problem.Length > 0) surface.Write(value.X, area.Y + field.Height, $"✗ {field.Problem}", Color.Red, area.Right - value.X);
    }

    private int Rows() => fields.Where(f => f.IsShown()).Sum(HeightOf);

    private void ScrollTo(FormField? focused, int rows)
    {
        var above = fields.Where(f => f.IsShown()).TakeWhile(f => f != focused).Sum(HeightOf);
        var height = focused is null ? 0 : HeightOf(focused);
        if (above < _top) _top = above;
        if (above + height > _top + rows) _top = above + height - rows;
        _top = Math.Clamp(_top, 0, Math.Max(Rows() - rows, 0));
    }

    private bool Move(int step)
    {
        var from = Focused;
        for (var i = Array.IndexOf(fields, from) + step; i >= 0 && i < fields.Length; i += step)
        {
            if (!fields[i].IsShown()) continue;
            from?.Validate();
            _focus = i;
            return true;
        }

        return false;
    }
}
