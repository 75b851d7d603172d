namespace Softphone.Sip;

/// <summary>
/// One header line. From the wire it keeps the exact octets, folds and all, and writes them again untouched; its value is read
/// when somebody asks. Built here it is name and value.
/// </summary>
public sealed class SipHeader
{
    private readonly ReadOnlyMemory<byte> _octets;
    private string? _value;

    /// <summary>A header of our own.</summary>
    /// <exception cref="ArgumentException">The name is no token, or the value holds CR or LF, which would forge lines (RFC 3261 §7.3.1).</exception>
    public SipHeader(string name, string value)
    {
        if (!Grammar.IsToken(name.AsSpan())) throw new ArgumentException("a header name is a token", nameof(name));
        if (!IsValidValue(value)) throw new ArgumentException($"a line break in {name}", nameof(value));
        Name = HeaderName.Canonical(name) ?? name;
        _value = value;
    }

    internal SipHeader(string name, ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> value)
    {
        Name = name;
        Line = line;
        _octets = value;
    }

    /// <summary>The long form where the header is known, else the name as it came.</summary>
    public string Name { get; }

    /// <summary>The value, unfolded and without white space around it. It never holds CR or LF.</summary>
    public string Value => _value ??= SipText.Decode(_octets.Span);

    /// <summary>The line as it came, with its CRLF; empty for a header of our own.</summary>
    internal ReadOnlyMemory<byte> Line { get; }

    /// <summary>Whether a text may be a header value: free of CR and LF. Check what comes from outside before building with it.</summary>
    public static bool IsValidValue(string value) => !Grammar.HasLineBreak(value);

    /// <summary>The same header as one of our own: long form, unfolded.</summary>
    internal SipHeader Rebuilt() => Line.IsEmpty ? this : new SipHeader(Name, Value);

    public override string ToString() => $"{Name}: {Value}";
}
