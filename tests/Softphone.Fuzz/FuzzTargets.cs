namespace Softphone.Fuzz;

/// <summary>Everything that takes octets from outside.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("rtp", "RTP, RTCP and telephone events, read", 189, 10_000, _ => new RtpSubject(), () => Corpus.Rtp),
        new("srtp", "protected packets of every suite, their keys unknown to who damages them", 60, 5_000, seed => new SrtpSubject(seed), () => Corpus.Rtp),
        new("dtls", "handshakes that give SRTP its keys, damaged at every point, and strangers' records", 1, 500, seed => new DtlsSubject(seed), () => Corpus.Rtp),
        new("stun", "STUN with all attributes and integrity; what kind of packet it is", 150, 10_000, _ => new StunSubject(), () => Corpus.Stun),
        new("turnframe", "TURN over streams, cut anywhere", 150, 10_000, _ => new TurnFrameSubject(), () => Corpus.Stun),
        new("dns", "answers of name servers and of mDNS", 80, 10_000, _ => new DnsSubject(), () => Corpus.DnsMessages),
        new("terminal", "keys and escape sequences, in pieces", 80, 10_000, _ => new TerminalSubject(), () => Corpus.Keys),
        new("stream", "SIP over streams, cut anywhere", 60, 2_000, _ => new SipStreamSubject(), () => Corpus.SipMessages),
        new("sip", "SIP messages with every typed header, the validator and digest", 60, 2_000, _ => new SipSubject(), () => Corpus.SipMessages),
        new("session", "a SIP agent in calls both ways: reliable provisional responses, who calls and why, routes of the registrar", 20, 5_000, _ => new SessionSubject(), () => SessionSubject.Overheard),
        new("sdp", "descriptions, their answers, and offers of ours answered with them", 40, 2_000, _ => new SdpSubject(), () => Corpus.Sdps),
        new("text", "URIs, header values, candidates, crypto lines, numbers to dial, durations", 40, 5_000, _ => new TextSubject(), () => Corpus.Texts),
        new("media", "a media session with the real codecs: jitter buffer, decoders, keys, reports", 32, 5_000, seed => new MediaSubject(seed), () => Corpus.Rtp),
        new("wav", "sound files", 16, 1_000, _ => new WavSubject(), () => Corpus.Wavs),
        new("profile", "profiles", 2, 200, _ => new ProfileSubject(), () => Corpus.Profiles),
        new("scenario", "scenario files", 1, 100, _ => new ScenarioSubject(), () => Corpus.Scenarios),
        new("capture", "captures of every link and format, read, explained and told", 8, 500, _ => new CaptureSubject(), () => CaptureSeeds.All),
        new("servers", "the SIP, STUN and TURN servers of the lab, with a call through them", 7, 5_000, seed => new CallWorld(seed, CallWorld.Aim.Servers), () => CallWorld.Overheard(CallWorld.Aim.Servers)),
        new("phone", "a whole phone in a call, by strangers and in the peer's name", 4, 4_000, seed => new CallWorld(seed, CallWorld.Aim.Phone), () => CallWorld.Overheard(CallWorld.Aim.Phone)),
    ];
}
