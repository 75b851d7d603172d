using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>What the lab's TURN server did.</summary>
public abstract record TurnServerTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Turn;

    public sealed record Allocated(Instant At, string Source, string User, Address Client, Address Relay) : TurnServerTrace(At, Source)
    {
        public override string Describe() => $"allocated {Relay} for {User} at {Client}";
    }

    /// <param name="At">When.</param>
    /// <param name="Source">Which server.</param>
    /// <param name="User">Whose it was.</param>
    /// <param name="Client">Who held it.</param>
    /// <param name="Relay">Its relayed address.</param>
    /// <param name="Why">In a few words.</param>
    /// <param name="Packets">Relayed through it, both directions.</param>
    /// <param name="Bytes">Octets of payload relayed through it, both directions.</param>
    public sealed record Released(Instant At, string Source, string User, Address Client, Address Relay, string Why, long Packets, long Bytes)
        : TurnServerTrace(At, Source)
    {
        public override string Describe() => $"released {Relay} of {Client}: {Why}";
    }

    public sealed record Refused(Instant At, string Source, StunMethod Method, Address Client, int Code) : TurnServerTrace(At, Source)
    {
        public override string Describe() => $"refused {Method} of {Client} with {Code}";
    }
}
