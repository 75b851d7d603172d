using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>The location table: who is reached where, until when (RFC 3261 §10).</summary>
internal sealed class SipLocations
{
    private readonly Dictionary<string, List<SipBinding>> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<long, SipBinding> _byId = [];
    private readonly TimerTable<long> _timers = new();
    private long _lastId;
    private long _lastOrder;

    public int Count => _byId.Count;

    public Instant? NextTimeout => _timers.Next;

    /// <summary>Every binding, in the order in which they were made or renewed.</summary>
    public IEnumerable<SipBinding> All => _byId.Values.OrderBy(b => b.Order);

    public IReadOnlyList<SipBinding> Of(string user) => _byUser.TryGetValue(user, out var bindings) ? bindings : [];

    /// <summary>Where a request for the user goes: the newest binding of the highest preference.</summary>
    public SipBinding? Best(string user) => Of(user).OrderByDescending(b => b.Contact.Q).ThenByDescending(b => b.Order).FirstOrDefault();

    /// <summary>What tells two bindings of a user apart (RFC 5626 §6: instance and reg-id before the URI).</summary>
    public static string KeyOf(NameAddr contact)
    {
        var instance = contact.Parameters["+sip.instance"];
        var flow = contact.Parameters["reg-id"];
        return instance is not null && flow is not null ? $"{instance};{flow}" : contact.Uri.ToString();
    }

    public SipBinding? Find(string user, NameAddr contact)
    {
        var key = KeyOf(contact);
        foreach (var binding in Of(user))
            if (binding.Key == key || binding.Contact.Uri.IsEquivalentTo(contact.Uri)) return binding;
        return null;
    }

    /// <summary>The binding whose contact this is, whoever's.</summary>
    public bool TryFindContact(SipUri uri, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipBinding? binding)
    {
        binding = null;
        foreach (var candidate in _byId.Values)
        {
            binding = candidate;
            if (candidate.Contact.Uri.IsEquivalentTo(uri)) return true;
        }

        binding = null;
        return false;
    }

    /// <summary>A binding whose contact is at this address, by whatever user part: a phone's contact in a dialog need not be the one that it registers.</summary>
    public bool TryFindHost(SipUri uri, out SipFlow flow)
    {
        foreach (var candidate in _byId.Values)
        {
            flow = candidate.Flow;
            var contact = candidate.Contact.Uri;
            if (contact.EffectivePort == uri.EffectivePort && string.Equals(contact.Host, uri.Host, StringComparison.OrdinalIgnoreCase)) return true;
        }

        flow = default;
        return false;
    }

    /// <summary>True for a flow by which somebody registered.</summary>
    public bool Holds(SipFlow flow)
    {
        foreach (var binding in _byId.Values)
            if (binding.Flow == flow) return true;
        return false;
    }

    public SipBinding Bind(string user, NameAddr contact, SipFlow flow, string callId, uint cseq, Instant expires)
    {
        var binding = Find(user, contact);
        if (binding is null)
        {
            binding = new SipBinding(++_lastId, user, KeyOf(contact), contact);
            _byId.Add(binding.Id, binding);
            if (!_byUser.TryGetValue(user, out var all)) _byUser[user] = all = [];
            all.Add(binding);
        }

        binding.Contact = contact;
        binding.Flow = flow;
        binding.CallId = callId;
        binding.CSeq = cseq;
        binding.Expires = expires;
        binding.Order = ++_lastOrder;
        _timers.Set(binding.Id, expires);
        return binding;
    }

    public void Remove(SipBinding binding)
    {
        if (!_byId.Remove(binding.Id)) return;
        _timers.Cancel(binding.Id);
        var all = _byUser[binding.User];
        all.Remove(binding);
        if (all.Count == 0) _byUser.Remove(binding.User);
    }

    /// <summary>Takes the next binding whose time is over.</summary>
    public bool TryExpire(Instant now, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipBinding? binding)
    {
        binding = null;
        if (!_timers.TryExpire(now, out var id)) return false;
        binding = _byId[id];
        Remove(binding);
        return true;
    }

    /// <summary>A connection ended: what was registered by it is reached no more (RFC 5626 §6).</summary>
    public List<SipBinding> RemoveFlow(SipFlow flow)
    {
        var gone = _byId.Values.Where(b => b.Flow == flow).ToList();
        foreach (var binding in gone) Remove(binding);
        return gone;
    }
}
