using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Whose packets are the peer's, and where ours go, in one component of a stream without ICE (RFC 4961, RFC 7362 §4). The signalled
/// address wins over any other, at once and always. Another one is followed only while that is silent, and only after a run of packets
/// in sequence from it alone, of a payload type that was agreed; the shorter, the nearer it is to what signalling showed. Of two
/// strangers that talk at once neither is. What an earlier description named is not followed any more: its packets are stragglers.
/// </summary>
/// <param name="window">How long the source in use must have been silent before a stranger from nowhere may take its place.</param>
public sealed class SourceLearning(TimeSpan window)
{
    /// <summary>Packets in sequence that make a source, from the signalled host or the one that signalling came from, and from elsewhere.</summary>
    public const int RunOfANeighbour = 2, RunOfAStranger = 4;

    private const int MostFormer = 8;

    /// <summary>A packet or two may be lost within a run.</summary>
    private const int LongestStep = 3;

    /// <summary>How far ahead a stream that goes on from another port may be.</summary>
    private const int LongestGap = 500;

    /// <summary>A neighbour waits so long for the source in use, and a stranger for a public address that has just been signalled.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Who spoke no longer ago than this is still there.</summary>
    private static readonly TimeSpan Presence = TimeSpan.FromSeconds(1);

    /// <summary>What an earlier description named is no straggler after so long.</summary>
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(2);

    private readonly Stranger[] _strangers = [new(), new(), new(), new()];
    private readonly List<(Address Signalled, Address Source)> _former = [];
    private readonly bool[] _types = new bool[128];
    private IReadOnlyList<IpAddress> _near = [];
    private bool _takesAnyType = true;
    private Instant _since;
    private Instant? _heardAt;
    private Instant _followedAt;
    private int _rank;
    private uint? _ssrc;
    private ushort _sequence;
    private bool _isContested;

    /// <summary>What the description in force says; not valid where it names no host.</summary>
    public Address Signalled { get; private set; }

    /// <summary>Where the peer really sends from, when that is somewhere else; not valid otherwise.</summary>
    public Address Source { get; private set; }

    /// <summary>Where ours go.</summary>
    public Address Target => Source.IsValid ? Source : Signalled;

    /// <summary>Packets that were left out.</summary>
    public long Refused { get; private set; }

    /// <summary>How often two strangers talked at once, and who did last.</summary>
    public int Contests { get; private set; }

    public (Address First, Address Second) Rivals { get; private set; }

    /// <summary>A description is in force.</summary>
    /// <param name="now">The time.</param>
    /// <param name="signalled">What it names.</param>
    /// <param name="near">Hosts that signalling came from.</param>
    /// <param name="types">Payload types that were agreed; none takes any.</param>
    /// <returns>True when it names another address than the last one.</returns>
    public bool Expect(Instant now, Address signalled, IReadOnlyList<IpAddress> near, IReadOnlyList<byte> types)
    {
        _near = near;
        _takesAnyType = types.Count == 0;
        Array.Clear(_types);
        foreach (var type in types) _types[type & 0x7F] = true;
        if (signalled == Signalled) return false;
        if (Signalled.IsValid) Leave(Signalled, Signalled);
        if (Source.IsValid) Leave(Signalled, Source);
        _former.RemoveAll(f => f.Signalled == signalled || f.Source == signalled);
        Signalled = signalled;
        Source = default;
        _since = now;
        _heardAt = null;
        _ssrc = null;
        Forget();
        return true;
    }

    /// <summary>Media came from there until now, by other means than this.</summary>
    public void Leave(Address source) => Leave(default, source);

    /// <summary>Judges a packet of RTP, or of RTCP that shares its port.</summary>
    public SourceVerdict Take(Instant now, Address from, PacketKind kind, ReadOnlySpan<byte> packet)
    {
        if (kind == PacketKind.Rtp && packet.Length < 12) return Count(SourceVerdict.Refused);
        var verdict = Known(now, from);
        if (verdict is null && kind == PacketKind.Rtp) verdict = Weigh(now, from, packet);
        else if (kind == PacketKind.Rtp && from == Target) Note(packet);
        if (verdict is null or SourceVerdict.Refused && IsTail(from)) verdict = SourceVerdict.Taken;
        return Count(verdict ?? SourceVerdict.Refused);
    }

