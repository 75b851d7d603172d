namespace Softphone.Nat;

/// <summary>What the peer's session description says about ICE for one media stream (RFC 8839 §5).</summary>
public sealed record RemoteIce
{
    public required string Ufrag { get; init; }

    public required string Pwd { get; init; }

    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>a=ice-lite: it only answers (RFC 8445 §6.1.1).</summary>
    public bool IsLite { get; init; }

    /// <summary>a=ice-options has ice2: it never nominates aggressively.</summary>
    public bool HasIce2 { get; init; }

    /// <summary>a=ice-pacing; null when it proposes none.</summary>
    public TimeSpan? Pacing { get; init; }

    /// <summary>No more candidates will come. False only with trickle.</summary>
    public bool EndOfCandidates { get; init; } = true;

    /// <summary>How many components it uses; 0 takes the highest component among its candidates (RFC 8445 §6.1.2.2).</summary>
    public int Components { get; init; }

    /// <summary>What the password is stays out of logs.</summary>
    public override string ToString() => $"ufrag {Ufrag}, {Candidates.Count} candidates{(IsLite ? ", lite" : "")}";
}
