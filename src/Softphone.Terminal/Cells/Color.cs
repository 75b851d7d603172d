namespace Softphone.Terminal;

/// <summary>
/// A colour as the program means it: the terminal's own default, one of its 16 named colours, which follow the person's theme, or an exact
/// one. The renderer brings it down to what the terminal can show.
/// </summary>
public readonly record struct Color
{
    private const uint IndexedMark = 1u << 24;
    private const uint ExactMark = 2u << 24;

    private readonly uint _value;

    private Color(uint value) => _value = value;

    /// <summary>What the terminal uses when nothing is said.</summary>
    public static Color Default => default;

    public static Color Black => Named(0);

    public static Color Red => Named(1);

    public static Color Green => Named(2);

    public static Color Yellow => Named(3);

    public static Color Blue => Named(4);

    public static Color Magenta => Named(5);

    public static Color Cyan => Named(6);

    public static Color White => Named(7);

    /// <summary>Bright black: grey in every theme that can be read.</summary>
    public static Color Grey => Named(8);

    public bool IsDefault => _value == 0;

    /// <summary>One of the 16 colours of the theme.</summary>
    public bool IsNamed => (_value & IndexedMark) != 0;

    /// <summary>0 to 15 of a named colour.</summary>
    public int Index => (int)(_value & 0xFF);

    public byte R => (byte)(_value >> 16);

    public byte G => (byte)(_value >> 8);

    public byte B => (byte)_value;

    /// <summary>A colour of the theme.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 15.</exception>
    public static Color Named(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 15u, nameof(index));
        return new Color(IndexedMark | (uint)index);
    }

    public static Color Exact(byte r, byte g, byte b) => new(ExactMark | (uint)(r << 16 | g << 8 | b));

    public override string ToString() => IsDefault ? "default" : IsNamed ? $"colour {Index}" : $"#{R:x2}{G:x2}{B:x2}";
}
