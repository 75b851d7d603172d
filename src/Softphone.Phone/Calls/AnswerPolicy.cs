namespace Softphone.Phone;

/// <summary>What the phone does with an incoming call by itself, as a closed union.</summary>
public abstract record AnswerPolicy
{
    private AnswerPolicy()
    {
    }

    /// <summary>It rings until <see cref="PhoneMachine.Answer"/> or <see cref="PhoneMachine.Reject"/>.</summary>
    public sealed record Manual : AnswerPolicy;

    /// <summary>Answers after ringing so long; zero answers as soon as the answer's candidates are gathered.</summary>
    /// <param name="After">How long it rings.</param>
    /// <param name="Options">Makes the options of each call.</param>
    public sealed record Auto(TimeSpan After, Func<CallOptions> Options) : AnswerPolicy;

    /// <summary>Refuses with this status, 400–699.</summary>
    public sealed record Refuse(int Status) : AnswerPolicy;
}
