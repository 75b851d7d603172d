using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The first line of the file of a record: the row of the history, and what the last view of the call had besides its trace. Times are
/// counted from the beginning of the call. Keys that were pressed are not there: they may be a PIN.
/// </summary>
internal sealed record KeptRecord
{
    public const int Version = 1;

    /// <summary>The version of the format; what a file of another kind does not have.</summary>
    public required int SoftphoneRecord { get; init; }

    public required KeptLine Row { get; init; }

    /// <summary>Null for a call that was over as it began.</summary>
    public required Instant? Ended { get; init; }

    public required MediaStatistics? Media { get; init; }

    public required IceSnapshot? Ice { get; init; }

    /// <summary>Null in a file of before there was encryption.</summary>
    public CallSecurity? Security { get; init; }

    public required QualityHistory Quality { get; init; }

    public required string Transfer { get; init; }

    public required string Explanation { get; init; }

    public required string Ending { get; init; }

    /// <summary>Entries in the middle that were left out.</summary>
    public required long LeftOut { get; init; }
}
