using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Calls: taking, placing, ending, holding and joining them.</summary>
internal static partial class Bindings
{
    private const string Calls = "Calls";
    private const int MostKeysTold = 24;

    /// <summary>Keys pressed within this time are one number for a person.</summary>
    private static readonly TimeSpan KeysTogether = TimeSpan.FromSeconds(3);

    public static KeyBinding Answer { get; } = new(["a", "F5"], "answer", "answer", "take the call that rings; others are held", session =>
    {
        var call = Ringing(session)!;
        session.Selected = call.Id;
        session.Ask(new PhoneCommand.Answer(call.Id));
    })
    {
        Group = Calls,
        Rank = 1,
        Disabled = session => Ringing(session) is null ? "no call rings" : null,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Answer!),
    };

    public static KeyBinding Hangup { get; } = new(["h", "F8"], "hangup", "hang up", "end the call, or reject the one that rings", session => End(session, ToEnd(session)!))
    {
        Group = Calls,
        Rank = 2,
        Label = session => session.Incoming is not null ? "reject" : session.Call is { State: CallState.Dialing or CallState.Ringing or CallState.Early } ? "cancel" : "hang up",
        Disabled = session => ToEnd(session) is null ? NeedsLive(session) : null,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = (session, number) =>
        {
            // The call that is named, whatever else rings.
            if (session.View.Calls.FirstOrDefault(c => c.Id.ToString() == number && c.IsLive()) is { } call) End(session, call);
            else session.Tell($"there is no call {number}");
        },
    };

    public static KeyBinding Dial { get; } = new(["d"], "dial", "dial", "call somebody; any digit begins a number", session => session.Open(new DialScreen()))
    {
        Group = Calls,
        Rank = 10,
        Disabled = NeedsAccount,
        Argument = "URI",
        Choices = People.Names,
        Says = People.AddressOf,
        RunWith = (session, typed) =>
        {
            if (typed.Length == 0) session.Open(new DialScreen());
            else Dialling.Place(session, typed);
        },
    };

    public static KeyBinding Hold { get; } = new(["Space"], "hold", "hold", "hold the call, or take it up again", session =>
    {
        var call = session.Call!;
        session.Ask(call.IsHeldHere ? new PhoneCommand.SwitchTo(call.Id) : new PhoneCommand.Hold(call.Id, true));
    })
    {
        Group = Calls,
        Rank = 4,
        Label = session => session.Call is { IsHeldHere: true } ? "resume" : "hold",
        Disabled = NeedsAnswered,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = ToCall(() => Hold!),
    };

    public static KeyBinding Next { get; } = new(["n"], "next", "next call", "take up the next call and hold this one", session =>
    {
        var next = NextCall(session)!;
        session.Selected = next.Id;
        if (next.IsAnswered()) session.Ask(new PhoneCommand.SwitchTo(next.Id));
    })
    {
        Group = Calls,
        Rank = 8,
        Disabled = session => NextCall(session) is null ? "there is no other call" : null,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = (session, number) =>
        {
            if (number.Length == 0) session.Do(Next!);
            else if (session.View.Calls.FirstOrDefault(c => c.Id.ToString() == number && c.IsLive()) is { } call)
            {
                session.Selected = call.Id;
                if (call.IsAnswered()) session.Ask(new PhoneCommand.SwitchTo(call.Id));
            }
            else session.Tell($"there is no call {number}");
        },
    };

    public static KeyBinding TransferTo { get; } = new(["t"], "transfer", "transfer", "send the other side to somebody, and leave", session =>
        session.Open(new DialScreen(DialPurpose.Transfer, session.Call!)))
    {
        Group = Calls,
        Rank = 20,
        Disabled = NeedsAnswered,
        Argument = "URI",
        Choices = People.Names,
        Says = People.AddressOf,
        RunWith = (session, typed) =>
        {
            if (NeedsAnswered(session) is { } why) session.Tell(why);
            else if (typed.Length == 0) session.Do(TransferTo!);
            else Dialling.Transfer(session, session.Call!, typed);
        },
    };

    public static KeyBinding Attend { get; } = new(["T"], "attend", "attended", "join it with another call, and leave", session =>
    {
        if (AnsweredCount(session, session.Call!.Id) == 0) session.Open(new DialScreen(DialPurpose.Consult, session.Call!));
        else session.Open(new AttendScreen(session.Call!.Id));
    })
    {
        Group = Calls,
        Rank = 21,
        Disabled = NeedsAnswered,
        Argument = "CALL",
        Choices = CallNumbers,
        RunWith = (session, number) =>
        {
            if (NeedsAnswered(session) is { } why) session.Tell(why);
            else if (number.Length == 0) session.Do(Attend!);
            else if (session.View.Calls.FirstOrDefault(c => c.Id.ToString() == number && c.IsAnswered()) is { } other && other.Id != session.Call!.Id)
                session.Ask(new PhoneCommand.TransferTo(session.Call!.Id, other.Id));
            else session.Tell($"call {number} is none to join with");
        },
    };

    public static KeyBinding Join { get; } = new(["c"], "conference", "conference", "let several calls hear each other", session =>
    {
        var calls = session.View.Calls.Where(CallFacts.IsAnswered).ToList();
        if (calls.Count == 2 && !calls.Exists(c => c.InConference)) session.Ask(new PhoneCommand.Conference([.. calls.Select(c => c.Id)]));
        else session.Open(new ConferenceScreen(session));
    })
    {
        Group = Calls,
        Rank = 22,
        Disabled = session => AnsweredCount(session) < 2 ? "a conference takes two answered calls" : null,
    };

    public static KeyBinding Dtmf { get; } = new(["0-9 * #"], "dtmf", "keys", "dial a number, or send keys to the call", session => session.Open(new DialScreen()))
    {
        Group = Calls,
        Rank = 100,
        Argument = "KEYS",
        RunWith = Digits,
    };

    /// <summary>Digits typed where there is no text: sent to the call that talks, or the beginning of a number to dial.</summary>
    public static void Digits(Session session, string keys)
    {
        if (keys.Length == 0) return;
        if (session.Call is not { State: not CallState.Ended } call || call.RingsHere())
        {
            if (NeedsAccount(session) is { } why) session.Tell(why);
            else session.Open(new DialScreen(keys));
        }
        else if (call.State is CallState.Connected or CallState.Early)
        {
            session.Ask(new PhoneCommand.Dtmf(call.Id, keys));
            var sent = session.SentKeys is var last && last.Call == call.Id && session.Now - last.At < KeysTogether ? last.Keys + keys : keys;
            if (sent.Length > MostKeysTold) sent = sent[^MostKeysTold..];
            session.SentKeys = (sent, call.Id, session.Now);
            session.Tell($"keys {sent} sent to {Wording.Who(call)}");
        }
        else
        {
            session.Tell(call.State == CallState.Held ? $"the call is on hold: {session.KeyOf(Hold)} takes it up again" : $"the call is not answered yet; {session.KeyOf(Dial)} dials another");
        }
    }

    private static void End(Session session, CallView call) =>
        session.Ask(call.RingsHere() ? new PhoneCommand.Reject(call.Id) : new PhoneCommand.Hangup(call.Id));

    /// <summary>The call that rings: the selected one first.</summary>
    private static CallView? Ringing(Session session) => session.Call is { } call && call.RingsHere() ? call : session.Incoming;

    /// <summary>The call that rings and is shown above everything, or the selected one.</summary>
    private static CallView? ToEnd(Session session) => Ringing(session) ?? (session.Call is { State: not CallState.Ended } call ? call : null);

    private static CallView? NextCall(Session session)
    {
        var calls = session.View.Calls;
        var current = session.Call?.Id;
        var at = 0;
        while (at < calls.Count && calls[at].Id != current) at++;
        for (var i = 1; i < calls.Count; i++)
            if (calls[(at + i) % calls.Count] is { State: not CallState.Ended } call && call.Id != current) return call;
        return null;
    }

    private static int AnsweredCount(Session session, CallId? except = null)
    {
        var count = 0;
        for (var i = 0; i < session.View.Calls.Count; i++)
            if (session.View.Calls[i].IsAnswered() && session.View.Calls[i].Id != except) count++;
        return count;
    }
}
