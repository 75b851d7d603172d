using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One row of a ladder: a message, or what else happened in the call at that moment.</summary>
/// <param name="At">When.</param>
/// <param name="Since">Since the message before.</param>
/// <param name="Message">Null for a mark.</param>
/// <param name="Peer">Which of the ladder's peers, from 0; -1 for a mark.</param>
/// <param name="Label">"INVITE", "200 OK", or what happened.</param>
/// <param name="Details">What else it says.</param>
/// <param name="Style">By what it means.</param>
internal sealed record SipRow(Instant At, TimeSpan Since, SipTrace.Message? Message, int Peer, string Label, string Details, Style Style)
{
    /// <summary>What stands in its arrow.</summary>
    public string Text { get; } = Details.Length == 0 ? Label : $"{Label}  {Details}";

    public bool IsRepeat => Message?.IsRepeat == true;
}
