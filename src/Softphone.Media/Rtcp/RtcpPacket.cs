using System.Buffers.Binary;
using System.Text;

namespace Softphone.Media;

/// <summary>One packet of a compound, as a view (RFC 3550 §6.4 to §6.7). Its body lies inside the compound; what the body states may not.</summary>
public readonly ref struct RtcpPacket
{
    private const int CnameItem = 1;

    internal RtcpPacket(RtcpKind kind, int count, ReadOnlySpan<byte> body)
    {
        Kind = kind;
        Count = count;
        Body = body;
    }

    public RtcpKind Kind { get; }

    /// <summary>The five bits after version and padding: report blocks, chunks or sources.</summary>
    public int Count { get; }

    /// <summary>After the four octets of the common header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The first word: who sent it (all types but a SDES or BYE without sources).</summary>
    public uint Ssrc => Body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(Body) : 0;

    public bool TrySenderInfo(out SenderInfo info)
    {
        info = default;
        if (Kind != RtcpKind.SenderReport || Body.Length < 4 + SenderInfo.Length) return false;
        info = SenderInfo.Read(Body[4..]);
        return true;
    }

    /// <summary>The n-th report block of a SR or RR; false past the last that fits.</summary>
    public bool TryBlock(int index, out ReportBlock block)
    {
        block = default;
        if (index >= Count || Kind is not (RtcpKind.SenderReport or RtcpKind.ReceiverReport)) return false;
        var at = 4 + (Kind == RtcpKind.SenderReport ? SenderInfo.Length : 0) + index * ReportBlock.Length;
        if (at + ReportBlock.Length > Body.Length) return false;
        block = ReportBlock.Read(Body[at..]);
        return true;
    }

    /// <summary>The canonical name of a source in a SDES packet (§6.5.1).</summary>
    public bool TryCname(uint ssrc, out string cname)
    {
        cname = "";
        if (Kind != RtcpKind.SourceDescription) return false;
        var at = 0;
        for (var chunk = 0; chunk < Count && at + 4 <= Body.Length; chunk++)
        {
            var owner = BinaryPrimitives.ReadUInt32BigEndian(Body[at..]);
            at += 4;
            while (at < Body.Length && Body[at] != 0)
            {
                if (at + 2 > Body.Length || at + 2 + Body[at + 1] > Body.Length) return false;
                var text = Body.Slice(at + 2, Body[at + 1]);
                if (owner == ssrc && Body[at] == CnameItem)
                {
                    cname = Encoding.UTF8.GetString(text);
                    return true;
                }

                at += 2 + text.Length;
            }

            at = (at + 4) & ~3;
        }

        return false;
    }

    /// <summary>Whether a BYE names this source (§6.6).</summary>
    public bool Ends(uint ssrc)
    {
        if (Kind != RtcpKind.Bye) return false;
        for (var i = 0; i < Count && 4 * i + 4 <= Body.Length; i++)
            if (BinaryPrimitives.ReadUInt32BigEndian(Body[(4 * i)..]) == ssrc) return true;
        return false;
    }

    /// <summary>Why a BYE was sent; empty when it does not say.</summary>
    public string Reason()
    {
        var at = 4 * Count;
        if (Kind != RtcpKind.Bye || at >= Body.Length || at + 1 + Body[at] > Body.Length) return "";
        return Encoding.UTF8.GetString(Body.Slice(at + 1, Body[at]));
    }
}
