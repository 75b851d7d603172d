using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>What the lab's TURN server did.</summary>
public abstract record TurnTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Turn;

    public sealed record Allocated(Instant At, string Source, string User, Address Client, Address Relay) : TurnTrace(At, Source)
    {
        public override string Describe() => $"allocated {Relay} for {User} at {Client}";
    }

    public sealed record Released(Instant At, string Source, Address Client, Address Relay, string Why) : TurnTrace(At, Source)
    {
        public override string Describe() => $"released {Relay} of {Client}: {Why}";
    }

    public sealed record Refused(Instant At, string Source, StunMethod Method, Address Client, int Code) : TurnTrace(At, Source)
    {
        public override string Describe() => $"refused {Method} of {Client} with {Code}";
    }
}
