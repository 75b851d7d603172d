using Softphone.Nat;

namespace Softphone.Tui;

/// <summary>One message between us and the peer on one pair, or what came of it.</summary>
/// <param name="At">When.</param>
/// <param name="Way">Who sent it.</param>
/// <param name="Text">What it says.</param>
/// <param name="Mark">In a chart of one column for many of them.</param>
internal readonly record struct StunStep(Instant At, StepWay Way, string Text, StepMark Mark)
{
    /// <summary>The same request once more.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>The request carries USE-CANDIDATE.</summary>
    public bool IsNominating { get; init; }


    /// <summary>The message of a trace entry; null for entries that are none.</summary>
    public static StunStep? Of(IceTrace entry) => entry switch
    {
        IceTrace.CheckSent e => new(e.At, StepWay.Ours, $"request{Extras(e.Triggered, e.UseCandidate)}{(e.Attempt > 1 ? $", send {e.Attempt}" : "")}", StepMark.Request) { IsRepeat = e.Attempt > 1, IsNominating = e.UseCandidate },
        IceTrace.AnswerReceived { Code: 0 } e => new(e.At, StepWay.Theirs, $"success, as {e.Mapped}", StepMark.Answer),
        IceTrace.AnswerReceived e => new(e.At, StepWay.Theirs, $"error {e.Code}{Reason(e.Code)}", StepMark.Error),
        IceTrace.CheckReceived e => new(e.At, StepWay.Theirs, $"request{Extras(false, e.UseCandidate)}", StepMark.TheirRequest) { IsNominating = e.UseCandidate },
        IceTrace.AnswerSent { Code: 0 } e => new(e.At, StepWay.Ours, "success", StepMark.OurAnswer),
        IceTrace.AnswerSent e => new(e.At, StepWay.Ours, $"error {e.Code}{Reason(e.Code)}", StepMark.Error),
        IceTrace.Nominated e => new(e.At, StepWay.None, $"nominated: {e.Reason}", StepMark.Nominated),
        IceTrace.Selected e => new(e.At, StepWay.None, $"selected: media of {(e.Component == 1 ? "RTP" : "RTCP")} goes this way", StepMark.Selected),
        IceTrace.PathDoubted e => new(e.At, StepWay.None, "doubted: no answer, other pairs are tried again", StepMark.Error),
        IceTrace.PairChanged { To: PairState.Failed } e => new(e.At, StepWay.None, $"failed{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}", StepMark.Failed),
        IceTrace.PairChanged e => new(e.At, StepWay.None, $"{e.To}{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}", StepMark.None),
        IceTrace.PairAdded e => new(e.At, StepWay.None, $"pair {e.Pair} {e.Reason}", StepMark.None),
        _ => null,
    };

    private static string Extras(bool isTriggered, bool isNominating) => (isTriggered, isNominating) switch
    {
        (true, true) => ", triggered, nominating",
        (true, false) => ", triggered",
        (false, true) => ", nominating",
        _ => "",
    };

    private static string Reason(int code) => code switch
    {
        400 => " bad request",
        401 => " unauthenticated",
        403 => " forbidden",
        420 => " unknown attribute",
        487 => " role conflict",
        500 => " server error",
        _ => "",
    };
}

/// <summary>Who sent a message.</summary>
internal enum StepWay
{
    /// <summary>Nobody: something came of those before.</summary>
    None,
    Ours,
    Theirs,
}

/// <summary>What a step is in a chart; the higher one is shown where two fall into one column.</summary>
internal enum StepMark
{
    None,
    OurAnswer,
    Request,
    TheirRequest,
    Error,
    Answer,
    Failed,
    Nominated,
    Selected,
}
