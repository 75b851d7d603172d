using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>One description of one side, at every hop where the capture has it: who stands between may have changed it.</summary>
/// <param name="By">Who described itself.</param>
/// <param name="IsOffer">An offer; else the answer to one.</param>
public sealed record Description(Party By, bool IsOffer)
{
    private readonly List<(CapturedMessage Message, SessionDescription Sdp)> _hops = [];

    /// <summary>In the order in which they were seen.</summary>
    public IReadOnlyList<(CapturedMessage Message, SessionDescription Sdp)> Hops => _hops;

    public CapturedMessage Message => _hops[0].Message;

    /// <summary>As near to its writer as the capture saw it.</summary>
    public SessionDescription Sent => _hops[0].Sdp;

    /// <summary>As near to the other side.</summary>
    public SessionDescription Received => _hops[^1].Sdp;

    public Instant At => _hops[0].Message.At;

    /// <summary>The direction that it says of its audio; inactive where there is none, and for an address of zeros what it sends.</summary>
    public MediaDirection Direction => Sent.Audio is not { } audio ? MediaDirection.Inactive
        : Sent.IsZeroAddressHold(audio) ? Sent.DirectionOf(audio) & MediaDirection.SendOnly : Sent.DirectionOf(audio);

    internal void Add(CapturedMessage message, SessionDescription sdp) => _hops.Add((message, sdp));

    /// <summary>Every address that it names for RTP, candidates with them, as it was written at any hop.</summary>
    internal IEnumerable<Address> Addresses()
    {
        foreach (var (_, sdp) in _hops)
        {
            if (sdp.Audio is not { } audio) continue;
            if (sdp.RtpOf(audio) is { IsValid: true } rtp) yield return rtp;
            if (sdp.RtcpOf(audio) is { IsValid: true } rtcp) yield return rtcp;
            foreach (var candidate in sdp.IceOf(audio)?.Candidates ?? [])
                if (candidate.Address.IsValid) yield return candidate.Address;
        }
    }
}
