namespace Softphone.Lab;

/// <summary>
/// The sentences that a step may be, as one table: words in capitals stand for something, the others are themselves. What reads a
/// sentence, what names the nearest one and the documentation come from it.
/// </summary>
internal sealed class StepForm
{
    private readonly Func<StepWords, StepAction?> _make;

    private StepForm(string text, Func<StepWords, StepAction?> make)
    {
        Text = text;
        Words = text.Split(' ');
        _make = make;
    }

    /// <summary>"PHONE calls PHONE for TIME".</summary>
    public string Text { get; }

    public string[] Words { get; }

    public static IReadOnlyList<StepForm> All { get; } =
    [
        // Before the networks, which go down and come back too.
        new("dns goes down", _ => new StepAction.Dns(true, TimeSpan.Zero)),
        new("dns comes back", _ => new StepAction.Dns(false, TimeSpan.Zero)),
        new("dns takes TIME", w => new StepAction.Dns(false, w.Time(2))),
        new("PHONE calls PHONE", w => new StepAction.Call(w[0], w[2], null)),
        new("PHONE calls PHONE for TIME", w => new StepAction.Call(w[0], w[2], w.Time(4))),
        new("PHONE answers", w => new StepAction.Answer(w[0])),
        new("PHONE rejects with STATUS", w => new StepAction.Reject(w[0], w.Status(3))),
        new("PHONE hangs up", w => new StepAction.HangUp(w[0])),
        new("PHONE holds", w => new StepAction.Hold(w[0], true)),
        new("PHONE resumes", w => new StepAction.Hold(w[0], false)),
        new("PHONE mutes", w => new StepAction.Mute(w[0], true)),
        new("PHONE unmutes", w => new StepAction.Mute(w[0], false)),
        new("PHONE presses KEYS", w => new StepAction.Press(w[0], w[2])),
        new("PHONE sleeps for TIME", w => new StepAction.Sleep(w[0], w.Time(3))),
        new("PHONE leaves NETWORK", w => new StepAction.Leave(w[0], w[2])),
        new("PHONE joins NETWORK", w => new StepAction.Join(w[0], w[2])),
        new("PHONE moves to NETWORK", w => new StepAction.Move(w[0], w[3])),
        new("PHONE dies", w => new StepAction.Die(w[0])),
        new("PHONE is registered", w => new StepAction.Wait(w[0], StepCondition.Registered)),
        new("PHONE is ringing", w => new StepAction.Wait(w[0], StepCondition.Ringing)),
        new("PHONE is connected", w => new StepAction.Wait(w[0], StepCondition.Connected)),
        new("PHONE is held", w => new StepAction.Wait(w[0], StepCondition.Held)),
        new("PHONE is over", w => new StepAction.Wait(w[0], StepCondition.Over)),
        new("NETWORK rebinds", w => new StepAction.Rebind(w[0])),
        new("NETWORK becomes NAT", w => new StepAction.Become(w[0], NatBehavior.Named(w[2]))),
        new("NETWORK goes down", w => new StepAction.Cut(w[0], true)),
        new("NETWORK comes back", w => new StepAction.Cut(w[0], false)),
        new("NETWORK swallows FAMILY", w => new StepAction.FailFamily(w[0], w[2] == StepNames.V4, GatewayFailure.BlackHole)),
        new("NETWORK rejects FAMILY", w => new StepAction.FailFamily(w[0], w[2] == StepNames.V4, GatewayFailure.Rejects)),
        new("NETWORK carries FAMILY", w => new StepAction.FailFamily(w[0], w[2] == StepNames.V4, GatewayFailure.None)),
        new("NETWORK line has LINE", w => new StepAction.Relink(w[0], w.Change(3))),
        new("SERVER restarts", w => new StepAction.Restart(w[0], TimeSpan.Zero)),
        new("SERVER restarts after TIME", w => new StepAction.Restart(w[0], w.Time(3))),
    ];

    /// <summary>True when every fixed word of the form stands in the step, in its place.</summary>
    public bool HasTheWordsOf(string[] words)
    {
        // A line has as many words as it likes.
        if (Words[^1] == "LINE" ? words.Length < Words.Length : words.Length != Words.Length) return false;
        for (var i = 0; i < Words.Length; i++)
            if (!IsPlaceholder(Words[i]) && Words[i] != words[i]) return false;
        return true;
    }

    /// <summary>Reads a sentence; the reason why not.</summary>
    public StepAction? Read(string[] words, StepNames names, out string? problem)
    {
        problem = null;
        for (var i = 0; i < Words.Length && problem is null; i++)
            problem = names.Problem(Words[i], words.AsSpan(i));
        return problem is null ? _make(new StepWords(words)) : null;
    }

    /// <summary>The form that was probably meant.</summary>
    public static string Nearest(string text) => All.MinBy(f => Softphone.Core.Nearest.Distance(Likeness(text, f), f.Text))!.Text;

    private static bool IsPlaceholder(string word) => char.IsAsciiLetterUpper(word[0]);

    /// <summary>The sentence with its words put in capitals where the form has such.</summary>
    private static string Likeness(string text, StepForm form)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < Math.Min(words.Length, form.Words.Length); i++)
            if (IsPlaceholder(form.Words[i])) words[i] = form.Words[i];
        return string.Join(' ', words);
    }
}
