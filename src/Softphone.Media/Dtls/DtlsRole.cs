namespace Softphone.Media;

/// <summary>Who begins a handshake (RFC 5763 §5): the side that says a=setup:active.</summary>
public enum DtlsRole
{
    /// <summary>It begins.</summary>
    Client,

    /// <summary>It waits for the other.</summary>
    Server,
}
