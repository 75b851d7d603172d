namespace Softphone.Lab;

/// <summary>
/// A scenario file as a value: a small internet, the phones in it, what happens, and what must hold in the end. The same file is a test
/// and a story. <see cref="ScenarioReader"/> reads it, <see cref="ScenarioRun"/> plays it.
/// </summary>
public sealed record Scenario
{
    /// <summary>The file it came from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>One line.</summary>
    public string Name { get; init; } = "";

    /// <summary>A paragraph for whoever reads the story.</summary>
    public string About { get; init; } = "";

    public ulong Seed { get; init; } = 1;

    /// <summary>When everything must be over at the latest.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The LANs, each after the one it is behind.</summary>
    public IReadOnlyList<ScenarioNetwork> Networks { get; init; } = [];

    public IReadOnlyList<ScenarioPhone> Phones { get; init; } = [];

    /// <summary>The line of the SIP server.</summary>
    public Link SipLine { get; init; } = Link.Perfect;

    /// <summary>The line of the STUN and TURN server.</summary>
    public Link TurnLine { get; init; } = Link.Perfect;

    /// <summary>The addresses of the SIP server.</summary>
    public IpFamilies SipFamilies { get; init; } = IpFamilies.Both;

    /// <summary>The addresses of the STUN and TURN server.</summary>
    public IpFamilies TurnFamilies { get; init; } = IpFamilies.Both;

    /// <summary>How long DNS takes to answer.</summary>
    public TimeSpan DnsDelay { get; init; }

    /// <summary>No name server answers.</summary>
    public bool DnsIsDead { get; init; }

    public IReadOnlyList<ScenarioStep> Steps { get; init; } = [];

    public IReadOnlyList<ScenarioExpectation> Expectations { get; init; } = [];
}
