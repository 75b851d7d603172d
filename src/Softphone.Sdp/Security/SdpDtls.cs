namespace Softphone.Sdp;

/// <summary>What our descriptions say of DTLS (RFC 5763 §5), beside the role that follows from the peer's.</summary>
/// <param name="Fingerprints">Of our certificate.</param>
/// <param name="TlsId">The association that an offer is about (RFC 8842 §4): that in force, or a new one.</param>
/// <param name="NextTlsId">The association that an answer begins where the peer's offer is about another than <paramref name="Current"/>.</param>
/// <param name="Current">What is agreed on now; null before.</param>
public sealed record SdpDtls(IReadOnlyList<SdpFingerprint> Fingerprints, string TlsId, string NextTlsId, NegotiatedDtls? Current)
{
    /// <summary>More hashes than this are somebody's attempt to have us work.</summary>
    private const int MostFingerprints = 16;

    /// <summary>In an offer: either side may begin (RFC 5763 §5), in a later one too (RFC 8842 §5.2).</summary>
    internal IEnumerable<SdpAttribute> OfferLines() => Lines("actpass", TlsId);

    /// <summary>In an answer. An offer that names no association is answered without (RFC 8842 §5.3).</summary>
    internal IEnumerable<SdpAttribute> AnswerLines(NegotiatedDtls agreed) => Lines(agreed.IsActive ? "active" : "passive", agreed.RemoteTlsId.Length > 0 ? agreed.LocalTlsId : "");

    /// <summary>
    /// What an offer and our answer agree on: who goes on with an association keeps the roles, else we begin, where the offer leaves that to us, so that the
    /// first flight leaves with the answer (RFC 5763 §5). Null where the offer has no hash that can be relied on, or no role.
    /// </summary>
    internal NegotiatedDtls? Answer(SessionDescription offer, SdpMedia media)
    {
        var (fingerprints, tlsId) = Read(offer, media);
        if (fingerprints.Count == 0) return null;
        if (Current is { } current && current.IsWith(fingerprints, tlsId)) return current;
        return offer.SetupOf(media)?.Trim().ToLowerInvariant() switch
        {
            "actpass" or "passive" => new NegotiatedDtls(fingerprints, true, NextTlsId, tlsId),
            // Who says nothing is active (RFC 4145 §4).
            "active" or null => new NegotiatedDtls(fingerprints, false, NextTlsId, tlsId),
            _ => null,
        };
    }

    /// <summary>What our offer and the peer's answer agree on; null where the answer has no hash that can be relied on, or begins nothing.</summary>
    internal static NegotiatedDtls? Complete(SdpMedia offered, SessionDescription answer, SdpMedia media)
    {
        var (fingerprints, tlsId) = Read(answer, media);
        if (fingerprints.Count == 0) return null;
        return answer.SetupOf(media)?.Trim().ToLowerInvariant() switch
        {
            "passive" => new NegotiatedDtls(fingerprints, true, offered.Value("tls-id") ?? "", tlsId),
            "holdconn" => null,
            // An answer says active or passive (RFC 5763 §5); one that says something else is waited for.
            _ => new NegotiatedDtls(fingerprints, false, offered.Value("tls-id") ?? "", tlsId),
        };
    }

    private static (List<SdpFingerprint> Fingerprints, string TlsId) Read(SessionDescription description, SdpMedia media) =>
        ([.. description.FingerprintsOf(media).Where(f => f.IsStrong).Take(MostFingerprints)], description.ValueOf(media, "tls-id") ?? "");

    private IEnumerable<SdpAttribute> Lines(string setup, string tlsId)
    {
        yield return new SdpAttribute("setup", setup);
        foreach (var fingerprint in Fingerprints) yield return new SdpAttribute("fingerprint", fingerprint.ToString());
        if (tlsId.Length > 0) yield return new SdpAttribute("tls-id", tlsId);
    }
}
