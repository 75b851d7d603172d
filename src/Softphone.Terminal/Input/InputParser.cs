using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Softphone.Terminal;

/// <summary>
/// Octets of a terminal to what the person did: UTF-8 characters, control keys, the escape sequences of xterm and its kin, the kitty
/// keyboard protocol, SGR mouse, bracketed paste and focus. A sequence may come in pieces; a lone Escape is one when nothing follows for
/// <see cref="EscapeTime"/>. What it does not know it drops whole. Memory is bounded.
/// </summary>
public sealed class InputParser
{
    /// <summary>How long an Escape waits for the rest of a sequence.</summary>
    public static readonly TimeSpan EscapeTime = TimeSpan.FromMilliseconds(25);

    /// <summary>A longer paste is cut.</summary>
    public const int LongestPaste = 1 << 16;

    private const int LongestSequence = 64;
    private const byte Escape = 0x1B;

    private readonly Queue<InputEvent> _events = [];
    private readonly List<byte> _pending = [];
    private readonly List<byte> _paste = [];
    private Instant? _escapeDue;
    private bool _isPasting;
    private bool _isSkipping;

    /// <summary>When a lone Escape becomes a key; null when nothing waits.</summary>
    public Instant? NextTimeout => _escapeDue;

    public bool TryRead([NotNullWhen(true)] out InputEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>Octets as they were read.</summary>
    public void Feed(Instant now, ReadOnlySpan<byte> octets)
    {
        Advance(now);
        foreach (var octet in octets) Take(octet);
        _escapeDue = _pending.Count > 0 && _pending[0] == Escape ? now + EscapeTime : null;
    }

    public void Advance(Instant now)
    {
        if (_escapeDue is not { } due || now < due) return;
        _escapeDue = null;
        var octets = _pending.ToArray();
        _pending.Clear();
        Press(KeyCode.Escape);
        // What came after it was typed, then: "Escape [" is two keys.
        foreach (var octet in octets.AsSpan(1)) Take(octet);
    }

    private void Take(byte octet)
    {
        if (_isPasting)
        {
            TakePasted(octet);
            return;
        }

        if (_isSkipping)
        {
            _isSkipping = octet is < 0x40 or > 0x7E;
            return;
        }

        // An Escape within a sequence starts a new one; Escape Escape is Alt-Escape, which nobody binds: it counts as the first one.
        if (octet == Escape && _pending.Count > 0)
        {
            if (_pending.Count == 1) Press(KeyCode.Escape);
            _pending.Clear();
        }

        _pending.Add(octet);
        if (!TryTakePending()) return;
        _pending.Clear();
    }

    /// <summary>True when what is pending was a whole thing, known or not.</summary>
    private bool TryTakePending()
    {
        var first = _pending[0];
        if (first != Escape) return first < 0x80 ? TakeControl(first, Modifiers.None) : TakeRune(0, Modifiers.None);
        if (_pending.Count == 1) return false;
        var second = _pending[1];
        switch (second)
        {
            case (byte)'[':
                return TakeControlSequence();
            case (byte)'O':
                return _pending.Count > 2 && TakeKeypad(_pending[2]);
            default:
                return second < 0x80 ? TakeControl(second, Modifiers.Alt) : TakeRune(1, Modifiers.Alt);
        }
    }

    private bool TakeControl(byte octet, Modifiers held)
    {
        switch (octet)
        {
            case 0x0D:
                Press(KeyCode.Enter, held);
                break;
            case 0x09:
                Press(KeyCode.Tab, held);
                break;
            case 0x7F or 0x08:
                Press(KeyCode.Backspace, held);
                break;
            case 0x00:
                Press(new Rune(' '), held | Modifiers.Control);
                break;
            case < 0x20:
                Press(new Rune((char)(octet < 0x1B ? octet + 0x60 : octet + 0x40)), held | Modifiers.Control);
                break;
            default:
                Press(new Rune((char)octet), held);
                break;
        }

        return true;
    }

    private bool TakeRune(int from, Modifiers held)
    {
        Span<byte> octets = stackalloc byte[4];
        var count = Math.Min(_pending.Count - from, 4);
        for (var i = 0; i < count; i++) octets[i] = _pending[from + i];
        switch (Rune.DecodeFromUtf8(octets[..count], out var rune, out var used))
        {
            case System.Buffers.OperationStatus.NeedMoreData:
                return false;
            case System.Buffers.OperationStatus.Done:
                Press(rune, held);
                return true;
            default:
                // Not UTF-8: what is broken goes, and what stopped it may begin something.
                if (used < count)
                {
                    var next = _pending[^1];
                    _pending.Clear();
                    if (next is < 0x80 or >= 0xC2) Take(next);
                    return _pending.Count == 0;
                }

                return true;
        }
    }

    private bool TakeKeypad(byte final)
    {
        if (final is >= (byte)'P' and <= (byte)'S') Press(KeyCode.F1 + (final - 'P'));
        else if (Arrow(final) is { } arrow) Press(arrow);
        else if (final == 'M') Press(KeyCode.Enter);
        return true;
    }

    private bool TakeControlSequence()
    {
        if (_pending.Count < 3) return false;
        var final = _pending[^1];
        if (final is < 0x20 or > 0x7E) return true;
        if (_pending.Count == 3 && final == '[') return false;
        if (final < 0x40)
        {
            _isSkipping = _pending.Count >= LongestSequence;
            return _isSkipping;
        }

        // The console of Linux says ESC [ [ A for F1.
        if (_pending[2] == '[')
        {
            if (final is >= (byte)'A' and <= (byte)'E') Press(KeyCode.F1 + (final - 'A'));
            return true;
        }

        Interpret(final);
        return true;
    }

    private void Interpret(byte final)
    {
        var isMouse = _pending[2] == '<';
        Span<int> numbers = stackalloc int[4];
        var count = Numbers(isMouse ? 3 : 2, numbers, out var isRelease);
        if (isMouse)
        {
            if (count >= 3) Point(numbers[0], numbers[1] - 1, numbers[2] - 1, isRelease: final == 'm');
            return;
        }

        var held = count > 1 ? Held(numbers[1]) : Modifiers.None;
        switch (final)
        {
            case (byte)'~' when numbers[0] == 200:
                _isPasting = true;
                _paste.Clear();
                break;
            case (byte)'~':
                if (Tilde(numbers[0]) is { } key) Press(key, held);
                break;
            case (byte)'Z':
                Press(KeyCode.BackTab);
                break;
            case (byte)'I' or (byte)'O' when count <= 1:
                _events.Enqueue(new InputEvent.Focus(final == 'I'));
                break;
            case (byte)'u' when !isRelease:
                PressCode(numbers[0], held);
                break;
            case >= (byte)'P' and <= (byte)'S' when !isRelease:
                Press(KeyCode.F1 + (final - 'P'), held);
                break;
            default:
                if (!isRelease && Arrow(final) is { } arrow) Press(arrow, held);
                break;
        }
    }

    /// <summary>The parameters; of "1:3" the first part counts, and a 3 after a colon is a key going up.</summary>
    private int Numbers(int from, Span<int> numbers, out bool isRelease)
    {
        var (count, isSub) = (0, false);
        isRelease = false;
        for (var i = from; i < _pending.Count - 1; i++)
        {
            var octet = _pending[i];
            if (octet == ';')
            {
                count++;
                isSub = false;
            }
            else if (octet == ':')
            {
                isSub = true;
                isRelease = count == 1 && i + 1 < _pending.Count && _pending[i + 1] == '3';
            }
            else if (octet is >= (byte)'0' and <= (byte)'9' && !isSub && count < numbers.Length && numbers[count] < 1_000_000)
            {
                numbers[count] = numbers[count] * 10 + (octet - '0');
            }
        }

        return Math.Min(count + 1, numbers.Length);
    }

    private void PressCode(int code, Modifiers held)
    {
        switch (code)
        {
            case 27:
                Press(KeyCode.Escape, held);
                break;
            case 13:
                Press(KeyCode.Enter, held);
                break;
            case 9:
                Press(held.HasFlag(Modifiers.Shift) ? KeyCode.BackTab : KeyCode.Tab, held & ~Modifiers.Shift);
                break;
            case 127:
                Press(KeyCode.Backspace, held);
                break;
            default:
                // Above are keys that this phone does not use, in the private area.
                if (Rune.IsValid(code) && code is >= 32 and not (>= 0xE000 and <= 0xF8FF)) Press(new Rune(code), held);
                break;
        }
    }

    private void Point(int code, int x, int y, bool isRelease)
    {
        var held = (code & 4) != 0 ? Modifiers.Shift : Modifiers.None;
        if ((code & 8) != 0) held |= Modifiers.Alt;
        if ((code & 16) != 0) held |= Modifiers.Control;
        var button = code & 3;
        MouseAction? action = (code & 64) != 0 ? button switch { 0 => MouseAction.WheelUp, 1 => MouseAction.WheelDown, _ => null }
            : isRelease ? MouseAction.Release
            : (code & 32) != 0 ? MouseAction.Drag
            : MouseAction.Press;
        if (action is not { } done || x < 0 || y < 0 || code >= 128) return;
        _events.Enqueue(new InputEvent.Mouse(done, (code & 64) != 0 ? 0 : button, x, y, held));
    }

    private void TakePasted(byte octet)
    {
        if (_paste.Count < LongestPaste + EndOfPaste.Length) _paste.Add(octet);
        else
        {
            // Only the end mark matters now: the last octets are kept for it.
            _paste.RemoveAt(LongestPaste);
            _paste.Add(octet);
        }

        if (octet != '~' || _paste.Count < EndOfPaste.Length) return;
        for (var i = 0; i < EndOfPaste.Length; i++)
            if (_paste[_paste.Count - EndOfPaste.Length + i] != EndOfPaste[i]) return;
        _isPasting = false;
        var length = Math.Min(_paste.Count - EndOfPaste.Length, LongestPaste);
        _events.Enqueue(new InputEvent.Paste(Encoding.UTF8.GetString(_paste.ToArray(), 0, length)));
        _paste.Clear();
    }

    private static ReadOnlySpan<byte> EndOfPaste => "\e[201~"u8;

    private void Press(KeyCode code, Modifiers held = Modifiers.None) => _events.Enqueue(new InputEvent.Key(code, default, held));

    private void Press(Rune rune, Modifiers held) => _events.Enqueue(new InputEvent.Key(KeyCode.Character, rune, held));

    private static Modifiers Held(int parameter) => (Modifiers)(Math.Max(parameter - 1, 0) & 7);

    private static KeyCode? Arrow(byte final) => final switch
    {
        (byte)'A' => KeyCode.Up,
        (byte)'B' => KeyCode.Down,
        (byte)'C' => KeyCode.Right,
        (byte)'D' => KeyCode.Left,
        (byte)'H' => KeyCode.Home,
        (byte)'F' => KeyCode.End,
        _ => null,
    };

    private static KeyCode? Tilde(int number) => number switch
    {
        1 or 7 => KeyCode.Home,
        2 => KeyCode.Insert,
        3 => KeyCode.Delete,
        4 or 8 => KeyCode.End,
        5 => KeyCode.PageUp,
        6 => KeyCode.PageDown,
        >= 11 and <= 15 => KeyCode.F1 + (number - 11),
        >= 17 and <= 21 => KeyCode.F6 + (number - 17),
        23 or 24 => KeyCode.F11 + (number - 23),
        _ => null,
    };
}
