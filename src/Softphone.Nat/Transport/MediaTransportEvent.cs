using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What a <c>MediaTransport</c> tells the call that owns it.</summary>
public abstract record MediaTransportEvent
{
    private MediaTransportEvent()
    {
    }

    /// <summary>Candidates are ready for the offer or answer; again after each <see cref="MediaTransport.Restart"/>, for the offer that restarts.</summary>
    public sealed record Gathered(LocalIce Local) : MediaTransportEvent;

    /// <summary>
    /// The offer that was given to <see cref="MediaTransport.SetRemote"/> while <see cref="MediaTransport.MayAnswer"/> was false may be
    /// answered now, with this description of ours.
    /// </summary>
    public sealed record AnswerReady(LocalIce Local) : MediaTransportEvent;

    /// <summary>
    /// One more candidate of ours since the description with this ufrag was ready, for a peer that takes trickled ones (RFC 8838 §4.2).
    /// </summary>
    public sealed record LocalCandidate(string Ufrag, Candidate Candidate) : MediaTransportEvent;

    /// <summary>No more candidates of ours come for the description with this ufrag (RFC 8838 §13).</summary>
    public sealed record EndOfLocal(string Ufrag) : MediaTransportEvent;

    /// <summary>
    /// The path of media is lost or about to be, or a better interface is up: call <see cref="MediaTransport.Restart"/>, and send an
    /// offer once Gathered has come (RFC 8445 §9). Asked again, ever more rarely, while it is of no avail.
    /// </summary>
    public sealed record RestartNeeded(string Reason) : MediaTransportEvent;

    /// <summary>
    /// A candidate came after the description had gone out, a relay as a rule. Our checks go out from it already; a peer that no check
    /// can reach needs to be told by another offer, with the same ICE credentials (RFC 8839 §4.4.1.1.1).
    /// </summary>
    public sealed record LocalGrown(LocalIce Local) : MediaTransportEvent;

    /// <summary>A server gave nothing, and why; the call goes on without it.</summary>
    public sealed record ServerFailed(Address Server, Fault Fault) : MediaTransportEvent;

    /// <summary>A relay may not send to this peer: the server said so with this code; other pairs go on.</summary>
    public sealed record PeerRefused(Address Server, IpAddress Peer, int Code) : MediaTransportEvent;

    public sealed record StateChanged(IceState State) : MediaTransportEvent;

    /// <summary>Media of this component may flow; again when the path changes before nomination.</summary>
    public sealed record PathUsable(int Component, Address Remote, bool ViaRelay) : MediaTransportEvent;

    /// <summary>A candidate of either side joined the checks. Comes where <see cref="IceOptions.TellsPairs"/> is set, as the next.</summary>
    public sealed record CandidateAdded(Candidate Candidate, bool IsLocal) : MediaTransportEvent;

    /// <summary>A pair of candidates is in another state, or was nominated.</summary>
    public sealed record PairChanged(Candidate Local, Candidate Remote, PairState State, TimeSpan? Rtt, bool IsNominated) : MediaTransportEvent;

    /// <summary>The nominated pair of a component.</summary>
    public sealed record Selected(int Component, Candidate Local, Candidate Remote, TimeSpan Rtt) : MediaTransportEvent;

    /// <summary>
    /// Without ICE: media comes from another address than the description says, and goes there from now on (RFC 4961); or it comes from the
    /// described one after all, and goes there again.
    /// </summary>
    public sealed record Latched(int Component, Address Remote) : MediaTransportEvent;

    /// <summary>Without ICE: two sources that the description does not name send at once, and neither is believed.</summary>
    public sealed record SourceContested(int Component, Address First, Address Second) : MediaTransportEvent;

    /// <summary>Sending has stopped on the path of media; a restart was asked for by <see cref="RestartNeeded"/> (RFC 7675 §5.1).</summary>
    public sealed record ConsentLost(Fault Fault) : MediaTransportEvent;

    public sealed record Failed(Fault Fault) : MediaTransportEvent;

    /// <summary>Sockets and allocations are gone; nothing follows.</summary>
    public sealed record Closed : MediaTransportEvent;
}
