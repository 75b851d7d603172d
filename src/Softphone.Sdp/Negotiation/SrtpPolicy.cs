namespace Softphone.Sdp;

/// <summary>What a phone does about SRTP keys in a description.</summary>
public enum SrtpPolicy
{
    /// <summary>Plain RTP; an offer that insists on SRTP is refused.</summary>
    Off,

    /// <summary>Offered within RTP/AVP, taken when the peer takes it, plain RTP otherwise (RFC 8643).</summary>
    Opportunistic,

    /// <summary>RTP/SAVP only; no fallback.</summary>
    Required,
}
