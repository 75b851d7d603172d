using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What ties the machines of one call together.</summary>
public abstract record CallTrace : TraceEntry
{
    private CallTrace(Instant at, string source)
        : base(at, source)
    {
    }

    public sealed override Layer Layer => Layer.Sip;

    /// <summary>It threw, and was ended for it: an error of this program.</summary>
    /// <param name="At">When.</param>
    /// <param name="Source">The call, or the phone when it was none.</param>
    /// <param name="Where">What was under way.</param>
    /// <param name="Error">The type of the exception; its text may hold anything.</param>
    public sealed record Broke(Instant At, string Source, string Where, string Error) : CallTrace(At, Source)
    {
        public override string Describe() => $"internal error: {Error} at {Where}";
    }

    /// <summary>The call has a SIP session: messages of this Call-ID, and changes of this session, are its own.</summary>
    /// <param name="At">When.</param>
    /// <param name="Source">The call.</param>
    /// <param name="Session">The subject of the session's <see cref="Sip.SipTrace.State"/>.</param>
    /// <param name="SipCallId">Its Call-ID.</param>
    public sealed record Signalled(Instant At, string Source, string Session, string SipCallId) : CallTrace(At, Source)
    {
        public override string Describe() => $"signalled as {SipCallId} ({Session})";
    }
}
