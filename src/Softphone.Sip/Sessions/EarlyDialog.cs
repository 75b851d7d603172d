namespace Softphone.Sip;

/// <summary>
/// One branch of an INVITE of ours that rings (RFC 3261 §12.1.2), and what it has said reliably: each branch numbers its provisional responses for
/// itself, and what it offers and is answered concerns no other (RFC 3262 §4, §5).
/// </summary>
internal sealed class EarlyDialog(Dialog dialog)
{
    public Dialog Dialog => dialog;

    /// <summary>The order of its reliable provisional responses.</summary>
    public ReliableOrder Order { get; } = new();

    /// <summary>Our PRACK that has no final response yet.</summary>
    public Exchange? Prack { get; set; }

    /// <summary>A reliable provisional response whose offer waits for our answer, which goes into its PRACK.</summary>
    public SipResponse? Asking { get; set; }

    /// <summary>An offer and its answer have both been told reliably.</summary>
    public bool IsAgreed { get; set; }

    /// <summary>More than the first offer was answered in it: what a 2xx repeats of the first is out of date.</summary>
    public bool HasChanged { get; set; }

    /// <summary>The peer knows that all of it has arrived: another offer may go out (RFC 3311 §5.1).</summary>
    public bool IsSettled => IsAgreed && Prack is null && Asking is null;
}
