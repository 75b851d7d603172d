using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// What one dialog remembers of its descriptions: the id that stays, and the last description of each side. It gives a new
/// description its o= line, keeps payload types stable and m-lines in their place (RFC 3264 §8). Immutable.
/// </summary>
public sealed record SdpSession
{
    private SdpSession(string id) => Id = id;

    /// <summary>The session id of our o= line.</summary>
    public string Id { get; }

    /// <summary>The last description that we sent.</summary>
    public SessionDescription? Local { get; private init; }

    /// <summary>The last description that the peer sent.</summary>
    public SessionDescription? Remote { get; private init; }

    /// <summary>A new session with an id by chance: 24 bits, which is short and fits the signed counters of others.</summary>
    public static SdpSession Start(IEntropy entropy) => new((entropy.NextUInt64() >> 40).ToString());

    public static SdpSession Start(string id) => new(id);

    public SdpSession Sent(SessionDescription description) => this with { Local = description };

    public SdpSession Received(SessionDescription description) => this with { Remote = description };

    /// <summary>
    /// Gives the description its origin: the first version is 1; later the very same text keeps its version, any change adds one.
    /// Nothing else in o= ever changes, not even the address when we move (RFC 8866 §5.2, RFC 3264 §8).
    /// </summary>
    internal SessionDescription Stamp(SessionDescription fresh, IpAddress address)
    {
        if (Local is null) return fresh with { Origin = SdpOrigin.Of(Id, 1, address) };
        var same = fresh with { Origin = Local.Origin };
        if (same.ToString() == Local.ToString()) return same;
        var version = ulong.Parse(Local.Origin.Version, System.Globalization.CultureInfo.InvariantCulture) + 1;
        return fresh with { Origin = Local.Origin with { Version = version.ToString() } };
    }
}
