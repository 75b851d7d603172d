using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>How a call went, once it is over.</summary>
/// <param name="Status">The SIP status that decided it; 200 for an answered call.</param>
/// <param name="Reason">Its reason phrase, or what happened.</param>
/// <param name="Cause">Who ended it.</param>
/// <param name="Fault">What went wrong; null for an ordinary end.</param>
/// <param name="Setup">INVITE to answer; null when it was not answered.</param>
/// <param name="Ice">Since checks could start to the last component selected; null when it did not come to that.</param>
/// <param name="FirstAudio">Answer to first audio packet received; zero when early media came before; null when none came.</param>
/// <param name="Path">host, srflx, prflx or relay: the worse of the two ends; empty when there was none.</param>
/// <param name="Codec">What we sent; empty when nothing was negotiated.</param>
/// <param name="Audio">Which way audio went.</param>
/// <param name="Media">The last statistics; null when there was no media.</param>
/// <param name="Digits">Keys the peer pressed.</param>
/// <param name="Why">Which path it took and why not a better one, or what failed and what would help.</param>
public sealed record CallSummary(
    int Status,
    string Reason,
    CallEndCause Cause,
    Fault? Fault,
    TimeSpan? Setup,
    TimeSpan? Ice,
    TimeSpan? FirstAudio,
    string Path,
    string Codec,
    AudioOutcome Audio,
    MediaStatistics? Media,
    string Digits,
    Explanation Why)
{
    /// <summary>The same as one paragraph for a person.</summary>
    public string Explanation => ExplanationText.Of(Why);

    /// <summary>What came and was not taken, by reason; empty when the call went well.</summary>
    public IReadOnlyList<Dropped> Dropped { get; init; } = [];

    /// <summary>Whether others could hear it, at its end.</summary>
    public CallSecurity Security { get; init; } = CallSecurity.Plain;

    /// <summary>It was encrypted for a part of the time that it was up, and others could hear the rest.</summary>
    public bool WasPlainInPart { get; init; }

    /// <summary>Another phone of ours took the call, as its server said (RFC 3326): nobody missed it.</summary>
    public bool IsAnsweredElsewhere { get; init; }
}
