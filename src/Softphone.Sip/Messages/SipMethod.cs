namespace Softphone.Sip;

/// <summary>The methods that a phone knows. A method is case-sensitive and any token is one (RFC 3261 §7.1), so it stays a string.</summary>
public static class SipMethod
{
    public const string Invite = "INVITE";
    public const string Ack = "ACK";
    public const string Bye = "BYE";
    public const string Cancel = "CANCEL";
    public const string Options = "OPTIONS";
    public const string Register = "REGISTER";
    public const string Prack = "PRACK";
    public const string Update = "UPDATE";
    public const string Info = "INFO";
    public const string Refer = "REFER";
    public const string Notify = "NOTIFY";
    public const string Subscribe = "SUBSCRIBE";
    public const string Message = "MESSAGE";
    public const string Publish = "PUBLISH";

    /// <summary>Whether some RFC defines the method; one that none does is owed 501 rather than 405 (RFC 3261 §8.2.1, §21.5.2).</summary>
    public static bool IsKnown(string method) => method is Invite or Ack or Bye or Cancel or Options or Register or Prack or Update
        or Info or Refer or Notify or Subscribe or Message or Publish;

    /// <summary>The shared instance of a known method, so that parsing one allocates nothing; null for others.</summary>
    internal static string? Intern(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("ACK"u8) => Ack,
        3 when method.SequenceEqual("BYE"u8) => Bye,
        4 when method.SequenceEqual("INFO"u8) => Info,
        5 when method.SequenceEqual("PRACK"u8) => Prack,
        5 when method.SequenceEqual("REFER"u8) => Refer,
        6 when method.SequenceEqual("INVITE"u8) => Invite,
        6 when method.SequenceEqual("CANCEL"u8) => Cancel,
        6 when method.SequenceEqual("UPDATE"u8) => Update,
        6 when method.SequenceEqual("NOTIFY"u8) => Notify,
        7 when method.SequenceEqual("OPTIONS"u8) => Options,
        7 when method.SequenceEqual("MESSAGE"u8) => Message,
        7 when method.SequenceEqual("PUBLISH"u8) => Publish,
        8 when method.SequenceEqual("REGISTER"u8) => Register,
        9 when method.SequenceEqual("SUBSCRIBE"u8) => Subscribe,
        _ => null,
    };
}
