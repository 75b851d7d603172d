using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>Why media went this way and no better one, or why there was no call: a closed set of cases, each with the values that show it.</summary>
public abstract record Cause
{
    private Cause()
    {
    }

    /// <summary>There is nothing to tell: the best path that there can be, or a call that ended before it mattered.</summary>
    public sealed record Nothing : Cause;

    /// <summary>Direct, and NATs are on the way since these addresses are private; null for a side that has none.</summary>
    public sealed record PrivateAddresses(IpAddress? Ours, IpAddress? Peer) : Cause;

    /// <summary>Direct by IPv6, where by IPv4 our NAT would be on the way.</summary>
    public sealed record NatByV4(bool MapsPerDestination) : Cause;

    /// <summary>
    /// What hinders each side. With neither known, something between two public addresses did not let packets in, and no more was seen.
    /// </summary>
    public sealed record Network(Hindrances Ours, Hindrances Peer) : Cause
    {
        /// <summary>It was not seen but follows, unless packets were lost: the other explanations do not fit.</summary>
        public bool IsDeduced { get; init; }

        /// <summary>Each side has nothing but a firewall before it, or a NAT: what it is called.</summary>
        public bool WeHaveNat { get; init; }

        /// <summary>Of <see cref="Hindrances.NotAsked"/>: there is a server, and it has IPv6 alone.</summary>
        public bool AsksV6Alone { get; init; }

        /// <summary>There is evidence for a NAT of the peer's.</summary>
        public bool PeerHasNat { get; init; }
    }

    /// <summary>Both are seen at one public address, which does not lead back inside, and do not reach each other within.</summary>
    public sealed record SameNat(IpAddress Outside) : Cause;

    /// <summary>One side has IPv4 alone, the other IPv6.</summary>
    public sealed record Families(bool WeHaveV4) : Cause;

    /// <summary>A direct pair works, and the peer, which chooses, took a relay before it was found.</summary>
    public sealed record NominatedEarly : Cause;

    /// <summary>No ICE: by our setting, or since the peer offered none.</summary>
    public sealed record NoIce(Side Who) : Cause;

    /// <summary>The peer's ICE could not be used.</summary>
    /// <param name="Flaw">What is wrong with it, as half a sentence.</param>
    public sealed record IceUnusable(string Flaw) : Cause;

    /// <summary>So many answers to our checks came, and their integrity did not fit the password of the peer's description.</summary>
    public sealed record Unverified(int Answers) : Cause;

    /// <summary>So often the peer refused our checks as not authenticated.</summary>
    public sealed record Unauthenticated(int Answers) : Cause;

    /// <summary>A side has no candidate that can be used.</summary>
    public sealed record NoCandidate(Side Who) : Cause;

    /// <summary>The way that media went by was lost, and no other was found.</summary>
    public sealed record PathLost(string Path) : Cause;

    /// <summary>It did not come to a call.</summary>
    public sealed record Unanswered(CallEndCause By, int Status, string Reason) : Cause;

    /// <summary>It did not ring here, since as many calls as the profile lets in were going on.</summary>
    public sealed record NoRoom(int Calls) : Cause;

    /// <summary>It was refused or sent elsewhere, as the person has it.</summary>
    /// <param name="Why">By what.</param>
    /// <param name="Status">What the caller was told.</param>
    /// <param name="Target">Where it was sent; empty when it was not.</param>
    public sealed record TurnedAway(Softphone.Phone.TurnedAway Why, int Status, string Target) : Cause;

    /// <summary>It ended before there was a path.</summary>
    public sealed record OverBeforePath : Cause;

    /// <summary>No path is found yet.</summary>
    public sealed record PathAwaited : Cause;

    /// <summary>A layer failed, of a call that was answered or of one that was not.</summary>
    public sealed record Failed(Failure Kind, bool WasAnswered) : Cause;

    /// <summary>The kind of failure that a fault is.</summary>
    public static Failure KindOf(Fault fault) => fault.Layer switch
    {
        Layer.Dns => Failure.NameNotFound,
        Layer.Tls => Failure.Certificate,
        Layer.Transport => Failure.NoConnection,
        Layer.Authentication => Failure.Credentials,
        Layer.Sip => Failure.ServerRefused,
        Layer.Sdp => Failure.Description,
        Layer.Stun or Layer.Turn or Layer.Ice => Failure.NoPath,
        Layer.Dtls or Layer.Media => Failure.Media,
        Layer.Audio => Failure.Audio,
        Layer.Profile => Failure.Profile,
        _ => Failure.Internal,
    };
}
