namespace Softphone.Sdp;

/// <summary>
/// Hands out payload types for our own offers: what the session used before for the same codec, else the preferred number, else a
/// free dynamic one. 64–95 are never given, since with mux they look like RTCP (RFC 5761 §4).
/// </summary>
internal sealed class PayloadTypes
{
    private readonly IReadOnlyList<SdpCodec> _before;
    private readonly HashSet<byte> _taken = [];

    public PayloadTypes(IReadOnlyList<SdpCodec> before, IEnumerable<SdpCodec> statics)
    {
        _before = before;
        foreach (var codec in before) _taken.Add(codec.PayloadType);
        foreach (var codec in statics)
            if (codec.PayloadType < 35) _taken.Add(codec.PayloadType);
    }

    public SdpCodec Assign(SdpCodec codec)
    {
        var known = _before.FirstOrDefault(c => c.IsSameAs(codec));
        if (known is not null) return codec with { PayloadType = known.PayloadType };
        if (codec.PayloadType < 35) return codec;
        if (codec.PayloadType is >= 96 and <= 127 && _taken.Add(codec.PayloadType)) return codec;
        for (byte type = 96; type <= 127; type++)
            if (_taken.Add(type)) return codec with { PayloadType = type };
        for (byte type = 35; type < 64; type++)
            if (_taken.Add(type)) return codec with { PayloadType = type };
        throw new ArgumentException("more codecs than there are payload types");
    }
}
