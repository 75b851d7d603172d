using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Ties together what was read: streams and checks to their calls, legs to each other; then everything is explained and judged.</summary>
internal static class CaptureReading
{
    public static Capture Of(CaptureFacts facts, WireSorter wire, Vantage vantage)
    {
        var dialogs = wire.Dialogs.Dialogs;
        var streams = StreamOwners.Assign(dialogs, wire.Media.Finish());
        LegFinder.Link(dialogs);
        var loose = IceOwners.Assign(dialogs, wire.Stun, streams, vantage);
        foreach (var dialog in dialogs.Where(d => d.Kind == SipDialogKind.Call)) dialog.Explanation = CallStory.Of(dialog, wire.Stun);
        var capture = new Capture { Facts = facts, Dialogs = dialogs, Streams = streams, LooseIce = loose, Relays = [.. wire.Stun.Allocations], Problems = [] };
        return capture with { Problems = ProblemFinder.Find(capture, wire.Dialogs.Unreadable, vantage) };
    }
}
