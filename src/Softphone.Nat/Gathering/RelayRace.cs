using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The ways to one TURN server, best first: UDP before TCP before TLS, and of each its addresses. They are tried one after the other
/// without waiting for the one before to fail, and one of them is kept (RFC 8656 §3.9, in the manner of RFC 8305).
/// </summary>
internal sealed class RelayRace
{
    /// <summary>How much later than the last way the next one starts while that is silent (RFC 8305 §5).</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);
    private readonly List<(RelayServer Server, int Rank)> _waiting;

    public RelayRace(IEnumerable<(RelayServer Server, int Rank)> ways) => _waiting = [.. ways];

    /// <summary>When the next way starts; null when none does by itself.</summary>
    public Instant? NextAt { get; set; }

    public bool HasMore => _waiting.Count > 0;

    /// <summary>Why ways gave nothing; told when no way is left.</summary>
    public List<(Address Server, Fault Fault)> Faults { get; } = [];

    /// <summary>What belongs to one server: the name or address it was configured by, and the user.</summary>
    public static (string Host, string User) KeyOf(RelayServer server) => (server.Host ?? server.Address.Ip.ToString(), server.User);

    public bool TryNext(out (RelayServer Server, int Rank) way)
    {
        way = default;
        if (_waiting.Count == 0) return false;
        way = _waiting[0];
        _waiting.RemoveAt(0);
        return true;
    }

    /// <summary>Takes the first way of this transport out of its turn.</summary>
    public bool TryNext(Transport transport, out (RelayServer Server, int Rank) way)
    {
        var at = _waiting.FindIndex(w => w.Server.Transport == transport);
        way = at < 0 ? default : _waiting[at];
        if (at >= 0) _waiting.RemoveAt(at);
        return at >= 0;
    }

    /// <summary>No further way is tried.</summary>
    public void Stop()
    {
        _waiting.Clear();
        NextAt = null;
    }
}
