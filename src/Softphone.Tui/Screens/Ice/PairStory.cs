using Softphone.Nat;

namespace Softphone.Tui;

/// <summary>A pair with everything that passed on it, oldest first.</summary>
/// <param name="Pair">As it stands.</param>
/// <param name="Name">"S1–r1" by the names of its candidates.</param>
/// <param name="Steps">Messages and what came of them.</param>
/// <param name="IsDecided">Its component has its pair, this one or another.</param>
internal sealed record PairStory(CandidatePair Pair, string Name, IReadOnlyList<StunStep> Steps, bool IsDecided)
{
    /// <summary>What became of it and why, in few words.</summary>
    public string Note { get; } = NoteOf(Pair, Steps, IsDecided);

    /// <summary>Over its handshake.</summary>
    public string Title { get; } = $"Handshake {Name} {(Pair.Component == 1 ? "RTP" : "RTCP")}";

    /// <summary>Its two ends: where we send from, or what the peer sees of it, and where to.</summary>
    public string Way { get; } = $"{Pair.Local.Address} → {Pair.Remote.Address}";

    /// <summary>
    /// The four-way handshake and the nomination: the request of ours that was answered, the answer, the peer's first request and our answer
    /// to it, in the order they passed, then what nominates. Repetitions are left out, unless nothing was answered.
    /// </summary>
    public IReadOnlyList<StunStep> Essentials { get; } = EssentialsOf(Steps, Pair.Rtt);

    private static List<StunStep> EssentialsOf(IReadOnlyList<StunStep> steps, TimeSpan? rtt)
    {
        var kept = new SortedSet<int>();
        var answer = Find(0, s => s.Mark == StepMark.Answer);
        if (answer >= 0) kept.Add(answer);
        if (answer >= 0 && RequestOf(answer) is >= 0 and var request) kept.Add(request);
        for (var i = 0; answer < 0 && i < steps.Count; i++)
            if (steps[i].Mark is StepMark.Request or StepMark.Error or StepMark.Failed) kept.Add(i);
        Keep(Find(0, s => s.Mark == StepMark.TheirRequest), StepMark.OurAnswer);
        var nominating = Find(0, s => s.IsNominating);
        if (nominating >= 0) Keep(nominating, steps[nominating].Way == StepWay.Ours ? StepMark.Answer : StepMark.OurAnswer);
        for (var i = 0; i < steps.Count; i++)
            if (steps[i].Mark is StepMark.Nominated or StepMark.Selected) kept.Add(i);
        return [.. kept.Select(i => steps[i])];

        void Keep(int from, StepMark answeredBy)
        {
            if (from < 0) return;
            kept.Add(from);
            var by = Find(from, s => s.Mark == answeredBy);
            if (by >= 0) kept.Add(by);
        }

        int Find(int from, Func<StunStep, bool> isIt)
        {
            for (var i = from; i < steps.Count; i++)
                if (isIt(steps[i])) return i;
            return -1;
        }

        // A check may be repeated before it is answered: the round trip tells which one was.
        int RequestOf(int by)
        {
            var (best, distance) = (-1, TimeSpan.MaxValue);
            for (var i = 0; i < by; i++)
            {
                if (steps[i].Mark != StepMark.Request) continue;
                var off = rtt is null ? TimeSpan.Zero : (steps[by].At - steps[i].At - rtt.Value).Duration();
                if (off <= distance) (best, distance) = (i, off);
            }

            return best;
        }
    }

    private static string NoteOf(CandidatePair pair, IReadOnlyList<StunStep> steps, bool isDecided)
    {
        switch (pair)
        {
            case { IsSelected: true }:
                for (var i = steps.Count - 1; i >= 0; i--)
                    if (steps[i].Mark == StepMark.Nominated) return steps[i].Text["nominated: ".Length..];
                return "media goes this way";
            case { State: PairState.Succeeded, IsNominated: false }:
                return isDecided ? "works, another was chosen" : "works, waits for nomination";
        }

        var text = pair.Explain();
        var name = $"{pair.Local.Describe()} to {pair.Remote.Describe()}: ";
        if (text.StartsWith(name, StringComparison.Ordinal)) text = text[name.Length..];
        const string Failed = "failed: ";
        return text.StartsWith(Failed, StringComparison.Ordinal) ? text[Failed.Length..] : text;
    }
}
