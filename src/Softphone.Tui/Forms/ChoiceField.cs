using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One of several words: side by side, or one a row with what each means.</summary>
/// <param name="label">A word or two at its left.</param>
/// <param name="options">The words, with what they mean.</param>
public sealed class ChoiceField(string label, params (string Word, string Meaning)[] options) : FormField(label)
{
    private int _chosen;

    /// <summary>The index of the word that is chosen.</summary>
    public int Chosen
    {
        get => _chosen;
        set => _chosen = Math.Clamp(value, 0, options.Length - 1);
    }

    public string Word => options[Chosen].Word;

    /// <summary>One word a row, with its meaning beside it; else they stand side by side.</summary>
    public bool IsTall { get; init; }

    public override int Height => IsTall ? options.Length : 1;

    public override bool Handle(InputEvent input)
    {
        if (input is not InputEvent.Key key) return false;
        var step = key switch
        {
            { Code: KeyCode.Right } or { Rune.Value: ' ' or 'l', Modifiers: Modifiers.None } => 1,
            { Code: KeyCode.Left } or { Rune.Value: 'h', Modifiers: Modifiers.None } => -1,
            { Code: KeyCode.Down } or { Rune.Value: 'j', Modifiers: Modifiers.None } when IsTall && Chosen < options.Length - 1 => 1,
            { Code: KeyCode.Up } or { Rune.Value: 'k', Modifiers: Modifiers.None } when IsTall && Chosen > 0 => -1,
            _ => 0,
        };
        if (step != 0)
        {
            _chosen = (_chosen + step + options.Length) % options.Length;
            return true;
        }

        return key is { Code: KeyCode.Character, Modifiers: Modifiers.None } && ChooseByLetter(key);
    }

    public override void Draw(Surface surface, Rect area, bool hasFocus)
    {
        var x = area.X;
        var width = options.Max(o => GlyphWidth.Of(o.Word));
        for (var i = 0; i < options.Length; i++)
        {
            var isChosen = i == Chosen;
            var style = !isChosen ? Style.Plain : hasFocus ? Style.Reverse.With(Emphasis.Bold) : Style.Bold;
            if (IsTall)
            {
                if (i >= area.Height) return;
                surface.Write(area.X, area.Y + i, isChosen ? "●" : "○", style: isChosen ? Color.Cyan : Color.Grey);
                surface.Write(area.X + 2, area.Y + i, options[i].Word, style, area.Width - 2);
                surface.Write(area.X + width + 4, area.Y + i, options[i].Meaning, isChosen ? Style.Plain : Style.Dim, area.Width - width - 4);
            }
            else
            {
                x = surface.Write(x, area.Y, isChosen ? $"[{options[i].Word}]" : $" {options[i].Word} ", style, area.Right - x) + 1;
            }
        }
    }

    private bool ChooseByLetter(InputEvent.Key key)
    {
        for (var i = 1; i <= options.Length; i++)
        {
            var index = (Chosen + i) % options.Length;
            if (!options[index].Word.StartsWith(key.Rune.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            _chosen = index;
            return true;
        }

        return false;
    }
}
