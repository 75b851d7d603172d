using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// The calls that the server set up, and by which flow each party was last heard: a contact behind a NAT is a private address, so requests
/// within a dialog go back the way its own messages came. Keyed by Call-ID and contact, so two networks may use the same private addresses.
/// Bounded: past the bound those touched longest ago are forgotten, and calls that nobody answered have a tenth of the room, so that
/// callers without an answer cannot push out the others.
/// </summary>
internal sealed class SipCalls(int bound)
{
    private const int MostContacts = 16;

    private readonly Dictionary<string, LinkedListNode<Call>> _calls = new(StringComparer.Ordinal);
    private readonly LinkedList<Call> _answered = new();
    private readonly LinkedList<Call> _unanswered = new();

    /// <summary>A request that begins a dialog is on its way.</summary>
    public void Begin(string callId, string contact, SipFlow flow)
    {
        if (!_calls.ContainsKey(callId))
        {
            MakeRoom(_unanswered, Math.Max(1, bound / 10));
            _calls.Add(callId, _unanswered.AddLast(new Call(callId)));
        }

        Learn(callId, contact, flow, isSure: true);
    }

    /// <summary>The called party has answered.</summary>
    public void Settle(string callId)
    {
        if (!_calls.TryGetValue(callId, out var node) || node.List == _answered) return;
        _unanswered.Remove(node);
        MakeRoom(_answered, bound);
        _answered.AddLast(node);
    }

    /// <summary>True for a call that was set up here.</summary>
    public bool Knows(string callId) => _calls.ContainsKey(callId);

    /// <summary>The sender of this contact was heard by this flow; nothing is learnt of a call that was not set up here.</summary>
    /// <param name="callId">Of which call.</param>
    /// <param name="contact">Who.</param>
    /// <param name="flow">How it was heard.</param>
    /// <param name="isSure">False for who may be anybody: then the way to a known contact may change its port, not its host.</param>
    public void Learn(string callId, string contact, SipFlow flow, bool isSure)
    {
        if (!_calls.TryGetValue(callId, out var node)) return;
        var ways = node.Value.Ways;
        var isKnown = ways.TryGetValue(contact, out var known);
        if (isKnown ? !isSure && known.Remote.Ip != flow.Remote.Ip : ways.Count >= MostContacts) return;
        ways[contact] = flow;
        var list = node.List!;
        list.Remove(node);
        list.AddLast(node);
    }

    /// <summary>The way to a party of a call.</summary>
    public bool TryFind(string callId, string contact, out SipFlow flow)
    {
        flow = default;
        return _calls.TryGetValue(callId, out var node) && node.Value.Ways.TryGetValue(contact, out flow);
    }

    /// <summary>The way to a neighbour that messages of this call came from: a proxy beside this one.</summary>
    public bool TryFind(string callId, Address neighbour, out SipFlow flow)
    {
        flow = default;
        if (!_calls.TryGetValue(callId, out var node)) return false;
        foreach (var way in node.Value.Ways.Values)
        {
            flow = way;
            if (way.Remote == neighbour) return true;
        }

        return false;
    }

    private void MakeRoom(LinkedList<Call> list, int most)
    {
        if (list.Count < most) return;
        _calls.Remove(list.First!.Value.CallId);
        list.RemoveFirst();
    }

    private sealed record Call(string CallId)
    {
        public Dictionary<string, SipFlow> Ways { get; } = new(StringComparer.Ordinal);
    }
}
