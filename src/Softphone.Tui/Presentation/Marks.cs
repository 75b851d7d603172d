using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Glyph, word and colour of states. The word or the glyph tells it too: colour is never the only signal.</summary>
internal static class Marks
{
    public static (char Mark, Style Style) Of(RegistrationState state) => state switch
    {
        RegistrationState.Registered => ('●', Color.Green),
        RegistrationState.Registering => ('◐', Color.Yellow),
        RegistrationState.Failed => ('✗', Color.Red),
        _ => ('○', Color.Grey),
    };

    /// <summary>The word for where a call stands.</summary>
    public static (string Word, Style Style) Of(CallView call) => call.State switch
    {
        CallState.Ended => ("over", Color.Grey),
        CallState.Held when call is { IsHeldHere: true, IsHeldThere: true } => ("HELD both", Color.Cyan),
        CallState.Held when call.IsHeldThere => ("HELD peer", Color.Cyan),
        CallState.Held => ("HELD", Color.Cyan),
        CallState.Connected => ("talking", new Style(Color.Green, Emphasis: Emphasis.Bold)),
        _ when call.RingsHere() => ("RINGING", new Style(Color.Yellow, Emphasis: Emphasis.Bold)),
        CallState.Early => ("early", Color.Yellow),
        CallState.Ringing => ("ringing", Color.Yellow),
        _ => ("dialing", Color.Yellow),
    };

    /// <summary>A padlock: shut, open, or broken open by the peer.</summary>
    public static (string Mark, Style Style) Lock(CallSecurity security) => security switch
    {
        { IsSecured: true } => ("🔒", Color.Green),
        { IsWeakened: true } => ("🔓", new Style(Color.Red, Emphasis: Emphasis.Bold)),
        _ => ("🔓", Style.Dim),
    };

    /// <summary>The same in words.</summary>
    public static (string Words, Style Style) Secured(CallSecurity security) => security switch
    {
        { IsSecured: true } => ($"SRTP {security.Suite}", Color.Green),
        { IsWeakened: true } => ("NOT ENCRYPTED any more", new Style(Color.Red, Emphasis: Emphasis.Bold)),
        _ => ("not encrypted", Style.Dim),
    };

    public static string Arrow(CallDirection direction) => direction == CallDirection.Incoming ? "←" : "→";

    public static Style OfMos(double? mos) => mos switch
    {
        null => Color.Grey,
        >= 3.6 => Color.Green,
        >= 3.1 => Color.Yellow,
        _ => Color.Red,
    };

    /// <summary>A direct path, or one through a relay.</summary>
    public static Style OfPath(string path) => path == "relay" ? Color.Yellow : Style.Plain;
}
