namespace Softphone.Terminal;

/// <summary>
/// What the named colours of the screens look like. The first leaves all to the terminal; the others bring their own ground, so that what they
/// promise of contrast holds on any terminal. Where a terminal has no colours, or NO_COLOR says so, a theme changes nothing.
/// </summary>
public sealed class Theme
{
    private readonly Color[] _named;

    private Theme(string name, string about, Color ink, Color ground, params Color[] named) => (Name, About, Ink, Ground, _named) = (name, about, ink, ground, named);

    /// <summary>The colours of the terminal's own theme.</summary>
    public static Theme Terminal { get; } = new("terminal", "the colours of the terminal", Color.Default, Color.Default);

    /// <summary>All of them, the usual one first.</summary>
    public static IReadOnlyList<Theme> All { get; } =
    [
        Terminal,
        new("dark", "light on dark", Hex(0xD8DEE9), Hex(0x1B1F27), Hex(0x1B1F27), Hex(0xFF7B72), Hex(0x8BD17C), Hex(0xF2CC60), Hex(0x82AAFF), Hex(0xC792EA), Hex(0x6CC7E8), Hex(0xFFFFFF), Hex(0x8A93A3)),
        new("light", "dark on light", Hex(0x22272E), Hex(0xFAFAF7), Hex(0x22272E), Hex(0xB3261E), Hex(0x1E6B34), Hex(0x7A5200), Hex(0x1F4E9E), Hex(0x7A2E8E), Hex(0x005F87), Hex(0x5C6470), Hex(0x5C6470)),
        // After Okabe and Ito: blue is well, yellow is a warning, orange is wrong; no two of them look alike to any of the usual colour-blind.
        new("colour-blind", "blue for well, orange for wrong, no red beside green", Hex(0xE6E6E6), Hex(0x101418), Hex(0x101418), Hex(0xE8762C), Hex(0x56B4E9), Hex(0xF5E663), Hex(0x9DB2FF), Hex(0xCC79A7), Hex(0xFFFFFF), Hex(0xFFFFFF), Hex(0x8F99A3)),
    ];

    /// <summary>As it is called in settings, and after --theme.</summary>
    public string Name { get; }

    /// <summary>A few words on it.</summary>
    public string About { get; }

    /// <summary>Of text that has no colour.</summary>
    public Color Ink { get; }

    /// <summary>Behind all of it.</summary>
    public Color Ground { get; }

    /// <summary>The theme of this name; null when there is none.</summary>
    public static Theme? Named(string name)
    {
        foreach (var theme in All)
            if (theme.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return theme;
        return null;
    }

    /// <summary>The one after this.</summary>
    public Theme Next()
    {
        var at = 0;
        while (All[at] != this) at++;
        return All[(at + 1) % All.Count];
    }

    /// <summary>What a colour of a screen is in this theme.</summary>
    public Color Of(Color color, bool isBehind) =>
        color.IsDefault ? isBehind ? Ground : Ink
        : color.IsNamed && color.Index < _named.Length ? _named[color.Index] : color;

    private static Color Hex(int rgb) => Color.Exact((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
}
