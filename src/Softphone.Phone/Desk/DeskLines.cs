using System.Collections;

namespace Softphone.Phone;

/// <summary>The lines in the order in which their accounts came first: one that is changed goes away and comes again, and stands where it stood.</summary>
internal sealed class DeskLines : IReadOnlyList<DeskLine>
{
    private readonly List<DeskLine> _lines = [];

    /// <summary>The names of all accounts that there were.</summary>
    private readonly List<string> _names = [];

    public int Count => _lines.Count;

    public DeskLine this[int index] => _lines[index];

    public void Add(DeskLine line)
    {
        if (!_names.Contains(line.Account.Name)) _names.Add(line.Account.Name);
        var place = _names.IndexOf(line.Account.Name);
        var next = _lines.FindIndex(l => _names.IndexOf(l.Account.Name) > place);
        _lines.Insert(next < 0 ? _lines.Count : next, line);
    }

    public void Remove(DeskLine line) => _lines.Remove(line);

    public List<DeskLine>.Enumerator GetEnumerator() => _lines.GetEnumerator();

    IEnumerator<DeskLine> IEnumerable<DeskLine>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
