namespace Softphone.Terminal;

/// <summary>A rectangle of cells. Width and height are never negative.</summary>
public readonly record struct Rect
{
    public Rect(int x, int y, int width, int height)
    {
        X = x;
        Y = y;
        Width = Math.Max(width, 0);
        Height = Math.Max(height, 0);
    }

    public int X { get; }

    public int Y { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The column after the last one.</summary>
    public int Right => X + Width;

    /// <summary>The row after the last one.</summary>
    public int Bottom => Y + Height;

    public bool IsEmpty => Width == 0 || Height == 0;

    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    public Rect Intersect(Rect other)
    {
        var (x, y) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        return new Rect(x, y, Math.Min(Right, other.Right) - x, Math.Min(Bottom, other.Bottom) - y);
    }

    /// <summary>Without this many cells on each side.</summary>
    public Rect Inset(int horizontal, int vertical) => new(X + horizontal, Y + vertical, Width - 2 * horizontal, Height - 2 * vertical);

    /// <summary>A rectangle of this size in the middle, no larger than this one.</summary>
    public Rect Centre(int width, int height)
    {
        (width, height) = (Math.Min(width, Width), Math.Min(height, Height));
        return new Rect(X + (Width - width) / 2, Y + (Height - height) / 2, width, height);
    }

    /// <summary>Cuts rows off the top, or off the bottom when negative.</summary>
    /// <returns>The part cut off, and what is left.</returns>
    public (Rect Cut, Rect Remainder) CutRows(int rows)
    {
        var height = Math.Min(Math.Abs(rows), Height);
        return rows >= 0
            ? (new Rect(X, Y, Width, height), new Rect(X, Y + height, Width, Height - height))
            : (new Rect(X, Bottom - height, Width, height), new Rect(X, Y, Width, Height - height));
    }

    /// <summary>Cuts columns off the left, or off the right when negative.</summary>
    /// <returns>The part cut off, and what is left.</returns>
    public (Rect Cut, Rect Remainder) CutColumns(int columns)
    {
        var width = Math.Min(Math.Abs(columns), Width);
        return columns >= 0
            ? (new Rect(X, Y, width, Height), new Rect(X + width, Y, Width - width, Height))
            : (new Rect(Right - width, Y, width, Height), new Rect(X, Y, Width - width, Height));
    }

    /// <summary>Side by side, by weight; the cells that do not divide go to the first ones.</summary>
    public Rect[] Columns(params ReadOnlySpan<int> weights)
    {
        var parts = new Rect[weights.Length];
        var x = X;
        foreach (var (i, width) in Share(Width, weights))
        {
            parts[i] = new Rect(x, Y, width, Height);
            x += width;
        }

        return parts;
    }

    /// <summary>One under the other, by weight.</summary>
    public Rect[] Rows(params ReadOnlySpan<int> weights)
    {
        var parts = new Rect[weights.Length];
        var y = Y;
        foreach (var (i, height) in Share(Height, weights))
        {
            parts[i] = new Rect(X, y, Width, height);
            y += height;
        }

        return parts;
    }

    private static List<(int Index, int Length)> Share(int length, ReadOnlySpan<int> weights)
    {
        var total = 0;
        foreach (var weight in weights) total += weight;
        var shares = new List<(int, int)>(weights.Length);
        var (passed, used) = (0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            passed += weights[i];
            // Rounded up, so that what is left over goes to the first ones.
            var end = total == 0 ? 0 : (length * passed + total - 1) / total;
            shares.Add((i, end - used));
            used = end;
        }

        return shares;
    }
}
