namespace Softphone.Captures;

/// <summary>How media of a call without ICE went, in one sentence.</summary>
internal static class PlainStory
{
    public static string Of(CapturedDialog dialog)
    {
        var call = dialog.Call;
        if (call.Last(Party.Caller) is not { } caller || call.Last(Party.Callee) is not { } callee) return "";
        var who = (HasIce(caller), HasIce(callee)) switch
        {
            (true, false) => "the callee offers no ICE",
            (false, true) => "the caller offers no ICE",
            _ => "neither side offers ICE",
        };
        return $"Plain RTP, since {who}: {Named(caller)} is the caller's address for audio, {Named(callee)} the callee's.{Audio(dialog)}";
    }

    private static string Audio(CapturedDialog dialog) =>
        (dialog.Streams.Any(s => s.Sender == Party.Caller), dialog.Streams.Any(s => s.Sender == Party.Callee)) switch
        {
            (true, true) => " Audio of both is in the capture.",
            (true, false) => " Audio of the caller is in the capture, and none of the callee.",
            (false, true) => " Audio of the callee is in the capture, and none of the caller.",
            _ => " No audio is in the capture.",
        };

    private static bool HasIce(Description description) => description.Sent.Audio is { } audio && description.Sent.IceOf(audio) is not null;

    private static string Named(Description description) =>
        description.Sent.Audio is { } audio && description.Sent.ConnectionOf(audio) is { } c ? $"{c.Host}:{audio.Port}" : "nothing";
}
