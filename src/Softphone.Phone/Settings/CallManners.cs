using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What becomes of an account's calls where nobody has decided: refused, answered by themselves, sent elsewhere. Whoever comes past the account's servers is
/// never answered by itself and never told of another address.
/// </summary>
public sealed record CallManners
{
    /// <summary>The word in <see cref="AutoAnswerFrom"/> that stands for every caller.</summary>
    public const string All = "all";

    public static CallManners None { get; } = new();

    /// <summary>No call rings.</summary>
    public bool DoNotDisturb { get; init; }

    /// <summary>What callers are told then, 486 or 480.</summary>
    public int DoNotDisturbStatus { get; init; } = 486;

    /// <summary>A call is answered by itself after ringing so long; null answers none.</summary>
    public TimeSpan? AutoAnswer { get; init; }

    /// <summary>Without <see cref="AutoAnswer"/>: a call that asks to be answered at once is (RFC 5373), and no other.</summary>
    public bool AutoAnswerAsked { get; init; }

    /// <summary>Some calls may be answered by themselves.</summary>
    public bool MayAnswerItself => AutoAnswer is not null || AutoAnswerAsked;

    /// <summary>Whose: users of the account's domain, addresses, or <see cref="All"/>; nobody's when empty.</summary>
    public IReadOnlyList<string> AutoAnswerFrom { get; init; } = [];

    /// <summary>Every call is sent there; null sends none.</summary>
    public SipUri? ForwardAlways { get; init; }

    /// <summary>A call that finds the person at another one is sent there.</summary>
    public SipUri? ForwardBusy { get; init; }

    /// <summary>A call that nobody takes for <see cref="ForwardAfter"/> is sent there.</summary>
    public SipUri? ForwardNoAnswer { get; init; }

    /// <summary>How long such a call rings here first.</summary>
    public TimeSpan ForwardAfter { get; init; } = TimeSpan.FromSeconds(20);

    public bool HasForward => ForwardAlways is not null || ForwardBusy is not null || ForwardNoAnswer is not null;

    /// <summary>All that is forwarded, in the order in which it is looked at.</summary>
    public IEnumerable<(TurnedAway When, SipUri Target)> Forwards
    {
        get
        {
            if (ForwardAlways is { } always) yield return (TurnedAway.Always, always);
            if (ForwardBusy is { } busy) yield return (TurnedAway.Busy, busy);
            if (ForwardNoAnswer is { } unanswered) yield return (TurnedAway.NoAnswer, unanswered);
        }
    }

    /// <summary>What the agent is to know of it.</summary>
    internal Diversion Diversion => new() { DoNotDisturb = DoNotDisturb ? DoNotDisturbStatus : null, Always = ForwardAlways, Busy = ForwardBusy };

    /// <summary>Whether calls of this address are answered by themselves.</summary>
    /// <param name="peer">Who calls, by the word of the account's server.</param>
    /// <param name="aor">The account: users without a domain are of its domain.</param>
    public bool AnswersItself(SipUri peer, SipUri aor)
    {
        if (!MayAnswerItself) return false;
        foreach (var named in AutoAnswerFrom)
        {
            if (named.Equals(All, StringComparison.OrdinalIgnoreCase)) return true;
            if (DialTarget.TryRead(named, aor, out var target, out _) && target.AddressOfRecord.IsEquivalentTo(peer.AddressOfRecord)) return true;
        }

        return false;
    }

    /// <summary>What is wrong with it, for a person: a call that would run in a circle, or answering that nobody is named for. Null when nothing is.</summary>
    public (string Setting, string Problem)? Mistake(SipUri? aor)
    {
        foreach (var (when, target) in Forwards)
            if (aor is not null && target.AddressOfRecord.IsEquivalentTo(aor.AddressOfRecord)) return (SettingOf(when), "is the account itself: calls would run in a circle");
        return MayAnswerItself && AutoAnswerFrom.Count == 0 ? ("auto-answer", $"needs call.auto-answer-from: users or addresses, or {All}") : null;
    }

    private static string SettingOf(TurnedAway when) => when switch
    {
        TurnedAway.Always => "forward-always",
        TurnedAway.Busy => "forward-busy",
        _ => "forward-no-answer",
    };
}
