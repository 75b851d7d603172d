using System.Globalization;

namespace Softphone.Sdp;

/// <summary>The ICE view of a stream (RFC 8839 §5).</summary>
public sealed partial record SessionDescription
{
    /// <summary>More of one stream are not read.</summary>
    internal const int MaxCandidates = 128;

    private static readonly char[] BetweenOptions = [' ', '\t', ',', ';'];

    /// <summary>The ICE description of the stream; null when it does no ICE, or none that can be used (see <see cref="IceFlawOf"/>).</summary>
    public SdpIce? IceOf(SdpMedia media)
    {
        if (ValueOf(media, "ice-ufrag")?.Trim() is not { } ufrag || ValueOf(media, "ice-pwd")?.Trim() is not { } password) return null;
        if (HasIceMismatch(media) || SdpIceText.FlawOf(ufrag, password) is not null) return null;

        // RFC 8839 §5.6 wants spaces between options; commas are seen.
        var options = (ValueOf(media, "ice-options") ?? "").Split(BetweenOptions, StringSplitOptions.RemoveEmptyEntries);
        return new SdpIce
        {
            Ufrag = ufrag,
            Password = password,
            Candidates = CandidatesOf(media),
            NamedCandidates = ReadCandidates(media.Values("candidate"), named: true),
            Options = [.. options.Select(o => o.ToLowerInvariant())],
            IsYetToCome = media.Port == 9 && !media.Has("candidate"),
            Lite = media.Has("ice-lite") || Attributes.Any(a => a.Is("ice-lite")),
            Pacing = int.TryParse(ValueOf(media, "ice-pacing"), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : null,
            RemoteCandidates = SdpRemoteCandidate.ParseList(media.Value("remote-candidates") ?? ""),
            EndOfCandidates = media.Has("end-of-candidates") || Attributes.Any(a => a.Is("end-of-candidates")),
        };
    }

    /// <summary>Why the ICE that the stream shows cannot be used, for a person; null when it can be, or when there is none.</summary>
    public string? IceFlawOf(SdpMedia media)
    {
        if (HasIceMismatch(media)) return "the peer found its view of our addresses changed on the way (a=ice-mismatch) and does without ICE";
        return (ValueOf(media, "ice-ufrag")?.Trim(), ValueOf(media, "ice-pwd")?.Trim()) switch
        {
            (null, null) => media.Has("candidate") ? "the peer wrote candidates without ice-ufrag and ice-pwd" : null,
            (null, _) => "the peer wrote an ice-pwd without an ice-ufrag",
            (_, null) => "the peer wrote an ice-ufrag without an ice-pwd",
            ({ } ufrag, { } password) => SdpIceText.FlawOf(ufrag, password),
        };
    }

    /// <summary>a=ice-mismatch (RFC 8839 §5.3): the writer saw a default address that was no candidate, and does without ICE.</summary>
    public bool HasIceMismatch(SdpMedia media) => media.Has("ice-mismatch");

    /// <summary>
    /// True when ICE may be used as far as the default addresses go: RTP's is a candidate of component 1, and RTCP's one of
    /// component 2 when there are any. Zeros with port 9 are exempt (RFC 8839 §4.2.5).
    /// </summary>
    public bool DefaultIsCandidate(SdpMedia media)
    {
        if (media.Port == 9 && ConnectionOf(media) is { } c && c.TryGetIp(out var ip) && ip.IsUnspecified) return true;
        var candidates = CandidatesOf(media).FindAll(c => c.IsUdp);
        if (!candidates.Any(x => x.Component == 1 && x.Address == RtpOf(media))) return false;
        var rtcp = RtcpOf(media);
        return media.RtcpMux || candidates.All(x => x.Component != 2) || candidates.Any(x => x.Component == 2 && x.Address == rtcp);
    }

    private static List<SdpCandidate> CandidatesOf(SdpMedia media) => ReadCandidates(media.Values("candidate"), named: false);

    /// <summary>The usable candidates among these lines, of UDP and TCP: those with an address, or those with a name.</summary>
    internal static List<SdpCandidate> ReadCandidates(IEnumerable<string> values, bool named)
    {
        var found = new List<SdpCandidate>();
        var (datagrams, streams) = (0, 0);
        foreach (var value in values)
        {
            if (datagrams >= MaxCandidates) break;
            if (SdpCandidate.TryParse(value, named, out var candidate, out _) && candidate.Type != SdpCandidateType.Other
                && candidate.HostName is not null == named && (candidate.IsUdp ? ++datagrams : candidate.TcpType is not null ? ++streams : int.MaxValue) <= MaxCandidates)
                found.Add(candidate);
        }

        return found;
    }
}
