namespace Softphone.Terminal;

/// <summary>The nearest colour that a terminal of fewer colours has.</summary>
internal static class Palette
{
    private static readonly byte[] Levels = [0, 95, 135, 175, 215, 255];

    /// <summary>One of the 256 of xterm: its cube of 6×6×6 or its ramp of greys, whichever is nearer.</summary>
    public static int Indexed(Color color)
    {
        var (r, g, b) = (Nearest(color.R), Nearest(color.G), Nearest(color.B));
        var cube = 16 + 36 * r + 6 * g + b;
        var average = (color.R + color.G + color.B) / 3;
        var grey = Math.Clamp((average - 3) / 10, 0, 23);
        var level = 8 + 10 * grey;
        return Distance(color, Levels[r], Levels[g], Levels[b]) <= Distance(color, level, level, level) ? cube : 232 + grey;
    }

    /// <summary>One of the 16 of the theme: a bit for each primary that is strong in it, and the bright half for a light one.</summary>
    public static int Sixteen(Color color)
    {
        var most = Math.Max(color.R, Math.Max(color.G, color.B));
        if (most < 48) return 0;
        var index = (color.R > most * 2 / 3 ? 1 : 0) | (color.G > most * 2 / 3 ? 2 : 0) | (color.B > most * 2 / 3 ? 4 : 0);
        if (index == 7 && most < 160) return 8;
        return index + (most > 220 && index != 7 ? 8 : 0);
    }

    private static int Nearest(byte value)
    {
        var best = 0;
        for (var i = 1; i < Levels.Length; i++)
            if (Math.Abs(Levels[i] - value) < Math.Abs(Levels[best] - value)) best = i;
        return best;
    }

    private static int Distance(Color color, int r, int g, int b) =>
        (color.R - r) * (color.R - r) + (color.G - g) * (color.G - g) + (color.B - b) * (color.B - b);
}
