using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The ports that connections of ours left from lately: an answer may name one after its connection has ended (RFC 3261 §18.1.2).</summary>
internal sealed class UsedPorts
{
    private const int Most = 256;

    private readonly HashSet<Address> _known = [];
    private readonly Queue<Address> _order = [];

    public bool Contains(Address local) => _known.Contains(local);

    public void Note(Address local)
    {
        if (local.Port == 0 || !_known.Add(local)) return;
        _order.Enqueue(local);
        if (_order.Count > Most) _known.Remove(_order.Dequeue());
    }
}
