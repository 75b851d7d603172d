using Softphone.Core;

namespace Softphone.Lab;

/// <summary>What the lab's SIP server did.</summary>
public abstract record SipServerTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Sip;

    public sealed record Bound(Instant At, string Source, string User, string Contact, Address From, TimeSpan For) : SipServerTrace(At, Source)
    {
        public override string Describe() => $"{User} is at {Contact}, reached by {From}, for {For.TotalSeconds:F0} s";
    }

    public sealed record Unbound(Instant At, string Source, string User, string Contact, string Why) : SipServerTrace(At, Source)
    {
        public override string Describe() => $"{User} is no longer at {Contact}: {Why}";
    }

    public sealed record Forwarded(Instant At, string Source, string Method, string Target, Address To) : SipServerTrace(At, Source)
    {
        public override string Describe() => $"{Method} {Target} forwarded to {To}";
    }

    public sealed record Answered(Instant At, string Source, string Method, string Target, int Status) : SipServerTrace(At, Source)
    {
        public override string Describe() => $"{Method} {Target} answered with {Status}";
    }
}
