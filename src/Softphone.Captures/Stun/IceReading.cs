using Softphone.Nat;

namespace Softphone.Captures;

/// <summary>
/// The ICE of one call between two pairs of credentials, put together from descriptions and checks as an agent on one side would know it: candidates, pairs, what was answered,
/// what was nominated.
/// </summary>
public sealed record IceReading
{
    /// <summary>Whose side it is told from; null where no description names the credentials.</summary>
    public required Party? Ours { get; init; }

    /// <summary>The fragments of both sides, ours first.</summary>
    public required (string Ours, string Peer) Fragments { get; init; }

    /// <summary>Candidates and pairs, as the phone's own agent shows its own.</summary>
    public required IceSnapshot Ice { get; init; }

    /// <summary>Checks of both sides in the order of their time.</summary>
    public required IReadOnlyList<StunExchange> Checks { get; init; }

    /// <summary>When the last check was answered on the selected path; null when none was.</summary>
    public Instant? LastConsent { get; init; }

    /// <summary>Checks on the selected path since then that nobody answered.</summary>
    public int Unanswered { get; init; }

    /// <summary>From the last answer on the selected path to the last check after it.</summary>
    public TimeSpan Silence { get; init; }

    /// <summary>What carries media: nominated, and of several the one that RTP went by.</summary>
    public CandidatePair? Selected => Ice.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 });

    public Instant Began => Checks.Count > 0 ? Checks[0].At : Instant.Zero;
}