    /// <summary>
    /// Judges a packet of RTCP on a port of its own: beside the signalled address that of the host which RTP comes from and goes to, at
    /// whatever port.
    /// </summary>
    public SourceVerdict TakeReport(Instant now, Address from, IpAddress host)
    {
        if (Known(now, from) is { } verdict) return Count(verdict);
        if (from.Ip != host || IsFormer(from) || (Target.Ip == host && _heardAt is { } last && now - last < window)) return Count(SourceVerdict.Refused);
        Source = from;
        _heardAt = now;
        return SourceVerdict.Followed;
    }

    /// <summary>
    /// Judges a packet of a DTLS handshake, which comes before all media: beside the signalled address and the source in use that of a host that signalling
    /// showed, at whatever port, while nobody was heard. Who it is the certificate says.
    /// </summary>
    public SourceVerdict TakeHandshake(Instant now, Address from)
    {
        if (Known(now, from) is { } verdict) return Count(verdict);
        if (_heardAt is not null || IsFormer(from) || (from.Ip != Signalled.Ip && !_near.Contains(from.Ip))) return Count(SourceVerdict.Refused);
        Source = from;
        _heardAt = _followedAt = now;
        return SourceVerdict.Followed;
    }

    /// <summary>The signalled source, the one in use, or one that is not to be weighed; null for any other.</summary>
    private SourceVerdict? Known(Instant now, Address from)
    {
        if (!Signalled.IsValid) return SourceVerdict.Refused;
        if (from != Target && from != Signalled) return IsFormer(from) && !MayBeTheSame(from) ? SourceVerdict.Refused : null;
        _heardAt = now;
        _isContested = false;
        if (from == Target) return SourceVerdict.Taken;
        Source = default;
        Forget();
        return SourceVerdict.Returned;
    }

    /// <summary>
    /// The peer sends from the old address until our answer has reached it (RFC 3264 §8.3.1), and one branch of a fork may play to us while
    /// another rings: that is heard, until the new one speaks.
    /// </summary>
    private bool IsTail(Address from) => Signalled.IsValid && _heardAt is null && IsFormer(from);

    /// <summary>A peer behind a NAT may go on from the same public address whatever private one it names now; but then it goes on for long.</summary>
    private bool MayBeTheSame(Address former) => Signalled.Ip.IsPrivate && !former.Ip.IsPrivate;

    private SourceVerdict Weigh(Instant now, Address from, ReadOnlySpan<byte> packet)
    {
        if (!_takesAnyType && !_types[packet[1] & 0x7F]) return SourceVerdict.Refused;
        var stranger = Of(now, from);
        stranger.Count(now, BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), _heardAt);
        if (stranger.Run < stranger.Needs || (stranger.IsFormer && now - stranger.Since < Tail)) return SourceVerdict.Refused;
        var isBetter = Source.IsValid && stranger.Rank > _rank;
        if (!isBetter && !IsAlone(now, stranger)) return RivalsSource(now, stranger) ? ContestSource(stranger) : SourceVerdict.Refused;
        foreach (var other in _strangers)
        {
            if (other == stranger || other.Run < 2 || other.Rank < stranger.Rank || now - other.HeardAt >= Presence) continue;
            return other.Rank > stranger.Rank ? SourceVerdict.Refused : Contest(stranger.From, other.From);
        }

