using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>The key table: what holds on every screen, by verb. Keys, words of the command line, help and footers all come from here.</summary>
internal static partial class Bindings
{
    public static IReadOnlyList<KeyBinding> Global => field ??=
    [
        Answer, Hangup, Dial, Hold, Mute, Next, TransferTo, Attend, Join, Dtmf,
        Record, Play, Devices, Louder, Softer,
        Stats, Ice, Sip, Dialogs, Report, Explain, Yank,
        Disturb, Forward, AnswerItself, Messages,
        Register, Unregister, Account, History, Contacts, Settings, Wizard,
        Menu, Command, Help, Undo, NextTheme, Back, Quit,
    ];

    /// <summary>What is left where a capture is shown: there is no phone.</summary>
    public static IReadOnlyList<KeyBinding> OfCapture => field ??= [Menu, Command, Help, NextTheme, Back, Quit];

    private const string NoCall = "there is no call";

    /// <summary>The call is there and goes on.</summary>
    private static string? NeedsLive(Session session) => session.Call switch
    {
        null => NoCall,
        { State: CallState.Ended } => "the call is over",
        _ => null,
    };

    /// <summary>The call was answered and goes on.</summary>
    private static string? NeedsAnswered(Session session) =>
        NeedsLive(session) ?? (session.Call!.IsAnswered() ? null : "the call is not answered yet");

    internal static string? NeedsAccount(Session session) =>
        session.View.Accounts.Count == 0 ? $"there is no account: {session.KeyOf(Wizard)} sets one up" : null;

    /// <summary>The numbers of the calls, for completion.</summary>
    private static IEnumerable<string> CallNumbers(Session session) => session.View.Calls.Where(CallFacts.IsLive).Select(c => c.Id.ToString());

    /// <summary>Does it to the call of this number: ":hangup 2".</summary>
    private static Action<Session, string> ToCall(Func<KeyBinding> binding) => (session, number) =>
    {
        if (number.Length > 0)
        {
            if (session.View.Calls.FirstOrDefault(c => c.Id.ToString() == number) is not { } call)
            {
                session.Tell($"there is no call {number}");
                return;
            }

            session.LeavePast();
            session.Selected = call.Id;
        }

        session.Do(binding());
    };
}
