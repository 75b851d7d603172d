using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What an <c>IceAgent</c> tells its owner.</summary>
public abstract record IceEvent
{
    private IceEvent()
    {
    }

    public sealed record StateChanged(IceState From, IceState To) : IceEvent;

    /// <summary>
    /// Media of this component may flow by this path to this address now. Comes again when a better pair turns up before nomination;
    /// <paramref name="Path"/> is none when the path was lost.
    /// </summary>
    public sealed record PathUsable(int Component, PathId Path, Address Remote) : IceEvent;

    /// <summary>The pair that was nominated for a component (RFC 8445 §8.1.1), or another one that replaced it.</summary>
    public sealed record Selected(int Component, Candidate Local, Candidate Remote, TimeSpan Rtt) : IceEvent;

    /// <summary>No path for some component; the fault says why and what would help.</summary>
    public sealed record Failed(Fault Fault) : IceEvent;

    /// <summary>The peer did not answer for 30 s, or took its consent back (RFC 7675 §5): sending has stopped, restart.</summary>
    public sealed record ConsentLost(int Component, Fault Fault) : IceEvent;

    /// <summary>
    /// The path of media is lost or about to be, or a nomination failed: restart (RFC 8445 §9). Comes for every cause; the owner bounds
    /// how often it acts.
    /// </summary>
    public sealed record RestartNeeded(string Reason) : IceEvent;

    /// <summary>The nominated pair of a component did not answer once; where it goes by a relay, that may be gone.</summary>
    public sealed record PathDoubted(int Component) : IceEvent;

    /// <summary>The pairs that an offer of the peer names are decided: it may be answered (RFC 8839 §4.4.2).</summary>
    public sealed record AnswerReady : IceEvent;

    /// <summary>Checks are about to go from this relay to this peer: ask its TURN server for a permission, do not wait for it.</summary>
    public sealed record PermissionWanted(PathId Relay, IpAddress Peer) : IceEvent;

    /// <summary>A peer-reflexive candidate, ours or the peer's, came out of a check.</summary>
    public sealed record CandidateLearned(Candidate Candidate, bool IsLocal) : IceEvent;

    /// <summary>A candidate joined the session, ours or the peer's. Comes where <see cref="IceOptions.TellsPairs"/> is set, as the next.</summary>
    public sealed record CandidateAdded(Candidate Candidate, bool IsLocal) : IceEvent;

    /// <summary>A pair is in another state, or was nominated. The round trip is that of its last answered check.</summary>
    public sealed record PairChanged(Candidate Local, Candidate Remote, PairState State, TimeSpan? Rtt, bool IsNominated) : IceEvent;

    /// <summary>Three seconds after completion: local candidates outside the selected pairs are no longer needed (RFC 8445 §8.3.1).</summary>
    public sealed record CandidatesFreed : IceEvent;
}
