namespace Softphone.Sdp;

/// <summary>The DTLS association that offer and answer agreed on.</summary>
/// <param name="Fingerprints">Of the peer's certificate: those by functions that can be relied on.</param>
/// <param name="IsActive">We begin the handshake.</param>
/// <param name="LocalTlsId">What our description calls it.</param>
/// <param name="RemoteTlsId">What the peer's calls it; empty for a peer that does not know RFC 8842.</param>
public sealed record NegotiatedDtls(IReadOnlyList<SdpFingerprint> Fingerprints, bool IsActive, string LocalTlsId, string RemoteTlsId)
{
    /// <summary>Whether a description of the peer's with these is about the same association: another certificate or another name is another (RFC 8842 §4, §5.1).</summary>
    public bool IsWith(IReadOnlyList<SdpFingerprint> fingerprints, string tlsId) =>
        RemoteTlsId == tlsId && fingerprints.Count == Fingerprints.Count && fingerprints.All(Fingerprints.Contains);

    /// <summary>Whether it is the same. A peer that names none goes by its certificate alone, whatever we name ours.</summary>
    public bool IsSameAs(NegotiatedDtls other) =>
        IsWith(other.Fingerprints, other.RemoteTlsId) && (RemoteTlsId.Length == 0 || LocalTlsId == other.LocalTlsId);
}
