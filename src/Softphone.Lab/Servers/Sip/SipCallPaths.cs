namespace Softphone.Lab;

/// <summary>
/// By which flow each party of a call was last heard: a contact behind a NAT is a private address, so requests within a dialog go
/// back the way its own messages came. Keyed by Call-ID and contact, so two networks may use the same private addresses. Bounded:
/// past its bound the calls that were touched longest ago are forgotten.
/// </summary>
internal sealed class SipCallPaths(int bound)
{
    private readonly Dictionary<(string CallId, string Contact), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = new();

    public int Count => _entries.Count;

    public void Learn(string callId, string contact, SipFlow flow)
    {
        if (_entries.TryGetValue((callId, contact), out var node))
        {
            node.Value = node.Value with { Flow = flow };
            _byAge.Remove(node);
            _byAge.AddLast(node);
            return;
        }

        if (_entries.Count == bound)
        {
            var oldest = _byAge.First!;
            _entries.Remove((oldest.Value.CallId, oldest.Value.Contact));
            _byAge.RemoveFirst();
        }

        _entries.Add((callId, contact), _byAge.AddLast(new Entry(callId, contact, flow)));
    }

    public bool TryFind(string callId, string contact, out SipFlow flow)
    {
        var found = _entries.TryGetValue((callId, contact), out var node);
        flow = found ? node!.Value.Flow : default;
        return found;
    }

    private readonly record struct Entry(string CallId, string Contact, SipFlow Flow);
}
