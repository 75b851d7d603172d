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
        var call = Refused(line, happened, peer);
        (call.TurnedAway, call.TransferTo) = (why, target);
        Tell(happened.At, why switch
        {
            TurnedAway.DoNotDisturb => $"{call.Who} called and was told {happened.Status}: do-not-disturb is on",
            TurnedAway.Busy => $"{call.Who} called during another call and was sent to {target}",
            _ => $"{call.Who} called and was sent to {target}",
        });
        Remember(happened, call, new Cause.TurnedAway(why, happened.Status, target));
    }

    /// <summary>
    /// Whose calls are answered by themselves is for the profile alone to say; a caller among them may ask for that to be at once, or not at all
    /// (RFC 5373 §4.2).
    /// </summary>
    private void AwaitAutoAnswer(Instant now, DeskCall call, PhoneEvent.IncomingCall happened)
    {
        var manners = call.Line.Manners;
        var isAllowed = SipUri.TryParse(call.Peer, out var peer, out _) && manners.AnswersItself(peer, call.Line.Account.Identity.Aor);
        if (happened.Wish == AnswerWish.Manual) return;
        if (isAllowed && happened.Wish == AnswerWish.Auto)
        {
            _timers.Set((DeskTimer.AutoAnswer, call.Id), now);
        }
        else if (isAllowed && manners.AutoAnswer is { } after)
        {
            _timers.Set((DeskTimer.AutoAnswer, call.Id), now + after);
        }
        else if (happened is { Wish: AnswerWish.Auto, IsWishDemanded: true })
        {
            Tell(now, $"{call.Who} wanted to be answered at once, which call.auto-answer does not allow", call);
            call.Phone.Reject(now, call.Id, 403);
        }
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
