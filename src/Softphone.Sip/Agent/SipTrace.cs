using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What the SIP ladder is drawn from: every message that crossed a transport, and the changes behind them.</summary>
public abstract record SipTrace : TraceEntry
{
    private SipTrace(Instant at, string source)
        : base(at, source)
    {
    }

    public override Layer Layer => Layer.Sip;

    /// <summary>A message was sent or received. The text has its secrets masked.</summary>
    /// <param name="At">When.</param>
    /// <param name="Source">Which agent.</param>
    /// <param name="IsSent">True when we sent it.</param>
    /// <param name="Path">The local endpoint.</param>
    /// <param name="Transport">Its transport.</param>
    /// <param name="Local">The address it is bound to.</param>
    /// <param name="Remote">The other side.</param>
    /// <param name="StartLine">The request or status line.</param>
    /// <param name="CallId">The Call-ID, to sort a ladder by; empty when the message has none.</param>
    /// <param name="Text">The whole message, masked.</param>
    /// <param name="IsRepeat">True for a retransmission by a transaction.</param>
    public sealed record Message(
        Instant At,
        string Source,
        bool IsSent,
        PathId Path,
        Transport Transport,
        Address Local,
        Address Remote,
        string StartLine,
        string CallId,
        string Text,
        bool IsRepeat) : SipTrace(At, Source)
    {
        public override int Size => StartLine.Length + Text.Length;

        public override string Describe() => $"{(IsSent ? "→" : "←")} {Remote} {Transport.ToString().ToUpperInvariant()} {StartLine}{(IsRepeat ? " (again)" : "")}";
    }

    /// <summary>Bytes that are no message we can use, and why they were dropped.</summary>
    public sealed record Dropped(Instant At, string Source, PathId Path, Address Remote, string Why) : SipTrace(At, Source)
    {
        public override string Describe() => $"dropped from {Remote}: {Why}";
    }

    /// <summary>A registration or a session changed its state.</summary>
    public sealed record State(Instant At, string Source, string Subject, string What) : SipTrace(At, Source)
    {
        public override string Describe() => $"{Subject}: {What}";
    }
}
