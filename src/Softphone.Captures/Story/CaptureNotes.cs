namespace Softphone.Captures;

/// <summary>What of a file was not read, so that nobody takes silence for absence.</summary>
public static class CaptureNotes
{
    public static IEnumerable<string> Of(CaptureFacts facts, bool hasSecrets)
    {
        if (facts.TlsConnections > 0) yield return $"{Connections(facts.TlsConnections)} of TLS: what is in them is not read{(hasSecrets ? ", though the file has keys" : "")}; SIP over TLS does not show here";
        if (facts.DtlsPairs > 0) yield return $"DTLS between {facts.DtlsPairs} pairs of addresses: media keyed by it is encrypted, its headers are read";
        foreach (var (link, frames) in facts.UnknownLinks) yield return $"{frames} frames of link type {(int)link} are not read; Ethernet, Linux cooked, loopback and bare IP are";
        if (facts.Broken > 0) yield return $"{facts.Broken} frames are damaged";
        if (facts.Cut > 0) yield return $"{facts.Cut} packets were not kept whole (snap length): messages in them are not read, of RTP the headers are";
        if (facts.FragmentsMissing > 0) yield return $"{facts.FragmentsMissing} datagrams lack a fragment";
        if (facts.StreamGaps > 0) yield return $"octets are missing at {facts.StreamGaps} places of TCP connections";
        if (facts.LeftOut > 0) yield return $"{facts.LeftOut} messages, requests and packets are left out: there are more than are kept";
    }

    private static string Connections(int count) => count == 1 ? "1 connection" : $"{count} connections";
}
