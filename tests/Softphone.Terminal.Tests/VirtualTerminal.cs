using System.Text;

namespace Softphone.Terminal.Tests;

/// <summary>As much of a terminal as the renderer speaks to, so that what it writes can be looked at. Anything else is an error.</summary>
internal sealed class VirtualTerminal
{
    private readonly string[,] _glyphs;
    private readonly string[,] _styles;
    private int _x;
    private int _y;
    private string _style = "";

    public VirtualTerminal(int width, int height)
    {
        (Width, Height) = (width, height);
        _glyphs = new string[width, height];
        _styles = new string[width, height];
        Clear();
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsCursorShown { get; private set; } = true;

    public (int X, int Y) Cursor => (_x, _y);

    public int Sequences { get; private set; }

    public string TextOf(int y) => string.Concat(Enumerable.Range(0, Width).Select(x => _glyphs[x, y])).TrimEnd();

    public string StyleOf(int x, int y) => _styles[x, y];

    public void Write(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\e')
            {
                Assert.Equal('[', text[i + 1]);
                var end = i + 2;
                while (text[end] is < '@' or > '~') end++;
                Obey(text[(i + 2)..end], text[end]);
                Sequences++;
                i = end + 1;
                continue;
            }

            var rune = Rune.GetRuneAt(text, i);
            i += rune.Utf16SequenceLength;
            Assert.False(Rune.IsControl(rune), $"control character {rune.Value:x2}");
            var width = GlyphWidth.Of(rune);
            if (width == 0)
            {
                var at = _x - 1;
                while (_glyphs[at, _y].Length == 0) at--;
                _glyphs[at, _y] += rune.ToString();
                continue;
            }

            Assert.True(_x >= 0 && _x + width <= Width && _y >= 0 && _y < Height, $"{rune} at {_x},{_y}");
            _glyphs[_x, _y] = rune.ToString();
            _styles[_x, _y] = _style;
            if (width == 2) (_glyphs[_x + 1, _y], _styles[_x + 1, _y]) = ("", _style);
            _x += width;
        }
    }

    private void Obey(string parameters, char final)
    {
        var numbers = parameters.TrimStart('?').Split(';').Select(p => p.Length == 0 ? 0 : int.Parse(p)).ToArray();
        switch (final)
        {
            case 'H':
                (_x, _y) = (Math.Max(numbers.ElementAtOrDefault(1), 1) - 1, Math.Max(numbers[0], 1) - 1);
                break;
            case 'C':
                _x += Math.Max(numbers[0], 1);
                break;
            case 'J' when parameters == "2":
                Clear();
                break;
            case 'm':
                Paint(numbers);
                break;
            case 'h' or 'l' when parameters == "?25":
                IsCursorShown = final == 'h';
                break;
            case 'h' or 'l' when parameters == "?2026":
                break;
            default:
                Assert.Fail($"CSI {parameters}{final}");
                break;
        }
    }

    private readonly SortedDictionary<string, string> _attributes = [];

    private void Paint(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            switch (numbers[i])
            {
                case 0:
                    _attributes.Clear();
                    break;
                case < 10:
                    _attributes[$"e{numbers[i]}"] = "";
                    break;
                case 39 or 49:
                    _attributes.Remove(numbers[i] == 39 ? "fg" : "bg");
                    break;
                case 38 or 48:
                    var length = numbers[i + 1] == 5 ? 3 : 5;
                    _attributes[numbers[i] == 38 ? "fg" : "bg"] = string.Join(':', numbers[(i + 1)..(i + length)]);
                    i += length - 1;
                    break;
                case >= 30 and < 38 or >= 90 and < 98:
                    _attributes["fg"] = $"{numbers[i] % 10 + (numbers[i] >= 90 ? 8 : 0)}";
                    break;
                case >= 40 and < 48 or >= 100 and < 108:
                    _attributes["bg"] = $"{numbers[i] % 10 + (numbers[i] >= 100 ? 8 : 0)}";
                    break;
                default:
                    Assert.Fail($"SGR {numbers[i]}");
                    break;
            }
        }

        _style = string.Join(' ', _attributes.Select(a => a.Key + a.Value));
    }

    private void Clear()
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                _glyphs[x, y] = " ";
                _styles[x, y] = _style;
            }
        }
    }
}
