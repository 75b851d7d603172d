using System.Buffers;
using System.Globalization;

namespace Softphone.Sdp;

/// <summary>The ICE view of a stream (RFC 8839 §5).</summary>
public sealed partial record SessionDescription
{
    /// <summary>More of one stream are not read.</summary>
    internal const int MaxCandidates = 128;

    private static readonly SearchValues<char> IceChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>
    /// The ICE description of the stream; null when it does no ICE: ufrag or password missing, of the wrong length or with
    /// characters that are none of ICE's, or a=ice-mismatch said.
    /// </summary>
    public SdpIce? IceOf(SdpMedia media)
    {
        var ufrag = ValueOf(media, "ice-ufrag");
        var password = ValueOf(media, "ice-pwd");
        if (ufrag is null || password is null || HasIceMismatch(media)) return null;
        if (!IsIceText(ufrag, 4) || !IsIceText(password, 22)) return null;

        var options = ValueOf(media, "ice-options") ?? "";
        return new SdpIce
        {
            Ufrag = ufrag,
            Password = password,
            Candidates = CandidatesOf(media),
            NamedCandidates = ReadCandidates(media.Values("candidate"), named: true),
            Options = options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Lite = media.Has("ice-lite") || Attributes.Any(a => a.Name == "ice-lite"),
            Pacing = int.TryParse(ValueOf(media, "ice-pacing"), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : null,
            RemoteCandidates = SdpRemoteCandidate.ParseList(media.Value("remote-candidates") ?? ""),
            EndOfCandidates = media.Has("end-of-candidates") || Attributes.Any(a => a.Name == "end-of-candidates"),
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

    internal static bool IsIceText(string text, int least) =>
        text.Length >= least && text.Length <= 256 && !text.AsSpan().ContainsAnyExcept(IceChars);
}
