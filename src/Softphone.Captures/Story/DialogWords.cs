using System.Globalization;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>What became of a dialog, in a few words.</summary>
public static class DialogWords
{
    public static string Of(CapturedDialog dialog)
    {
        var status = dialog.Status == 0 ? "" : $"{dialog.Status} {ReasonPhrase.Of(dialog.Status)}";
        return dialog.State switch
        {
            DialogState.Ended when Talked(dialog) is { } talked => string.Create(CultureInfo.InvariantCulture, $"talked {talked.TotalSeconds:0.0} s"),
            DialogState.Talking => "answered, no end here",
            DialogState.Cancelled => "cancelled",
            DialogState.Refused => status,
            DialogState.Done => status,
            DialogState.Unanswered => "no answer",
            DialogState.Partial => "begins before the capture",
            DialogState.Ringing => "rings",
            DialogState.Trying => "goes on",
            _ => "ended",
        };
    }

    /// <summary>From answer to BYE; null where one of them is not in the capture.</summary>
    public static TimeSpan? Talked(CapturedDialog dialog) =>
        dialog is { Kind: SipDialogKind.Call, Call: { Answer: { } answer, Bye: { } bye } } ? bye.At - answer.At : null;
}