        Source = from;
        _rank = stranger.Rank;
        _heardAt = _followedAt = now;
        Note(packet);
        Forget();
        return SourceVerdict.Followed;
    }

    /// <summary>Nobody is talked over: the signalled source, or the one in use, is silent.</summary>
    private bool IsAlone(Instant now, Stranger stranger)
    {
        if (_heardAt is not { } last) return stranger.Rank > 0 || Signalled.Ip.IsPrivate || now - _since >= Pause;
        if (stranger.Alone < stranger.Needs) return false;
        // The same stream goes on from elsewhere: the peer's NAT has changed its mind.
        if (stranger.Ssrc == _ssrc && (ushort)(stranger.First - _sequence - 1) < LongestGap) return true;
        return now - last >= (stranger.Rank > 0 ? Pause : window);
    }

    /// <summary>The source in use was a stranger itself a moment ago, no better than this one, and talks at the same time.</summary>
    private bool RivalsSource(Instant now, Stranger stranger) =>
        Source.IsValid && stranger.Rank == _rank && now - _followedAt < window && _heardAt is { } last && last >= stranger.Since;

    private SourceVerdict ContestSource(Stranger stranger)
    {
        var (source, last) = (Source, _heardAt!.Value);
        Of(last, source).Keep(last, _ssrc ?? 0, _sequence);
        Source = default;
        _heardAt = null;
        return Contest(stranger.From, source);
    }

    private SourceVerdict Contest(Address first, Address second)
    {
        if (_isContested) return SourceVerdict.Refused;
        _isContested = true;
        Contests++;
        Rivals = (first, second);
        return SourceVerdict.Contested;
    }

    private void Note(ReadOnlySpan<byte> packet)
    {
        _ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        _sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
    }

    private SourceVerdict Count(SourceVerdict verdict)
    {
        if (verdict is SourceVerdict.Refused or SourceVerdict.Contested) Refused++;
        return verdict;
    }

    private void Forget()
    {
        _isContested = false;
        foreach (var stranger in _strangers) stranger.Clear();
    }

    private void Leave(Address signalled, Address source)
    {
        _former.RemoveAll(f => f.Source == source);
        if (_former.Count == MostFormer) _former.RemoveAt(0);
        _former.Add((signalled, source));
    }

    private bool IsFormer(Address from)
    {
        foreach (var former in _former)
            if (former.Source == from) return true;
        return false;
    }

    /// <summary>Its place on the list; a new one gets that of whoever was silent for longest.</summary>
    private Stranger Of(Instant now, Address from)
    {
        var oldest = _strangers[0];
        foreach (var stranger in _strangers)
        {
            if (stranger.From == from) return stranger;
            if (stranger.HeardAt < oldest.HeardAt) oldest = stranger;
        }

        oldest.Begin(now, from, from.Ip == Signalled.Ip ? 2 : IsNear(from.Ip) ? 1 : 0, IsFormer(from));
        return oldest;
    }

    private bool IsNear(IpAddress host)
    {
        for (var i = 0; i < _near.Count; i++)
            if (_near[i] == host) return true;
        return false;
    }

    /// <summary>Somebody who is not the peer yet.</summary>
    private sealed class Stranger
    {
        private ushort _last;

        public Address From { get; private set; }

        /// <summary>2 from the signalled host, 1 from one that signalling came from, 0 from elsewhere.</summary>
        public int Rank { get; private set; }

        public bool IsFormer { get; private set; }

        public uint Ssrc { get; private set; }

        /// <summary>The first sequence number since it is alone.</summary>
        public ushort First { get; private set; }

        /// <summary>When the run began.</summary>
        public Instant Since { get; private set; }

        public Instant HeardAt { get; private set; }

        /// <summary>Packets in sequence, and those of them since the source in use last spoke.</summary>
        public int Run { get; private set; }

        public int Alone { get; private set; }

        public int Needs => Rank > 0 ? RunOfANeighbour : RunOfAStranger;

        public void Clear() => Begin(default, default, 0, false);

        public void Begin(Instant now, Address from, int rank, bool isFormer) =>
            (From, Rank, IsFormer, HeardAt, Run, Alone) = (from, rank, isFormer, now, 0, 0);

        /// <summary>It was the source in use a moment ago.</summary>
        public void Keep(Instant heardAt, uint ssrc, ushort sequence) =>
            (Since, HeardAt, Ssrc, _last, Run) = (heardAt, heardAt, ssrc, sequence, RunOfAStranger);

        public void Count(Instant now, uint ssrc, ushort sequence, Instant? inUse)
        {
            var step = (ushort)(sequence - _last);
            var goesOn = Run > 0 && ssrc == Ssrc && now - HeardAt < Presence;
            if (goesOn && step == 0) return;
            if (!goesOn || step > LongestStep) (Ssrc, Since, Run, Alone) = (ssrc, now, 0, 0);
            if (inUse > HeardAt) Alone = 0;
            if (Alone == 0) First = sequence;
            Run++;
            Alone++;
            _last = sequence;
            HeardAt = now;
        }
    }
}
