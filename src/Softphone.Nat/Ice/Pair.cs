using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A pair on the check list. Its identity is component, base and remote address: reflexive local candidates are replaced by their
/// base when pairs are formed (RFC 8445 §6.1.2.4), and a valid pair is the checked pair with <see cref="Seen"/> set.
/// </summary>
internal sealed class Pair(int id, Generation generation, Candidate local, Candidate remote)
{
    public int Id { get; } = id;

    public Generation Generation { get; } = generation;

    /// <summary>A host or relayed candidate.</summary>
    public Candidate Local { get; } = local;

    public Candidate Remote { get; set; } = remote;

    /// <summary>The local candidate that the peer sees; null until a check was answered.</summary>
    public Candidate? Seen { get; set; }

    public int Component => Local.Component;

    public ulong Priority { get; set; }

    public PairState State { get; set; }

    public (string Local, string Remote) Foundation => (Local.Foundation, Remote.Foundation);

    /// <summary>When a check of it was first answered; null while it is not valid.</summary>
    public Instant? ValidSince { get; set; }

    public bool IsValid => ValidSince is not null;

    /// <summary>When a check of it was last answered.</summary>
    public Instant? ProvenAt { get; set; }

    /// <summary>It began anew because the peer told of its relay again, which it does once.</summary>
    public bool IsAskedAgain { get; set; }

    /// <summary>When it came onto the list.</summary>
    public Instant BornAt { get; set; }

    /// <summary>When media of the peer last came by it.</summary>
    public Instant? HeardAt { get; set; }

    /// <summary>Made for unproved media: one send, until the peer answers.</summary>
    public bool IsGuess { get; set; }

    /// <summary>When it was last checked because the peer did so after the nomination.</summary>
    public Instant? FollowedAt { get; set; }

    /// <summary>The nomination is agreed by both sides.</summary>
    public bool IsNominated { get; set; }

    /// <summary>We, controlling, chose it; the check that says so is waiting or on its way.</summary>
    public bool IsNominating { get; set; }

    /// <summary>The controlling peer asked for it before our own check of it was answered (RFC 8445 §7.3.1.5).</summary>
    public bool IsWanted { get; set; }

    /// <summary>Its component has a selected pair: nothing is sent for it, but the peer is still answered (RFC 8445 §8.1.2).</summary>
    public bool IsDropped { get; set; }

    /// <summary>More direct than what the peer nominated before this was tried: it is checked all the same for a while.</summary>
    public bool IsHoped { get; set; }

    /// <summary>In the triggered-check queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Its check was repeated because the peer turned out to be there.</summary>
    public bool IsRetriggered { get; set; }

    /// <summary>The check on its way, if any.</summary>
    public Check? Check { get; set; }

    public TimeSpan? Rtt { get; set; }

    /// <summary>From the first sending of the last answered check: no round trip is longer.</summary>
    public TimeSpan AnsweredAfter { get; set; }

    public int Sent { get; set; }

    public int Received { get; set; }

    public int Answers { get; set; }

    /// <summary>Answers that came from another address than the check had gone to.</summary>
    public int Strays { get; set; }

    /// <summary>When the last of them came.</summary>
    public Instant? StrayedAt { get; set; }

    public string Failure { get; set; } = "";

    /// <summary>Legs that go through a relay: what nomination ranks by, for a relay's check may pose as peer-reflexive.</summary>
    public int RelayLegs => (Local.IsThroughRelay ? 1 : 0) + (Remote.IsThroughRelay ? 1 : 0);

    /// <summary>Over TCP nothing is sent twice, and a connection that ends is the end of it.</summary>
    public bool IsStream => Local.Transport != Transport.Udp;

    public bool IsUnresolved => !IsDropped && State is PairState.Frozen or PairState.Waiting or PairState.InProgress;

    public bool IsBetterThan(Pair other) => Nomination.IsBetter(this, other);
}
