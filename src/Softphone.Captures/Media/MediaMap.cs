using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>What descriptions say of addresses: which payload type means what there. The last word counts.</summary>
internal sealed class MediaMap
{
    private const int MostAddresses = 65_536;

    private readonly Dictionary<Address, IReadOnlyList<SdpCodec>> _codecs = [];

    /// <summary>The same by the fragment of a description's ICE, for candidates that are told later.</summary>
    private readonly Dictionary<string, IReadOnlyList<SdpCodec>> _byFragment = [];

    public void Learn(SessionDescription sdp)
    {
        foreach (var media in sdp.Media)
        {
            if (media.IsRejected || !media.IsRtp) continue;
            var codecs = SdpCodecs.Of(media);
            if (sdp.RtpOf(media) is { IsValid: true } rtp) Set(rtp, codecs);
            if (sdp.IceOf(media) is not { } ice) continue;
            if (_byFragment.Count < MostAddresses || _byFragment.ContainsKey(ice.Ufrag)) _byFragment[ice.Ufrag] = codecs;
            foreach (var candidate in ice.Candidates)
                if (candidate.Address.IsValid) Set(candidate.Address, codecs);
        }
    }

    public void Learn(SdpFragment fragment)
    {
        if (!_byFragment.TryGetValue(fragment.Ufrag, out var codecs)) return;
        foreach (var candidate in fragment.Candidates)
            if (candidate.Address.IsValid) Set(candidate.Address, codecs);
    }

    public bool Knows(in Address address) => _codecs.ContainsKey(address);

    /// <summary>The receiver's description says what a type means (RFC 3264 §5.1), else the sender's, else RFC 3551.</summary>
    public SdpCodec? Find(Address from, Address to, byte type) => Of(to, type) ?? Of(from, type) ?? Static(type);

    private SdpCodec? Of(in Address address, byte type) => _codecs.TryGetValue(address, out var codecs) ? codecs.FirstOrDefault(c => c.PayloadType == type) : null;

    private static SdpCodec? Static(byte type) => type switch
    {
        0 => SdpCodec.Pcmu,
        3 => new SdpCodec("GSM", 8000, 1, 3),
        8 => SdpCodec.Pcma,
        9 => SdpCodec.G722,
        13 => new SdpCodec("CN", 8000, 1, 13),
        18 => new SdpCodec("G729", 8000, 1, 18),
        _ => null,
    };

    private void Set(in Address address, IReadOnlyList<SdpCodec> codecs)
    {
        if (_codecs.Count < MostAddresses || _codecs.ContainsKey(address)) _codecs[address] = codecs;
    }
}
