using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>What to try next in the demonstration, in a line of a narrow terminal: after what was done already, and what goes on.</summary>
public static class DemoAdvice
{
    private static readonly TimeSpan LineTime = TimeSpan.FromSeconds(8);

    private static readonly string[] InCall =
    [
        "Talking: i shows how ICE found the path, s every SIP message.",
        "Talking: p shows quality and flow, 0-9 * # send tones, m mutes.",
        "Talking: Space holds; d dave calls somebody else meanwhile.",
    ];

    private static readonly string[] TwoCalls =
    [
        "Two calls: n swaps them, c makes a conference of three.",
        "Two calls: T joins the other two and leaves, h hangs up the selected one.",
    ];

    /// <param name="view">What is on the screen.</param>
    public static string Of(PhoneView view)
    {
        var live = view.Calls.Where(c => c.State != CallState.Ended).ToList();
        if (live.Find(c => c is { Direction: CallDirection.Incoming, State: CallState.Ringing or CallState.Dialing or CallState.Early }) is { } rings)
            return live.Count > 1 ? $"{NameOf(rings)} calls too: a answers and holds the other, h rejects." : $"{NameOf(rings)} calls you: a answers, h rejects.";
        if (live.Exists(c => c.InConference)) return "A conference: everybody hears everybody. r records, h hangs up.";
        if (live.Count > 1) return Turn(TwoCalls, view);
        if (live.Count == 1) return live[0].State is CallState.Connected or CallState.Held ? Turn(InCall, view) : "It rings there; h gives up.";
        if (view.History.Count == 0) return "You are alice in a virtual internet. d bob Enter calls bob.";
        return view.Missed > 0 ? "A call was missed: H shows the history, b calls back." : "H shows the history, C contacts, S devices; d dave calls dave. Q quits.";
    }

    private static string Turn(string[] lines, PhoneView view) => lines[(int)((view.Now - Instant.Zero) / LineTime) % lines.Length];

    private static string NameOf(CallView call) => call.Name.Length > 0 ? call.Name : call.Peer;
}
