using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>How keys are written in help, in footers and in bindings.</summary>
internal static class KeyNames
{
    public static string Of(InputEvent.Key key)
    {
        var name = key.Code switch
        {
            KeyCode.Character when key.Rune.Value == ' ' => "Space",
            KeyCode.Character when key.Modifiers.HasFlag(Modifiers.Control) => key.Rune.ToString().ToUpperInvariant(),
            KeyCode.Character => key.Rune.ToString(),
            KeyCode.Escape => "Esc",
            KeyCode.BackTab => "Shift-Tab",
            KeyCode.PageUp => "PgUp",
            KeyCode.PageDown => "PgDn",
            KeyCode.Delete => "Del",
            KeyCode.Insert => "Ins",
            var code => code.ToString(),
        };
        return (key.Modifiers.HasFlag(Modifiers.Control) ? "Ctrl-" : "") + (key.Modifiers.HasFlag(Modifiers.Alt) ? "Alt-" : "")
            + (key.Modifiers.HasFlag(Modifiers.Shift) && key.Code != KeyCode.BackTab ? "Shift-" : "") + name;
    }

    /// <summary>A key that is never text: with Ctrl or Alt, or a function key.</summary>
    public static bool IsSpecial(InputEvent.Key key) =>
        (key.Modifiers & (Modifiers.Control | Modifiers.Alt)) != 0 || key.Code is >= KeyCode.F1 and <= KeyCode.F12;

    /// <summary>The DTMF key of a digit, "*" or "#"; null for any other key.</summary>
    public static char? Digit(InputEvent.Key key) =>
        key is { Code: KeyCode.Character, Modifiers: Modifiers.None, Rune.Value: (>= '0' and <= '9') or '*' or '#' } ? (char)key.Rune.Value : null;
}
