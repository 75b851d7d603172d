namespace Softphone.Captures;

/// <summary>What of a file was not read, so that nobody takes silence for absence.</summary>
public static class CaptureNotes
{
    public static IEnumerable<string> Of(CaptureFacts facts)
    {
        foreach (var (flaw, count) in facts.TlsUnread.OrderBy(t => t.Key)) yield return $"{Connections(count)} of TLS {(count == 1 ? "is" : "are")} not read, so that SIP in {(count == 1 ? "it" : "them")} does not show: {Why(flaw)}";
        if (facts.DtlsPairs > 0) yield return $"DTLS between {facts.DtlsPairs} pairs of addresses: media keyed by it is encrypted, its headers are read";
        foreach (var (link, frames) in facts.UnknownLinks) yield return $"{frames} frames of link type {(int)link} are not read; Ethernet, Linux cooked, loopback and bare IP are";
        if (facts.Broken > 0) yield return $"{facts.Broken} frames are damaged";
        if (facts.Cut > 0) yield return $"{facts.Cut} packets were not kept whole (snap length): messages in them are not read, of RTP the headers are";
        if (facts.FragmentsMissing > 0) yield return $"{facts.FragmentsMissing} datagrams lack a fragment";
        if (facts.StreamGaps > 0) yield return $"octets are missing at {facts.StreamGaps} places of TCP connections";
        if (facts.LeftOut > 0) yield return $"{facts.LeftOut} messages, requests and packets are left out: there are more than are kept";
    }

    private static string Why(TlsFlaw flaw) => flaw switch
    {
        TlsFlaw.NoKeys => "no key is known (--keys FILE, as SSLKEYLOGFILE of one of the ends has them)",
        TlsFlaw.NoBeginning => "the capture does not have the beginning, by which keys are found",
        TlsFlaw.Cipher => "its version or its cipher suite is none that is read (TLS 1.2 and 1.3 with AES-GCM or ChaCha20-Poly1305)",
        _ => "octets are missing, or do not fit the keys",
    };

    private static string Connections(int count) => count == 1 ? "1 connection" : $"{count} connections";
}
