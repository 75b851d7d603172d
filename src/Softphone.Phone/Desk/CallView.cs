using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>One call as a screen shows it. Immutable.</summary>
/// <param name="Id">The call.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Direction">Who called.</param>
/// <param name="Peer">The other side's URI.</param>
public sealed record CallView(CallId Id, CallState State, CallDirection Direction, string Peer)
{
    /// <summary>The peer's name, of the contacts or as it tells itself; empty when unknown.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which of our accounts.</summary>
    public string Account { get; init; } = "";

    /// <summary>When it began.</summary>
    public Instant Began { get; init; }

    /// <summary>Since it was answered, or how long it was talked when it is over; null before.</summary>
    public TimeSpan? Talked { get; init; }

    /// <summary>We hold it.</summary>
    public bool IsHeldHere { get; init; }

    /// <summary>The peer holds it.</summary>
    public bool IsHeldThere { get; init; }

    /// <summary>Whether others can hear it.</summary>
    public CallSecurity Security { get; init; } = CallSecurity.Plain;

    public bool InConference { get; init; }

    /// <summary>The file it is recorded into; null when it is not.</summary>
    public string? Recording { get; init; }

    /// <summary>How long it has been recorded.</summary>
    public TimeSpan Recorded { get; init; }

    /// <summary>The file that the peer hears beside us; null when none.</summary>
    public string? Playing { get; init; }

    /// <summary>How long it has been heard.</summary>
    public TimeSpan Played { get; init; }

    /// <summary>What becomes of a transfer, for a person; empty when there is none.</summary>
    public string Transfer { get; init; } = "";

    /// <summary>Its peer wants to send us to somebody else, and nobody has decided; null when not. It may have hung up meanwhile.</summary>
    public TransferQuestion? Asked { get; init; }

    /// <summary>host, srflx, prflx or relay; empty while there is none.</summary>
    public string Path { get; init; } = "";

    public MediaStatistics? Media { get; init; }

    public IceSnapshot? Ice { get; init; }

    /// <summary>One value a second of the last minute, oldest first.</summary>
    public QualityHistory Quality { get; init; } = QualityHistory.Empty;

    /// <summary>Keys sent and keys heard.</summary>
    public string DigitsSent { get; init; } = "";

    public string DigitsHeard { get; init; } = "";

    /// <summary>When the session must be refreshed or is; empty without session timers.</summary>
    public string Timer { get; init; } = "";

    /// <summary>Why this path, or what failed and what helps.</summary>
    public Explanation Why { get; init; } = Softphone.Phone.Explanation.Empty;

    /// <summary>The same as one paragraph.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The status and reason that ended it; empty while it goes on.</summary>
    public string Ending { get; init; } = "";

    /// <summary>All of the trace that concerns this call, oldest first; empty unless the screen asked for it (<see cref="Desk.Watch"/>).</summary>
    public IReadOnlyList<TraceEntry> Trace { get; init; } = [];

    /// <summary>Entries in the middle of its trace that were left out, since there were more than may be kept.</summary>
    public long LeftOut { get; init; }

    /// <summary>When it was over; null while it goes on.</summary>
    public Instant? Ended { get; init; }
}

/// <summary>Quality of the last minute, one value a second, oldest first; NaN where nothing was measured.</summary>
/// <param name="Mos">1 to 4.5.</param>
/// <param name="RxLoss">Percent of that second.</param>
/// <param name="JitterMs">Interarrival jitter.</param>
/// <param name="RttMs">Round trip by RTCP.</param>
public sealed record QualityHistory(IReadOnlyList<double> Mos, IReadOnlyList<double> RxLoss, IReadOnlyList<double> JitterMs, IReadOnlyList<double> RttMs)
{
    public const int Seconds = 60;

    /// <summary>All of that minute, by the formula that each second has.</summary>
    public MediaQuality Minute { get; init; }

    public static QualityHistory Empty { get; } = new([], [], [], []);
}
