using Softphone.Core;

namespace Softphone.Media;

/// <summary>Why there is no association.</summary>
public enum DtlsFailure
{
    /// <summary>The peer does not answer, or never began.</summary>
    Silence,

    /// <summary>One side refused the handshake, by an alert as a rule.</summary>
    Refused,

    /// <summary>The peer showed another certificate than its description speaks of: somebody stands between.</summary>
    WrongCertificate,

    /// <summary>The two sides have no protection of SRTP in common.</summary>
    NoProfile,
}

/// <summary>What a <see cref="DtlsSession"/> tells its owner.</summary>
public abstract record DtlsEvent
{
    private DtlsEvent()
    {
    }

    /// <summary>The peer is who its description says, and both sides have the keys.</summary>
    public sealed record Secured(MediaSecurity Keys) : DtlsEvent;

    /// <summary>There will be no keys; nothing follows.</summary>
    public sealed record Failed(DtlsFailure Failure, Fault Fault) : DtlsEvent;
}
