using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Writes pieces of one row behind each other, each in its own style, and never past the end. Numbers are written without a string.</summary>
/// <param name="surface">Where to draw.</param>
/// <param name="x">The first column.</param>
/// <param name="y">The row.</param>
/// <param name="end">The column after the last one.</param>
internal ref struct Pen(Surface surface, int x, int y, int end)
{
    public int X { get; private set; } = x;

    public readonly int Room => Math.Max(end - X, 0);

    public void Write(scoped ReadOnlySpan<char> text, Style style = default) => X = surface.Write(X, y, text, style, Room);

    public void Write(Style style, scoped ref Piece piece) => Write(piece.Text, style);

    /// <summary>Writes it only when all of it fits.</summary>
    public bool TryWrite(scoped ReadOnlySpan<char> text, Style style = default)
    {
        if (GlyphWidth.Of(text) > Room) return false;
        Write(text, style);
        return true;
    }

    public void Space(int columns = 1) => X += columns;

    /// <summary>An interpolated text of at most 128 characters, built in place.</summary>
    [InterpolatedStringHandler]
    internal ref struct Piece
    {
        private Letters _letters;
        private int _length;

        public Piece(int literalLength, int formattedCount)
        {
        }

        [UnscopedRef]
        public ReadOnlySpan<char> Text => ((ReadOnlySpan<char>)_letters)[.._length];

        public void AppendLiteral(string text) => AppendFormatted(text.AsSpan());

        public void AppendFormatted(scoped ReadOnlySpan<char> text)
        {
            Span<char> room = ((Span<char>)_letters)[_length..];
            var count = Math.Min(text.Length, room.Length);
            text[..count].CopyTo(room);
            _length += count;
        }

        public void AppendFormatted(int number, string? format = null)
        {
            if (number.TryFormat(((Span<char>)_letters)[_length..], out var written, format)) _length += written;
        }

        /// <summary>A figure with a point, whatever the person's country writes.</summary>
        public void AppendFormatted(double number, string? format = null)
        {
            if (number.TryFormat(((Span<char>)_letters)[_length..], out var written, format, System.Globalization.CultureInfo.InvariantCulture)) _length += written;
        }

        public void AppendFormatted(char letter) => AppendFormatted(new ReadOnlySpan<char>(in letter));

        [InlineArray(128)]
        private struct Letters
        {
            private char _first;
        }
    }
}
