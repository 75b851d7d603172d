namespace Softphone.Nat;

/// <summary>Where it was that ICE found no path.</summary>
public enum IceFailure
{
    /// <summary>We had nothing to send from.</summary>
    NoLocalCandidate,

    /// <summary>The peer named nothing that can be used.</summary>
    NoRemoteCandidate,

    /// <summary>Nothing of ours fits anything of the peer's.</summary>
    NoPair,

    /// <summary>Answers came, and their integrity did not fit the peer's password.</summary>
    Unverified,

    /// <summary>The peer refused checks as not authenticated.</summary>
    Unauthenticated,

    /// <summary>Pairs were tried, and none was answered.</summary>
    NoAnswer,
}
