using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// Which path a call took and why not a better one, or what failed, and what would help: values, of which <see cref="ExplanationText"/>
/// makes the paragraph that a person reads.
/// </summary>
public sealed record Explanation
{
    /// <summary>A call of which nothing needs to be said yet.</summary>
    public static Explanation Empty { get; } = new();

    /// <summary>The way that media takes, or took at the end; null while there is none.</summary>
    public MediaRoute? Route { get; init; }

    /// <summary>Why this way and no better one, or why none.</summary>
    public Cause Cause { get; init; } = new Cause.Nothing();

    /// <summary>What failed; null for an ordinary end, and while the call goes on.</summary>
    public Fault? Fault { get; init; }

    /// <summary>What would make it direct, or connect it. Those that must help come first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>STUN and TURN servers that gave nothing.</summary>
    public IReadOnlyList<Fault> Servers { get; init; } = [];

    /// <summary>The last move of media to another path; null when there was none.</summary>
    public PathMove? Move { get; init; }

    /// <summary>Which way audio went; null while the call goes on, and where there was no path.</summary>
    public AudioOutcome? Audio { get; init; }

    /// <summary>The codec that we sent; empty when none was agreed.</summary>
    public string Codec { get; init; } = "";

    /// <summary>Payload types that came and that nobody had agreed on.</summary>
    public IReadOnlyList<StrangeType> StrangeTypes { get; init; } = [];

    /// <summary>What came and was not taken, of a call that failed or was heard one way, and is not told otherwise.</summary>
    public IReadOnlyList<Dropped> Dropped { get; init; } = [];

    /// <summary>How plain media was learnt, also of a call that failed; null with ICE.</summary>
    public PlainMedia? Plain { get; init; }

    /// <summary>What our server wants set where it carries media, told when audio did not go both ways; empty when nothing is known.</summary>
    public string ServerHint { get; init; } = "";

    /// <summary>The call goes on.</summary>
    public bool IsLive { get; init; }
}
