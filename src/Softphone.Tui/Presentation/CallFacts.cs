using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>What screens ask of a call.</summary>
internal static class CallFacts
{
    public static bool IsLive(this CallView call) => call.State != CallState.Ended;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Answered and not over; it may be on hold.</summary>
    public static bool IsAnswered(this CallView call) => call.State is CallState.Connected or CallState.Held;

    /// <summary>It was answered a while ago, and no way for its sound is found.</summary>
    public static bool HasNoPath(this CallView call) => call is { State: CallState.Connected, Path.Length: 0 } && call.Talked > Patience && call.Media is not { Rx.Packets: > 0 };

    /// <summary>It rings here and waits for an answer.</summary>
    public static bool RingsHere(this CallView call) =>
        call is { Direction: CallDirection.Incoming, State: CallState.Dialing or CallState.Ringing or CallState.Early };

    /// <summary>Since it began, or since the answer; until it was over.</summary>
    public static TimeSpan Age(this CallView call, Instant now) => call.Talked ?? ((call.Ended ?? now) - call.Began is { Ticks: > 0 } age ? age : TimeSpan.Zero);

    /// <summary>A call of the views by its number; null when it is none.</summary>
    public static CallView? Find(this IReadOnlyList<CallView> calls, CallId id)
    {
        for (var i = 0; i < calls.Count; i++)
            if (calls[i].Id == id) return calls[i];
        return null;
    }

    /// <summary>How many calls go on.</summary>
    public static int Live(this PhoneView view)
    {
        var live = 0;
        for (var i = 0; i < view.Calls.Count; i++)
            if (view.Calls[i].IsLive()) live++;
        return live;
    }
}
