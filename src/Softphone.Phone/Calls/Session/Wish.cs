namespace Softphone.Phone;

/// <summary>What the next offer has to tell.</summary>
[Flags]
internal enum Wish
{
    None = 0,
    Hold = 1,

    /// <summary>New ICE credentials, and the candidates found for them.</summary>
    Restart = 2,

    /// <summary>Candidates that came too late for the last description.</summary>
    Candidates = 4,

    /// <summary>The pairs that ICE has chosen, for servers that look at default addresses (RFC 8839 §4.3.4).</summary>
    Outcome = 8,

    /// <summary>Our address for signalling.</summary>
    Contact = 16,

    /// <summary>That the session goes on (RFC 4028).</summary>
    Refresh = 32,

    /// <summary>Another key of SRTP.</summary>
    Keys = 64,
}
