namespace Softphone.Terminal;

/// <summary>Levels and short histories, drawn with blocks.</summary>
public static class Bars
{
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>A level from 0 to 1 as filled and empty blocks; green, and red where it is too much.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="x">The first column.</param>
    /// <param name="y">The row.</param>
    /// <param name="width">How many blocks.</param>
    /// <param name="level">0 to 1; beyond is cut.</param>
    /// <param name="high">From here on the level is too much.</param>
    public static void Level(Surface surface, int x, int y, int width, double level, double high = 0.9)
    {
        var filled = (int)Math.Round(Math.Clamp(double.IsNaN(level) ? 0 : level, 0, 1) * width);
        for (var i = 0; i < width; i++)
            surface.Put(x + i, y, i < filled ? '▮' : '▯', i >= filled ? Color.Grey : (double)i / width >= high ? Color.Red : Color.Green);
    }

    /// <summary>The last values as a line of bars, the newest at the right; what is not known is left blank.</summary>
    /// <param name="surface">Where to draw.</param>
    /// <param name="area">One row.</param>
    /// <param name="values">Oldest first; NaN for unknown.</param>
    /// <param name="low">The value of the lowest bar.</param>
    /// <param name="high">The value of the highest bar.</param>
    /// <param name="style">The colour of a value.</param>
    public static void Spark(Surface surface, Rect area, ReadOnlySpan<double> values, double low, double high, Func<double, Style> style)
    {
        var shown = values.Length > area.Width ? values[^area.Width..] : values;
        for (var i = 0; i < shown.Length; i++)
        {
            if (double.IsNaN(shown[i])) continue;
            var share = high > low ? (shown[i] - low) / (high - low) : 0;
            surface.Put(area.Right - shown.Length + i, area.Y, Heights[(int)Math.Clamp(share * Heights.Length, 0, Heights.Length - 1)], style(shown[i]));
        }
    }
}
