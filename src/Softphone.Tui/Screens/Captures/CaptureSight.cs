using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>A capture as the full screen shows it, in the place of what a phone has seen. Immutable.</summary>
public sealed record CaptureSight
{
    /// <summary>Of the file.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is in it, in a few words.</summary>
    public string Summary { get; init; } = "";

    /// <summary>When it ends: its clock stands still there.</summary>
    public Instant Ended { get; init; }

    public DateTimeOffset EndedAt { get; init; }

    /// <summary>All of it, in the order of their first message.</summary>
    public IReadOnlyList<SipDialog> Dialogs { get; init; } = [];

    /// <summary>What is wrong, the worst first.</summary>
    public IReadOnlyList<CaptureFinding> Problems { get; init; } = [];

    /// <summary>What is to be said of a dialog: its descriptions, its media, its ICE and why.</summary>
    public Func<long, IReadOnlyList<string>> Story { get; init; } = _ => [];

    /// <summary>What media did between the messages of a dialog, in the order of time.</summary>
    public Func<long, IReadOnlyList<CaptureMark>> MarksOf { get; init; } = _ => [];

    /// <summary>A phone that has nothing but these dialogs.</summary>
    public PhoneView View => new() { Dialogs = Dialogs, Now = Ended, Clock = EndedAt };
}

/// <summary>Something that is wrong in a capture.</summary>
/// <param name="Dialog">The number of the dialog that it belongs to; null for none.</param>
/// <param name="Severity">From 0, the worst.</param>
/// <param name="Kind">Its word, such as "no-answer".</param>
/// <param name="Text">The sentence.</param>
/// <param name="Remedy">What helps; empty where nothing is known.</param>
public sealed record CaptureFinding(long? Dialog, int Severity, string Kind, string Text, string Remedy);

/// <summary>What happened between two messages.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
/// <param name="IsGood">As it should; else something that is wrong.</param>
public sealed record CaptureMark(Instant At, string Text, bool IsGood);
