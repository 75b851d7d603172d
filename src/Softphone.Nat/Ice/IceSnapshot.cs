namespace Softphone.Nat;

/// <summary>Everything an agent knows at one moment, for the inspector, the report and <c>--json</c>. Immutable.</summary>
/// <param name="Role">Controlling or controlled.</param>
/// <param name="State">Over all components.</param>
/// <param name="Components">How many are in use.</param>
/// <param name="Local">Our candidates, learned ones included.</param>
/// <param name="Remote">The peer's candidates, learned ones included.</param>
/// <param name="Pairs">In the order of the check list: best priority first.</param>
public sealed record IceSnapshot(
    IceRole Role,
    IceState State,
    int Components,
    IReadOnlyList<Candidate> Local,
    IReadOnlyList<Candidate> Remote,
    IReadOnlyList<CandidatePair> Pairs)
{
    /// <summary>Some STUN or TURN server that was asked by UDP has answered, be it with a refusal.</summary>
    public bool HasUdpAnswer { get; init; }

    /// <summary>The same of a server that was asked by IPv4.</summary>
    public bool HasUdpAnswerV4 { get; init; }

    /// <summary>Some server was asked by IPv4.</summary>
    public bool HasAskedV4 { get; init; }

    /// <summary>Answers to our checks whose integrity did not fit the peer's password, and that were not believed.</summary>
    public int Forged { get; init; }

    /// <summary>Answers that said, unsigned, that the credentials of our checks are wrong.</summary>
    public int Unauthenticated { get; init; }
}
