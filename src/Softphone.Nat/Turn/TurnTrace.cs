using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Transitions of a TURN client.</summary>
public abstract record TurnTrace : TraceEntry
{
    private TurnTrace(Instant at, string source)
        : base(at, source)
    {
    }

    public sealed override Layer Layer => Layer.Turn;

    /// <summary>A request left for the first time.</summary>
    public sealed record Requested(Instant At, string Source, StunMethod Method, Address Server, string Detail) : TurnTrace(At, Source)
    {
        public override string Describe() => $"{Method} to {Server}{(Detail.Length == 0 ? "" : " ")}{Detail}";
    }

    /// <summary>A request was answered with an error.</summary>
    public sealed record Refused(Instant At, string Source, StunMethod Method, int Code) : TurnTrace(At, Source)
    {
        public override string Describe() => $"{Method} refused: {Code}";
    }

    /// <summary>A response was not believed, and its transaction goes on.</summary>
    public sealed record Ignored(Instant At, string Source, StunMethod Method, string Why) : TurnTrace(At, Source)
    {
        public override string Describe() => $"answer to {Method} ignored: {Why}";
    }

    /// <summary>The owner was told something.</summary>
    public sealed record Happened(Instant At, string Source, string What) : TurnTrace(At, Source)
    {
        public override string Describe() => What;
    }
}
