using System.Globalization;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>A call that is over.</summary>
/// <param name="At">When it began, by the wall clock.</param>
/// <param name="Direction">Who called.</param>
/// <param name="Peer">The other side's URI.</param>
/// <param name="Name">Its name, where one is known.</param>
/// <param name="Account">Which of our accounts.</param>
/// <param name="Status">The SIP status that decided it.</param>
/// <param name="Reason">Its reason phrase, or what happened.</param>
/// <param name="Talked">Answer to end; null when it was not answered.</param>
/// <param name="Path">host, srflx, prflx or relay; empty when there was none.</param>
/// <param name="Codec">What we sent.</param>
/// <param name="Mos">Estimated quality, 1 to 4.5; null without media.</param>
/// <param name="Explanation">One paragraph for a person.</param>
/// <param name="IsMissed">It rang here, nobody took it, and nobody has seen that yet.</param>
public sealed record HistoryEntry(
    DateTimeOffset At,
    CallDirection Direction,
    string Peer,
    string Name,
    string Account,
    int Status,
    string Reason,
    TimeSpan? Talked,
    string Path,
    string Codec,
    double? Mos,
    string Explanation,
    bool IsMissed)
{
    /// <summary>Its number in the history, from 1; 0 before it was kept.</summary>
    public long Number { get; init; }

    /// <summary>How it was turned away as the person has it (<see cref="CallManners"/>).</summary>
    public TurnedAway TurnedAway { get; init; }

    /// <summary>Where its messages, its ICE and its quality are kept.</summary>
    public RecordPlace Record { get; init; }

    /// <summary>Which call of the views it is; null when its record is not in memory.</summary>
    public CallId? Call { get; init; }

    /// <summary>The name of the file of its record; empty when there is none.</summary>
    public string File { get; init; } = "";

    /// <summary>What is known of a call as soon as it is over.</summary>
    public static HistoryEntry Of(CallSummary summary, DateTimeOffset at, CallDirection direction, string peer, string name, string account, TimeSpan? talked) => new(
        at,
        direction,
        peer,
        name,
        account,
        summary.Status,
        summary.IsAnsweredElsewhere ? "answered elsewhere" : PlainText.Clean(summary.Reason),
        talked,
        summary.Path,
        summary.Codec,
        summary.Media?.Mos,
        summary.Explanation,
        IsMissed: false);

    /// <summary>The name of the file of a record: when the call began, and enough of what nobody else's call has.</summary>
    public static string FileOf(DateTimeOffset at, string sipCallId)
    {
        var mix = 2_166_136_261u;
        foreach (var c in sipCallId) mix = unchecked((mix ^ c) * 16_777_619);
        return string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd-HHmmss-fff}-{mix:x8}");
    }
}
