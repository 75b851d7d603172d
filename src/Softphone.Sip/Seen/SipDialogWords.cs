using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Dialogs in words: what lists show, and what filters are told.</summary>
public static class SipDialogWords
{
    /// <summary>A state by its word in a filter.</summary>
    public static string Of(SipDialogState state) => state == SipDialogState.NoAnswer ? "no-answer" : state.ToString().ToLowerInvariant();

    /// <summary>A kind by its word in a filter.</summary>
    public static string Of(SipDialogKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Where it stands for a person: "403 Forbidden", "registered", "no answer".</summary>
    public static string StateOf(SipDialog dialog, Instant now) => (dialog.StateAt(now), dialog.Kind) switch
    {
        (SipDialogState.Refused or SipDialogState.Redirected or SipDialogState.Challenged or SipDialogState.Answered, _) => $"{dialog.Status} {PlainText.Clean(dialog.Reason)}".TrimEnd(),
        (SipDialogState.Up, SipDialogKind.Registration) => "registered",
        (SipDialogState.Ended, SipDialogKind.Registration) => "unregistered",
        (SipDialogState.Up, SipDialogKind.Subscription) => "subscribed",
        (SipDialogState.NoAnswer, _) => "no answer",
        var (state, _) => Of(state),
    };
}
