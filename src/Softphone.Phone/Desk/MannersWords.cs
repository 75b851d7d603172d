namespace Softphone.Phone;

/// <summary><see cref="CallManners"/> in words, for event lines and for headers.</summary>
public static class MannersWords
{
    /// <summary>What is another now, one line each.</summary>
    public static IEnumerable<string> Changes(CallManners was, CallManners now)
    {
        if (now.DoNotDisturb && (!was.DoNotDisturb || was.DoNotDisturbStatus != now.DoNotDisturbStatus)) yield return $"do-not-disturb is on: callers are told {now.DoNotDisturbStatus}";
        if (was.DoNotDisturb && !now.DoNotDisturb) yield return "do-not-disturb is off";
        if (now.AutoAnswer is { } after && (was.AutoAnswer != after || !was.AutoAnswerFrom.SequenceEqual(now.AutoAnswerFrom)))
            yield return $"calls of {string.Join(", ", now.AutoAnswerFrom)} are answered by themselves after {DurationText.Write(after)}";
        if (now.AutoAnswerAsked && (!was.AutoAnswerAsked || !was.AutoAnswerFrom.SequenceEqual(now.AutoAnswerFrom))) yield return $"calls of {string.Join(", ", now.AutoAnswerFrom)} are answered by themselves where they ask for it";
        if (was.MayAnswerItself && !now.MayAnswerItself) yield return "no call is answered by itself";
        foreach (var (when, target) in now.Forwards)
            if (!was.Forwards.Contains((when, target)) || (when == TurnedAway.NoAnswer && was.ForwardAfter != now.ForwardAfter)) yield return $"{Calls(when, now)} are sent to {target}";
        foreach (var (when, _) in was.Forwards)
            if (!now.Forwards.Any(f => f.When == when)) yield return $"{Calls(when, was)} are sent nowhere any more";
    }

    /// <summary>"all calls", "calls during another", "calls that nobody takes for 20s".</summary>
    public static string Calls(TurnedAway when, CallManners manners) => when switch
    {
        TurnedAway.Busy => "calls during another",
        TurnedAway.NoAnswer => $"calls that nobody takes for {DurationText.Write(manners.ForwardAfter)}",
        _ => "all calls",
    };
}
