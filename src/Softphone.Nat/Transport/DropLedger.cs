using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Counts what came to the sockets of one call's media and went nowhere, by reason. Nothing is allocated for a packet.</summary>
internal sealed class DropLedger
{
    private readonly (long Count, Address Last)[] _kinds = new (long, Address)[Enum.GetValues<Reason>().Length];

    public enum Reason
    {
        /// <summary>RTP or RTCP before there was a path.</summary>
        Early,

        /// <summary>RTP or RTCP of an address that ICE has not proved to be the peer's.</summary>
        Unproved,
        UnreadStun,
        StrayStun,
        Dtls,
        Zrtp,
        Unknown,
    }

    public void Note(Reason reason, Address from)
    {
        ref var kind = ref _kinds[(int)reason];
        kind = (kind.Count + 1, from);
    }

    public void Note(PacketKind kind, Address from) => Note(
        kind switch
        {
            PacketKind.Dtls => Reason.Dtls,
            PacketKind.Zrtp => Reason.Zrtp,
            _ => Reason.Unknown,
        },
        from);

    /// <summary>What was counted, each with who sent the last of it.</summary>
    public IEnumerable<Dropped> All()
    {
        for (var i = 0; i < _kinds.Length; i++)
        {
            if (_kinds[i].Count == 0) continue;
            var (layer, why) = (Reason)i switch
            {
                Reason.Early => (Layer.Media, "audio before there was a path"),
                Reason.Unproved => (Layer.Ice, "audio from an address that ICE has not proved to be the peer's"),
                Reason.UnreadStun => (Layer.Stun, "no readable STUN message"),
                Reason.StrayStun => (Layer.Stun, "a STUN answer to no request of ours"),
                Reason.Dtls => (Layer.Media, "DTLS, with which encrypted media (DTLS-SRTP) begins, where nothing of that kind was agreed on"),
                Reason.Zrtp => (Layer.Media, "ZRTP, which this version does not have"),
                _ => (Layer.Media, "neither STUN nor RTP"),
            };
            yield return new Dropped(layer, _kinds[i].Last, why, _kinds[i].Count);
        }
    }
}
