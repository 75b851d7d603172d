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

    private static readonly string[] Named = ["Space", "Enter", "Tab", "Shift-Tab", "Backspace", "Esc", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Ins", "Del", .. Enumerable.Range(1, 12).Select(n => $"F{n}")];

    /// <summary>Those that move in lists and between fields, go back, or end: no key map changes them.</summary>
    private static readonly string[] Fixed = ["Enter", "Tab", "Shift-Tab", "Backspace", "Esc", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Ins", "Del", "j", "k", "g", "G", "*", "#", "Ctrl-C", "Ctrl-Z", "0-9 * #"];

    /// <summary>Reads a key as people write it, "ctrl-r", "F5", "space", "H"; gives it as <see cref="Of"/> does.</summary>
    public static bool TryRead(string text, out string key)
    {
        var (rest, control, alt) = (text, false, false);
        while (true)
        {
            if (rest.StartsWith("Ctrl-", StringComparison.OrdinalIgnoreCase) && rest.Length > 5) (rest, control) = (rest[5..], true);
            else if (rest.StartsWith("Alt-", StringComparison.OrdinalIgnoreCase) && rest.Length > 4) (rest, alt) = (rest[4..], true);
            else break;
        }

        var prefix = (control ? "Ctrl-" : "") + (alt ? "Alt-" : "");
        key = "";
        if (Array.Find(Named, n => n.Equals(rest, StringComparison.OrdinalIgnoreCase)) is { } named) key = prefix + named;
        else if (rest.EnumerateRunes().Count() == 1 && !char.IsControl(rest[0]) && rest[0] != ' ') key = prefix + (control ? rest.ToUpperInvariant() : rest);
        return key.Length > 0;
    }

    /// <summary>The key that a terminal sends in place of this one; null when it sends this one.</summary>
    public static string? SentAs(string key) => key switch
    {
        "Ctrl-H" => "Backspace",
        "Ctrl-I" => "Tab",
        "Ctrl-J" or "Ctrl-M" => "Enter",
        "Ctrl-[" => "Esc",
        _ => null,
    };

    /// <summary>A key that no key map gives another meaning.</summary>
    public static bool IsFixed(string key) => key is [>= '0' and <= '9'] || Array.IndexOf(Fixed, key) >= 0;

    /// <summary>A key, as it is written, that is never text.</summary>
    public static bool IsSpecial(string key) =>
        key.StartsWith("Ctrl-", StringComparison.Ordinal) || key.StartsWith("Alt-", StringComparison.Ordinal) || key is ['F', >= '1' and <= '9', ..];

    /// <summary>A key that is never text: with Ctrl or Alt, or a function key.</summary>
    public static bool IsSpecial(InputEvent.Key key) =>
        (key.Modifiers & (Modifiers.Control | Modifiers.Alt)) != 0 || key.Code is >= KeyCode.F1 and <= KeyCode.F12;

    /// <summary>The DTMF key of a digit, "*" or "#"; null for any other key.</summary>
    public static char? Digit(InputEvent.Key key) =>
        key is { Code: KeyCode.Character, Modifiers: Modifiers.None, Rune.Value: (>= '0' and <= '9') or '*' or '#' } ? (char)key.Rune.Value : null;
}
