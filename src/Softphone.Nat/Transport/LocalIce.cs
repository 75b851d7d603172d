using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Our side of one media stream as the session description shows it.</summary>
public sealed record LocalIce
{
    public required string Ufrag { get; init; }

    public required string Pwd { get; init; }

    /// <summary>
    /// Best priority first; empty with <see cref="IceMode.None"/>. Once every component has its nominated pair, those in use alone
    /// (RFC 8839 §4.4.1.2.2).
    /// </summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>
    /// For a=remote-candidates of an offer: the peer's candidate of each component, where we control and have nominated; else empty
    /// (RFC 8839 §4.4.1.2.2).
    /// </summary>
    public IReadOnlyList<RemoteCandidate> RemoteCandidates { get; init; } = [];

    /// <summary>For c= and m= (RFC 8839 §4.2.1.2).</summary>
    public required Address DefaultRtp { get; init; }

    /// <summary>For a=rtcp; not valid when there is no second component.</summary>
    public Address DefaultRtcp { get; init; }

    /// <summary>For a=ice-pacing.</summary>
    public TimeSpan Pacing { get; init; }

    /// <summary>For a=ice-lite: never.</summary>
    public bool Lite { get; init; }

    /// <summary>What the password is stays out of logs.</summary>
    public override string ToString() => $"ufrag {Ufrag}, {Candidates.Count} candidates";
}
