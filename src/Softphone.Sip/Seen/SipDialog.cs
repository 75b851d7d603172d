using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// All messages of one Call-ID that one phone, or the watcher of a wire, has seen: a call, a registration with its refreshes, one OPTIONS.
/// Immutable; made by <see cref="SipDialogTable"/>.
/// </summary>
/// <param name="Number">Counts the dialogs of a table in the order of their first message, from 1.</param>
/// <param name="Account">Whose phone saw it; empty for what was read from a wire.</param>
/// <param name="CallId">Its Call-ID; empty where a message has none.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Method">Of its first request.</param>
public sealed record SipDialog(long Number, string Account, string CallId, SipDialogKind Kind, string Method)
{
    /// <summary>Timer B and F: a request is given up after 64 times 500 ms.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(32);

    /// <summary>Timer C: who has said 100 has so long to say more (RFC 3261 §16.6 step 11).</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(3);

    /// <summary>Whoever has credentials sends them at once.</summary>
    private static readonly TimeSpan UntilCredentials = TimeSpan.FromSeconds(5);

    /// <summary>Who asked, as From names it: user@host.</summary>
    public string From { get; init; } = "";

    /// <summary>Who was asked, as To names it.</summary>
    public string To { get; init; } = "";

    /// <summary>Where the first message came from.</summary>
    public Address Source { get; init; }

    /// <summary>Where the first message went.</summary>
    public Address Target { get; init; }

    public Transport Transport { get; init; }

    /// <summary>We sent the first message.</summary>
    public bool IsSent { get; init; }

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyList<SipTrace.Message> Messages { get; init; } = [];

    /// <summary>All there were, with those that are kept no more.</summary>
    public int Count { get; init; }

    /// <summary>Older messages of it that a bound has cost.</summary>
    public int LeftOut => Count - Messages.Count;

    public Instant First { get; init; }

    public Instant Last { get; init; }

    /// <summary>The last final status that decided anything; 0 before there is one.</summary>
    public int Status { get; init; }

    /// <summary>Its reason phrase.</summary>
    public string Reason { get; init; } = "";

    /// <summary>As the messages say, without regard to the time that has passed since.</summary>
    public SipDialogState State { get; init; }

    /// <summary>When the request was sent that has no final answer; null when none waits.</summary>
    public Instant? AskedAt { get; init; }

    /// <summary>The request that waits was answered provisionally.</summary>
    public bool IsProceeding { get; init; }

    /// <summary>Where it stands at this moment: silence is an answer too, after a while.</summary>
    public SipDialogState StateAt(Instant now) => State switch
    {
        SipDialogState.Trying or SipDialogState.Up when Kind != SipDialogKind.Call && AskedAt is { } asked && now - asked >= Patience => SipDialogState.NoAnswer,
        SipDialogState.Trying when AskedAt is { } asked && now - asked >= (IsProceeding ? LongPatience : Patience) => SipDialogState.NoAnswer,
        SipDialogState.Challenged when now - Last >= UntilCredentials => SipDialogState.Refused,
        var state => state,
    };
}
