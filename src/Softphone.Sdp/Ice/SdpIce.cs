namespace Softphone.Sdp;

/// <summary>
/// The ICE part of a stream's description (RFC 8839 §5): ours to be written, or the peer's as read. Credentials and options of the
/// media level win over those of the session level.
/// </summary>
public sealed record SdpIce
{
    /// <summary>a=ice-ufrag: 4 to 256 characters; 4 to 32 in what we send.</summary>
    public required string Ufrag { get; init; }

    /// <summary>a=ice-pwd: 22 to 256 characters; fewer of a peer that miscounts.</summary>
    public required string Password { get; init; }

    /// <summary>The candidates that can be used: UDP, with an address, priority above 0. Best first in what we send.</summary>
    public IReadOnlyList<SdpCandidate> Candidates { get; init; } = [];

    /// <summary>Candidates whose address is a name of the local network, yet to be resolved; the peer's only.</summary>
    public IReadOnlyList<SdpCandidate> NamedCandidates { get; init; } = [];

    /// <summary>a=ice-options; "ice2" says that the writer follows RFC 8445.</summary>
    public IReadOnlyList<string> Options { get; init; } = ["ice2"];

    /// <summary>a=ice-lite.</summary>
    public bool Lite { get; init; }

    /// <summary>a=ice-pacing in milliseconds; null when absent, which means 50 (RFC 8839 §5.5).</summary>
    public int? Pacing { get; init; }

    /// <summary>a=remote-candidates: in an offer of the controlling side after nomination (RFC 8839 §4.4.1.2.2).</summary>
    public IReadOnlyList<SdpRemoteCandidate> RemoteCandidates { get; init; } = [];

    /// <summary>a=end-of-candidates (RFC 8840 §4.1).</summary>
    public bool EndOfCandidates { get; init; }

    public bool IsIce2 => Options.Contains("ice2");

    /// <summary>No candidate and port 9 (RFC 8840 §4.1.1): whatever the options say, nothing can come of it but what follows by INFO.</summary>
    public bool IsYetToCome { get; init; }

    public bool Trickles => IsYetToCome || Options.Contains("trickle");

    /// <summary>The highest component that has a candidate; 0 when there are none.</summary>
    public int Components => Candidates.Count == 0 ? 0 : Candidates.Max(c => c.Component);

    /// <summary>What the password is stays out of logs.</summary>
    public override string ToString() => $"ufrag {Ufrag}, {Candidates.Count} candidates{(Lite ? ", lite" : "")}";
}
