namespace Softphone.Terminal;

/// <summary>How a cell looks beside its glyph.</summary>
[Flags]
public enum Emphasis : byte
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Reverse = 16,
}

/// <summary>Colours and emphasis of a cell. Colour is never the only signal: a screen must read without it.</summary>
public readonly record struct Style(Color Foreground = default, Color Background = default, Emphasis Emphasis = Emphasis.None)
{
    public static Style Plain => default;

    public static Style Bold => new(Emphasis: Emphasis.Bold);

    public static Style Dim => new(Emphasis: Emphasis.Dim);

    public static Style Reverse => new(Emphasis: Emphasis.Reverse);

    public Style With(Emphasis more) => this with { Emphasis = Emphasis | more };

    public static implicit operator Style(Color foreground) => new(foreground);
}
