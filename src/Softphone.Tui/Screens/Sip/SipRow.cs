using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One row of a ladder: a message, or what else happened in the call at that moment.</summary>
/// <param name="At">When.</param>
/// <param name="Since">Since the message before.</param>
/// <param name="Message">Null for a mark.</param>
/// <param name="Peer">Which of the ladder's peers, from 0; -1 for a mark, and for who has the first line.</param>
/// <param name="Label">"INVITE", "200 OK", or what happened.</param>
/// <param name="Details">What else it says.</param>
/// <param name="Style">By what it means.</param>
internal sealed record SipRow(Instant At, TimeSpan Since, SipTrace.Message? Message, int Peer, string Label, string Details, Style Style)
{
    /// <summary>The line of who sent it, from 0.</summary>
    public int Sender { get; init; }

    /// <summary>The line of who got it.</summary>
    public int Receiver { get; init; }

    /// <summary>Which of several dialogs of the ladder it is of, from 1; 0 where there is one only.</summary>
    public int Dialog { get; init; }

    /// <summary>What stands in its arrow.</summary>
    public string Text => field ??= $"{(Dialog > 0 ? $"[{Dialog}] " : "")}{Label}{(Message?.IsRepeat == true ? " again" : "")}{(Details.Length == 0 ? "" : $"  {Details}")}";

    /// <summary>As short as it can be: the method, or the status and whether it brings a description.</summary>
    public string Brief { get; } = BriefOf(Message, Label, Details);

    public bool IsRepeat => Message?.IsRepeat == true;

    private static string BriefOf(SipTrace.Message? message, string label, string details)
    {
        if (message is null) return label;
        var status = MaskedText.StatusOf(message.StartLine);
        var name = status == 0 ? label : label.EndsWith(')') ? $"{status} {label[label.LastIndexOf('(')..]}" : $"{status}";
        var sdp = details.StartsWith("sdp", StringComparison.Ordinal) ? details.Contains("hold", StringComparison.Ordinal) ? " hold" : " sdp" : "";
        return $"{name}{sdp}{(message.IsRepeat ? " again" : "")}";
    }
}
