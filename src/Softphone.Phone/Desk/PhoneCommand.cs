using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a person asks of the phone, as a closed union: keys, the command line of the screen and scripts all end in these.</summary>
public abstract record PhoneCommand
{
    private PhoneCommand()
    {
    }

    /// <summary>Places a call.</summary>
    /// <param name="Target">A URI, a user name or a number, as typed.</param>
    /// <param name="Account">The account by its name; null takes the one in use.</param>
    public sealed record Dial(string Target, string? Account = null) : PhoneCommand;

    /// <summary>Answers; a call that talks meanwhile is held.</summary>
    public sealed record Answer(CallId Call) : PhoneCommand;

    public sealed record Reject(CallId Call, int Status = 486) : PhoneCommand;

    public sealed record Hangup(CallId Call) : PhoneCommand;

    public sealed record Hold(CallId Call, bool On) : PhoneCommand;

    /// <summary>Takes this call up and holds the others, but for those in conference with it.</summary>
    public sealed record SwitchTo(CallId Call) : PhoneCommand;

    /// <summary>The microphone, for all calls.</summary>
    public sealed record Mute(bool On) : PhoneCommand;

    public sealed record Dtmf(CallId Call, string Keys) : PhoneCommand;

    /// <summary>Blind transfer (RFC 5589 §6).</summary>
    public sealed record Transfer(CallId Call, string Target) : PhoneCommand;

    /// <summary>Attended transfer (RFC 5589 §7): joins the peers of two calls and leaves both.</summary>
    public sealed record TransferTo(CallId Call, CallId Other) : PhoneCommand;

    /// <summary>Says whether the transfer that a call's peer asked for (<see cref="CallView.Asked"/>) is followed.</summary>
    public sealed record DecideTransfer(CallId Call, bool Follows) : PhoneCommand;

    /// <summary>Everybody in these calls hears everybody; one call or none ends the conference.</summary>
    public sealed record Conference(IReadOnlyList<CallId> Calls) : PhoneCommand;

    /// <summary>Records both sides of a call into a file.</summary>
    public sealed record Record(CallId Call, bool On) : PhoneCommand;

    /// <summary>Loudness of what is heard.</summary>
    /// <param name="Decibels">-40 to +12; 0 changes nothing.</param>
    public sealed record Volume(int Decibels) : PhoneCommand;

    public sealed record UseDevice(DeviceRole Role, string Name) : PhoneCommand;

    /// <summary>Opens the devices so that their levels show, and gives them back.</summary>
    public sealed record Meter(bool On) : PhoneCommand;

    /// <summary>Plays the ring for a moment, to hear on which device.</summary>
    public sealed record TestRing : PhoneCommand;

    public sealed record Register(string Account) : PhoneCommand;

    public sealed record Unregister(string Account) : PhoneCommand;

    /// <summary>The account that calls are placed with.</summary>
    public sealed record UseAccount(string Account) : PhoneCommand;

    /// <summary>Writes to somebody (RFC 3428).</summary>
    /// <param name="Target">A URI, a user name, a number or a contact, as typed.</param>
    /// <param name="Text">What.</param>
    /// <param name="Account">The account by its name; null takes the one in use.</param>
    public sealed record SendText(string Target, string Text, string? Account = null) : PhoneCommand;

    /// <summary>The texts of a thread are seen; they no longer count.</summary>
    public sealed record SeenTexts(string Account, string Peer) : PhoneCommand;

    /// <summary>What becomes of an account's calls where nobody has decided, until the phone ends; the profile stays as it is.</summary>
    public sealed record SetManners(string Account, CallManners Manners) : PhoneCommand;

    /// <summary>Adds a contact, or takes the place of the old one.</summary>
    public sealed record SaveContact(Contact Contact, Contact? Old = null) : PhoneCommand;

    public sealed record DeleteContact(Contact Contact) : PhoneCommand;

    /// <summary>Missed calls are seen; they no longer count.</summary>
    public sealed record SeenMissed : PhoneCommand;

    /// <summary>Takes a row out of the history; its record goes with it.</summary>
    public sealed record ForgetCall(long Number) : PhoneCommand;

    /// <summary>Takes that back.</summary>
    public sealed record RestoreCall(long Number) : PhoneCommand;

    /// <summary>ICE anew, by re-INVITE.</summary>
    public sealed record RestartIce(CallId Call) : PhoneCommand;

    /// <summary>Writes the report of a call, and its packets.</summary>
    public sealed record SaveReport(CallId Call) : PhoneCommand;

    /// <summary>Writes SIP messages into a file, their secrets masked as they are.</summary>
    /// <param name="Name">What they are about, for the file's name.</param>
    /// <param name="Messages">In the order of their time.</param>
    /// <param name="Format">As what.</param>
    public sealed record SaveMessages(string Name, IReadOnlyList<SipTrace.Message> Messages, MessageFormat Format) : PhoneCommand;

    /// <summary>Brings the record of a row of the history back from its file.</summary>
    public sealed record Recall(long Number) : PhoneCommand;

    /// <summary>Puts text into the terminal's clipboard.</summary>
    public sealed record Copy(string Text) : PhoneCommand;

    /// <summary>Makes a profile of what the wizard asked, and registers.</summary>
    public sealed record CreateProfile(ProfileDraft Draft) : PhoneCommand;

    /// <summary>The screen looks so from now on, and after the next start.</summary>
    public sealed record UseTheme(string Name) : PhoneCommand;

    /// <summary>Hangs up, unregisters, ends.</summary>
    public sealed record Quit : PhoneCommand;
}

/// <summary>What a sound device is for.</summary>
public enum DeviceRole
{
    Input,
    Output,
    Ring,
}
