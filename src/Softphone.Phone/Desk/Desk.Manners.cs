using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Calls where nobody has decided: turned away, sent elsewhere, answered by themselves, as <see cref="CallManners"/> say.</summary>
public sealed partial class Desk
{
    private void SetManners(Instant now, DeskLine line, CallManners manners)
    {
        if (manners.Mistake(line.Account.Identity.Aor) is { } mistake)
        {
            Problem(now, $"{line.Account.Name}: call.{mistake.Setting} {mistake.Problem}");
            return;
        }

        var was = line.Manners;
        line.Manners = manners;
        foreach (var change in MannersWords.Changes(was, manners)) Tell(now, $"{line.Account.Name}: {change}");
    }

    /// <summary>Neither rang; both are in the history, and one that was not to disturb may have been wanted.</summary>
    private void OnTurnedAway(DeskLine line, PhoneEvent.CallRefused happened, string peer)
    {
        var why = happened.Why == CallRefusal.DoNotDisturb ? TurnedAway.DoNotDisturb
            : line.Manners.ForwardAlways is not null ? TurnedAway.Always : TurnedAway.Busy;
        var target = PlainText.Clean(happened.ForwardedTo, 256);
        var call = RefusedCall(line, happened, peer, why);
        call.TransferTo = target;
        Tell(happened.At, why switch
        {
            TurnedAway.DoNotDisturb => $"{call.Who} called and was told {happened.Status}: do-not-disturb is on",
            TurnedAway.Busy => $"{call.Who} called during another call and was sent to {target}",
            _ => $"{call.Who} called and was sent to {target}",
        });
        KeepRefused(happened.At, call, new CallSummary(happened.Status, ReasonPhrase.Of(happened.Status), CallEndCause.Local, null, null, null, null, "", "", AudioOutcome.None, null, "",
            new Explanation { Cause = new Cause.TurnedAway(why, happened.Status, target) }));
    }

    private void AwaitAutoAnswer(Instant now, DeskCall call)
    {
        var manners = call.Line.Manners;
        if (manners.AutoAnswer is not { } after || !SipUri.TryParse(call.Peer, out var peer, out _) || !manners.AnswersItself(peer, call.Line.Account.Identity.Aor)) return;
        _timers.Set((DeskTimer.AutoAnswer, call.Id), now + after);
    }

    /// <summary>Never during another call, which it would put on hold; and whoever is in the room hears that the microphone opens.</summary>
    private void AnswerItself(Instant now, DeskCall call)
    {
        if (!call.Calls) return;
        if (_calls.Exists(c => c != call && (c.IsUp || c.IsCalling)))
        {
            Tell(now, $"{call.Who} is not answered by itself: another call goes on", call);
            return;
        }

        _mixer.Warn();
        Answer(now, call);
        Tell(now, $"{call.Who} is answered by itself: the microphone is open", call);
    }
}
