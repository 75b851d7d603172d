using System.Buffers;
using System.Collections;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The <c>;name=value</c> list after an address, a Via or inside a URI: ordered, names without case, unknown ones kept as they
/// came (RFC 3261 §7.3.1, §19.1.1). Immutable. Values are held as written, with their quotes or escapes.
/// </summary>
public sealed class Parameters : IReadOnlyList<KeyValuePair<string, string?>>, IEquatable<Parameters>
{
    private static readonly SearchValues<char> EndsName = SearchValues.Create(" \t\r\n;=,<>\"");
    private static readonly SearchValues<char> EndsValue = SearchValues.Create(" \t\r\n;,<>\"");

    private readonly KeyValuePair<string, string?>[] _items;

    private Parameters(KeyValuePair<string, string?>[] items) => _items = items;

    public static Parameters Empty { get; } = new([]);

    public int Count => _items.Length;

    public KeyValuePair<string, string?> this[int index] => _items[index];

    /// <summary>The value with quotes taken off; null when the parameter is absent or has no value.</summary>
    public string? this[string name] => TryGet(name, out var value) && value is not null ? Grammar.Unquote(value) : null;

    /// <summary>Whether a parameter of exactly this name is there, with or without a value: <c>lr</c> is not <c>lrx</c>.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The value as written, null when it has none; false when the parameter is absent.</summary>
    public bool TryGet(string name, out string? value)
    {
        foreach (var (key, held) in _items)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            value = held;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>With the parameter set, in its place when it was there and last when not. A null value writes the bare name.</summary>
    /// <exception cref="ArgumentException">The name is empty, or name or value would break out of the parameter.</exception>
    public Parameters With(string name, string? value = null)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny(EndsName)) throw new ArgumentException($"not a parameter name: {name}", nameof(name));
        if (value is not null && !IsSafe(value)) throw new ArgumentException($"not a parameter value: {name}", nameof(value));
        var added = new KeyValuePair<string, string?>(name, value);
        for (var i = 0; i < _items.Length; i++)
        {
            if (!_items[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            var copy = _items.ToArray();
            copy[i] = added;
            return new Parameters(copy);
        }

        return new Parameters([.. _items, added]);
    }

    public Parameters Without(string name) =>
        Has(name) ? new Parameters([.. _items.Where(item => !item.Key.Equals(name, StringComparison.OrdinalIgnoreCase))]) : this;

    /// <summary>The list with its leading semicolons, empty when there is none.</summary>
    public override string ToString()
    {
        if (_items.Length == 0) return "";
        var text = new StringBuilder();
        foreach (var (name, value) in _items)
        {
            text.Append(';').Append(name);
            if (value is not null) text.Append('=').Append(value);
        }

        return text.ToString();
    }

    public bool Equals(Parameters? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as Parameters);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string?>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <summary>Reads header parameters from <paramref name="at"/> to the end of the text; white space around ; and = is legal there.</summary>
    internal static bool TryParse(string text, int at, out Parameters parameters, out ParseError error)
    {
        parameters = Empty;
        at = Grammar.SkipSpace(text, at);
        if (at == text.Length)
        {
            error = default;
            return true;
        }

        var items = new List<KeyValuePair<string, string?>>();
        while (at < text.Length)
        {
            if (text[at] != ';') return Fail("expected ; before a parameter", at, out error);
            at = Grammar.SkipSpace(text, at + 1);
            var length = Grammar.TokenLength(text.AsSpan(at));
            if (length == 0) return Fail("parameter without a name", at, out error);
            var name = text.Substring(at, length);
            string? value = null;
            at = Grammar.SkipSpace(text, at + length);
            if (at < text.Length && text[at] == '=')
            {
                at = Grammar.SkipSpace(text, at + 1);
                length = ValueLength(text.AsSpan(at));
                if (length < 0) return Fail("quoted string does not close", at, out error);
                value = text.Substring(at, length);
                at = Grammar.SkipSpace(text, at + length);
            }

            items.Add(new(name, value));
        }

        parameters = new Parameters([.. items]);
        error = default;
        return true;
    }

    /// <summary>Reads URI parameters, given without the first semicolon: no white space and no quotes (RFC 3261 §19.1.1).</summary>
    internal static bool TryParseUri(ReadOnlySpan<char> text, out Parameters parameters)
    {
        parameters = Empty;
        var items = new List<KeyValuePair<string, string?>>();
        foreach (var range in text.Split(';'))
        {
            var item = text[range];
            var equals = item.IndexOf('=');
            var name = equals < 0 ? item : item[..equals];
            if (name.IsEmpty) return false;
            items.Add(new(name.ToString(), equals < 0 ? null : item[(equals + 1)..].ToString()));
        }

        parameters = new Parameters([.. items]);
        return true;
    }

    private static int ValueLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return 0;
        if (text[0] == '"') return Grammar.QuotedLength(text);
        var end = text.IndexOfAny(EndsValue);
        return end < 0 ? text.Length : end;
    }

    private static bool IsSafe(string value) =>
        value.StartsWith('"')
            ? Grammar.QuotedLength(value) == value.Length && !Grammar.HasLineBreak(value)
            : !value.AsSpan().ContainsAny(EndsValue);

    private static bool Fail(string what, int at, out ParseError error)
    {
        error = new ParseError(what, at);
        return false;
    }
}
