using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

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
    CallId Id, CallState State, CallDirection Direction, string Peer, Instant? Since, string Path, MediaStatistics? Media, IceSnapshot? Ice);

internal sealed partial class Call
{
    public CallSnapshot Snapshot(Instant now) =>
        new(Id, State, Direction, Peer, _answeredAt, Path, _media?.Snapshot(now), _transport?.Snapshot());
}
