using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What is known of one call's media, of which its <see cref="Explanation"/> is made.</summary>
internal sealed record Explainer(NatFacts Settings)
{
    /// <summary>Fewer packets are what is under way when media begins or moves.</summary>
    public const int Many = 25;

    private const int MostStrangeTypes = 3;

    /// <summary>Candidates and pairs; null without ICE.</summary>
    public IceSnapshot? Ice { get; init; }

    /// <summary>The ends of the path that was selected last; null before there was one, and without ICE.</summary>
    public MediaRoute.Pair? Last { get; init; }

    /// <summary>STUN and TURN servers that gave nothing.</summary>
    public IReadOnlyList<Fault> Servers { get; init; } = [];

    /// <summary>When media went on by another path for the last time; null when it never did.</summary>
    public PathMove? Move { get; init; }

    /// <summary>How media went without ICE; null with it.</summary>
    public PlainMedia? Plain { get; init; }

    /// <summary>What came to the sockets of its media and was not taken.</summary>
    public IReadOnlyList<Dropped> Dropped { get; init; } = [];

    /// <summary>Why the ICE that the peer showed could not be used; null when it showed none.</summary>
    public string? IceFlaw { get; init; }

    /// <summary>What our server wants set where it carries media; empty when nothing is known.</summary>
    public string ServerHint { get; init; } = "";

    /// <summary>Of a call that is over.</summary>
    /// <param name="summary">How it went; its own explanation is not read.</param>
    /// <param name="wasAnswered">It had come to a call.</param>
    public Explanation Of(CallSummary summary, bool wasAnswered)
    {
        var told = Common with { Fault = summary.Fault, Plain = Plain };
        if (wasAnswered && summary.Audio != AudioOutcome.TwoWay) told = told with { ServerHint = ServerHint };
        if (summary.Fault is not null || (wasAnswered && summary.Audio != AudioOutcome.TwoWay)) told = told with { Dropped = Dropped };
        if (summary.Fault is { } fault)
        {
            if (fault.Layer != Layer.Ice || fault.Remedy.Length > 0) return told with { Cause = new Cause.Failed(Cause.KindOf(fault), summary.Setup is not null) };
            var (cause, remedies) = PathReasoning.OfFailure(Ice, Settings);
            return told with { Cause = cause, Remedies = remedies };
        }

        if (summary.Status >= 300) return new Explanation { Cause = new Cause.Unanswered(summary.Cause, summary.Status, summary.Reason), ServerHint = told.ServerHint };
        if (summary.Path.Length == 0)
        {
            var (cause, remedies) = PathReasoning.OfHaste(Ice, Settings);
            return told with { Cause = cause, Remedies = remedies };
        }

        return WithRoute(told with { Move = Move, Audio = summary.Audio, Codec = summary.Codec, StrangeTypes = Strange(summary) }, summary.Path);
    }

    /// <summary>Of a call that goes on.</summary>
    /// <param name="path">host, srflx, prflx or relay; empty while there is none.</param>
    public Explanation Live(string path)
    {
        if (path.Length > 0) return WithRoute(Common with { IsLive = true, Move = Move, Plain = Plain }, path);
        var (cause, remedies) = PathReasoning.OfHaste(Ice, Settings);
        if (cause is Cause.Families) return Common with { IsLive = true, Cause = cause, Remedies = remedies };
        return Ice is { Pairs.Count: > 0 } ? Common with { IsLive = true, Cause = new Cause.PathAwaited() } : Explanation.Empty;
    }

    private Explanation Common => new() { Servers = Servers };

    private Explanation WithRoute(Explanation told, string path)
    {
        if (Ice?.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 }) is { } pair)
        {
            var (cause, remedies) = PathReasoning.Of(pair, Ice, Settings);
            return told with { Route = new MediaRoute.Pair(pair.Local, pair.Remote), Cause = cause, Remedies = remedies };
        }

        // A restart begins with no pair; media goes on by the old path until it has one.
        if (Last is not null && Ice is { State: IceState.Connected or IceState.Completed }) return told with { Route = Last, Cause = new Cause.Nothing() };
        if (Last is not null || Ice is { Pairs.Count: > 0 }) return told with { Cause = new Cause.PathLost(path) };
        Cause why = !Settings.HasIce ? new Cause.NoIce(Side.Ours) : IceFlaw is { } flaw ? new Cause.IceUnusable(flaw) : new Cause.NoIce(Side.Peer);
        return told with { Route = new MediaRoute.Plain(Plain), Cause = why };
    }

    /// <summary>Beside audio that was heard, a few are what keeps a NAT open (RFC 6263 §4.6).</summary>
    private static IReadOnlyList<StrangeType> Strange(CallSummary summary)
    {
        var isHeard = summary.Audio is AudioOutcome.TwoWay or AudioOutcome.ReceiveOnly;
        return summary.Media?.StrangeTypes.Where(t => t.Packets >= (isHeard ? Many : 1)).Take(MostStrangeTypes).ToList() ?? [];
    }
}
