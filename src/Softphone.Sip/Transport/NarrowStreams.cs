using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Streams on which a whole packet does not pass and nothing tells us so (RFC 2923 §2.1): the system says that octets of ours are not acknowledged, or
/// that TLS does not come about on a connection that did. The next connection cuts them into smaller segments, and so does the server.
/// </summary>
internal sealed class NarrowStreams(Func<PathId, Address, bool>? isStuck)
{
    /// <summary>A request of so many octets, and no smaller one, may be in a packet that is too long.</summary>
    public const int LeastOctets = 1100;

    private readonly FlowMemory _narrow = new();
    private readonly HashSet<Flow> _news = [];

    public bool Knows(Instant now, in Flow flow) => _narrow.Knows(now, flow);

    /// <summary>Whether it is stuck, and was not narrow already.</summary>
    public bool TryNote(Instant now, in Flow flow)
    {
        if (!flow.IsReliable || Knows(now, flow) || isStuck?.Invoke(flow.Path, flow.Remote) != true) return false;
        _narrow.Note(now, flow);
        if (_news.Count < 64) _news.Add(flow);
        return true;
    }

    /// <summary>True once, when a request was answered that did not get through before.</summary>
    public bool TakeNews(Transaction answered) =>
        _news.Count > 0 && (answered.Flow.Transport == Transport.Tls || IsLong(answered.Request)) && _news.Remove(answered.Flow);

    public static bool IsLong(SipRequest request) => SipWriter.Measure(request) >= LeastOctets;
}
