using System.Collections;

namespace Softphone.Sip;

/// <summary>
/// The headers of one message in order, unknown ones included. Names are looked up without case and in either form. What the
/// typed readers return is read on demand, so a fault in a header nobody reads harms nobody; a reader returns false when the
/// header is absent or broken.
/// </summary>
public sealed partial class SipHeaders : IReadOnlyList<SipHeader>
{
    private readonly List<SipHeader> _items = new(16);

    public int Count => _items.Count;

    public SipHeader this[int index] => _items[index];

    /// <summary>The value of the first header of this name; null when there is none.</summary>
    public string? Get(string name)
    {
        var at = IndexOf(name, 0);
        return at < 0 ? null : _items[at].Value;
    }

    public bool Has(string name) => IndexOf(name, 0) >= 0;

    /// <summary>The values of all headers of this name, one for each line, in order; commas within one are left alone.</summary>
    public IReadOnlyList<string> GetAll(string name)
    {
        var values = new List<string>();
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1)) values.Add(_items[at].Value);
        return values;
    }

    /// <summary>
    /// The elements of a list header over all its lines (RFC 3261 §7.3.1). Not for headers whose values hold commas of their own: the
    /// challenges and credentials, Date.
    /// </summary>
    public IReadOnlyList<string> GetList(string name)
    {
        var values = new List<string>();
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1))
            if (_items[at].Value.Length > 0) Grammar.SplitList(_items[at].Value, values);
        return values;
    }

    /// <summary>Adds a header at the end. A compact name is written in its long form.</summary>
    /// <exception cref="ArgumentException">The name is no token or the value holds a line break.</exception>
    public void Add(string name, string value) => _items.Add(new SipHeader(name, value));

    /// <summary>Adds a header of another message, rebuilt in long form without folds.</summary>
    public void Add(SipHeader header) => _items.Add(header.Rebuilt());

    /// <summary>Inserts a header at a position.</summary>
    /// <exception cref="ArgumentException">The name is no token or the value holds a line break.</exception>
    public void Insert(int index, string name, string value) => _items.Insert(index, new SipHeader(name, value));

    /// <summary>Inserts a header before the first of its name, or before all: a Via to push, a Record-Route to add.</summary>
    public void Prepend(string name, string value) => Insert(Math.Max(0, IndexOf(name, 0)), name, value);

    /// <summary>Replaces the first header of this name and removes the others; adds it when there is none.</summary>
    /// <exception cref="ArgumentException">The name is no token or the value holds a line break.</exception>
    public void Set(string name, string value)
    {
        var header = new SipHeader(name, value);
        var first = IndexOf(name, 0);
        if (first < 0)
        {
            _items.Add(header);
            return;
        }

        _items[first] = header;
        for (var at = IndexOf(name, first + 1); at >= 0; at = IndexOf(name, at)) _items.RemoveAt(at);
    }

    /// <summary>Replaces the elements of a list header by these, one line each, where the first one stood.</summary>
    public void SetAll(string name, IEnumerable<string> values)
    {
        var at = IndexOf(name, 0);
        if (at < 0) at = _items.Count;
        Remove(name);
        foreach (var value in values) Insert(at++, name, value);
    }

    /// <summary>Removes every header of this name and says how many there were.</summary>
    public int Remove(string name)
    {
        var removed = 0;
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at), removed++) _items.RemoveAt(at);
        return removed;
    }

    /// <summary>Replaces the topmost Via, leaving those below it as they are (received and rport, a proxy's pop when null).</summary>
    public void SetTopVia(Via? via)
    {
        var at = IndexOf(HeaderName.Via, 0);
        if (at < 0)
        {
            if (via is not null) _items.Insert(0, new SipHeader(HeaderName.Via, via.ToString()));
            return;
        }

        var elements = new List<string>();
        Grammar.SplitList(_items[at].Value, elements);
        _items.RemoveAt(at);
        if (elements.Count > 1) _items.Insert(at, new SipHeader(HeaderName.Via, string.Join(", ", elements.Skip(1))));
        if (via is not null) _items.Insert(at, new SipHeader(HeaderName.Via, via.ToString()));
    }

    public IEnumerator<SipHeader> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    internal void AddParsed(SipHeader header) => _items.Add(header);

    internal int CountOf(string name)
    {
        var count = 0;
        for (var at = IndexOf(name, 0); at >= 0; at = IndexOf(name, at + 1)) count++;
        return count;
    }

    private int IndexOf(string name, int from)
    {
        var wanted = HeaderName.Canonical(name);
        for (var i = from; i < _items.Count; i++)
        {
            if (wanted is not null ? ReferenceEquals(_items[i].Name, wanted) : _items[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
