using System.Runtime.InteropServices;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Who gives way when every place for a call is taken. A call that nobody acknowledged yet may be anybody's, and strangers make as many as there
/// are places; so the address with the most of those leaves one to an address that would still have fewer with it.
/// </summary>
internal sealed class Crowd(SessionTable sessions)
{
    private readonly Dictionary<IpAddress, (int Count, Session Newest)> _waiting = [];

    /// <summary>The call that makes room for a caller; null when he has his share already.</summary>
    public Session? GivesWayTo(IpAddress caller)
    {
        _waiting.Clear();
        foreach (var session in sessions.Running)
        {
            if (!session.IsUnproven) continue;
            ref var of = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, session.PeerAt, out _);
            of = (of.Count + 1, of.Newest is { } newest && newest.Id.Value > session.Id.Value ? newest : session);
        }

        var most = (Count: 0, Newest: (Session?)null);
        foreach (var of in _waiting.Values)
            if (of.Count > most.Count) most = of;
        return most.Count >= _waiting.GetValueOrDefault(caller).Count + 2 ? most.Newest : null;
    }
}
