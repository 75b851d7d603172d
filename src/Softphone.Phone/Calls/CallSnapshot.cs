using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>One call as a view shows it. Immutable.</summary>
/// <param name="Id">The call.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Direction">Who called.</param>
/// <param name="Peer">The other side's URI.</param>
/// <param name="Since">When it was answered; null before.</param>
/// <param name="Path">host, srflx, prflx or relay; empty while there is none.</param>
/// <param name="Media">Statistics; null before media was negotiated.</param>
/// <param name="Ice">Candidates and pairs; null without ICE.</param>
public sealed record CallSnapshot(
    CallId Id, CallState State, CallDirection Direction, string Peer, Instant? Since, string Path, MediaStatistics? Media, IceSnapshot? Ice)
{
    /// <summary>The name that the other side gives itself; empty when it gives none.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Which of the phone's accounts.</summary>
    public AccountId Account { get; init; }

    /// <summary>We hold it, from the moment that it is asked for.</summary>
    public bool IsHeldHere { get; init; }

    /// <summary>The peer holds it.</summary>
    public bool IsHeldThere { get; init; }

    /// <summary>Whether others can hear it.</summary>
    public CallSecurity Security { get; init; } = CallSecurity.Plain;

    /// <summary>Who refreshes the session and when (RFC 4028), for a person; empty without a session timer.</summary>
    public string Timer { get; init; } = "";

    /// <summary>Why this path and not a better one, while the call goes on; after it the summary's.</summary>
    public Explanation Why { get; init; } = Softphone.Phone.Explanation.Empty;

    /// <summary>The same as one paragraph for a person; empty before there is anything to say.</summary>
    public string Explanation { get; init; } = "";
}
