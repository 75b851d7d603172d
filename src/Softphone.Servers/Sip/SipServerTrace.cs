using Softphone.Core;

namespace Softphone.Servers;

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

    public sealed record CallStarted(Instant At, string Source, string CallId, string From, string To) : SipServerTrace(At, Source)
    {
        public override int Size => CallId.Length + From.Length + To.Length;

        public override string Describe() => $"{From} calls {To}";
    }

    public sealed record CallAnswered(Instant At, string Source, string CallId, int Status) : SipServerTrace(At, Source)
    {
        public override int Size => CallId.Length;

        public override string Describe() => $"call {CallId} answered with {Status}";
    }

    public sealed record CallEnded(Instant At, string Source, string CallId) : SipServerTrace(At, Source)
    {
        public override int Size => CallId.Length;

        public override string Describe() => $"call {CallId} hung up";
    }

    public sealed record Answered(Instant At, string Source, string Method, string Target, int Status) : SipServerTrace(At, Source)
    {
        public override string Describe() => $"{Method} {Target} answered with {Status}";
    }
}
