using System.Text;

namespace Softphone.Terminal;

/// <summary>One cell of a screen: a glyph, at most one mark combined with it, and its style. A wide glyph is followed by an empty cell.</summary>
public readonly record struct Cell
{
    /// <summary>The right half of a wide glyph.</summary>
    internal const int Continuation = -1;

    internal Cell(int scalar, char mark, Style style)
    {
        Scalar = scalar;
        Mark = mark;
        Style = style;
    }

    public Cell(Rune glyph, Style style = default)
        : this(glyph.Value, '\0', style)
    {
    }

    /// <summary>A space in the default style.</summary>
    public static Cell Blank { get; } = new(' ', '\0', default);

    public Style Style { get; }

    /// <summary>True for the right half of a wide glyph: nothing is drawn there.</summary>
    public bool IsContinuation => Scalar == Continuation;

    internal int Scalar { get; }

    internal char Mark { get; }
}
