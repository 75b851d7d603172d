using Softphone.Core;

namespace Softphone.Internet;

/// <summary>What the virtual internet did that a person may want to know.</summary>
public abstract record WorldTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Transport;

    /// <summary>A packet went no further.</summary>
    /// <param name="At">When.</param>
    /// <param name="Source">The host, gateway or network that dropped it.</param>
    /// <param name="Transport">How it travelled.</param>
    /// <param name="From">Its source address there.</param>
    /// <param name="To">Its destination address there.</param>
    /// <param name="Length">Octets of payload.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="What">What it carried: "STUN", "RTP", "SIP".</param>
    public sealed record PacketDropped(
        Instant At, string Source, Transport Transport, Address From, Address To, int Length, DropReason Reason, string What)
        : WorldTrace(At, Source)
    {
        public override string Describe() => $"{What} {From} > {To} ({Transport.ToString().ToUpperInvariant()}, {Length} B) {Reason.At(Source)}: {Reason.Explain()}";
    }
}
