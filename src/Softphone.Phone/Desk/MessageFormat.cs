namespace Softphone.Phone;

/// <summary>How messages are kept in a file.</summary>
public enum MessageFormat
{
    /// <summary>Packets, for whatever reads captures.</summary>
    Pcapng,

    /// <summary>For a person: when, between whom, and the message.</summary>
    Text,
}
