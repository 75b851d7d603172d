namespace Softphone.Sdp;

/// <summary>Candidate types of RFC 8839 §5.1.</summary>
public enum SdpCandidateType
{
    Host,
    Srflx,
    Prflx,
    Relay,

    /// <summary>A type of an extension, whose name <see cref="SdpCandidate.TypeName"/> keeps.</summary>
    Other,
}
