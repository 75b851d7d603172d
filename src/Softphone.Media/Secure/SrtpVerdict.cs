namespace Softphone.Media;

/// <summary>What became of a packet that came protected.</summary>
public enum SrtpVerdict
{
    /// <summary>It is the peer's, came for the first time, and is plain now.</summary>
    Taken,

    /// <summary>Too short, or no RTP or RTCP by form.</summary>
    Malformed,

    /// <summary>It names a key that nobody agreed on (RFC 3711 §3.2.1, MKI).</summary>
    UnknownKey,

    /// <summary>It came before, or is older than the replay window (RFC 3711 §3.3.2).</summary>
    Replayed,

    /// <summary>The tag is not that of the key.</summary>
    Forged,

    /// <summary>RTCP that is authenticated only; nobody agreed on that (RFC 4568 §6.3.3).</summary>
    Unencrypted,

    /// <summary>One source more than a key is kept for.</summary>
    TooManySources,

    /// <summary>The key has protected as much as a key may (RFC 3711 §9.2).</summary>
    Exhausted,
}
