using System.Buffers.Binary;
using System.Text;

namespace Softphone.Media;

/// <summary>Writes a compound RTCP packet into the caller's buffer (RFC 3550 §6.1): a report first, then SDES, then perhaps BYE.</summary>
public ref struct RtcpWriter
{
    private readonly Span<byte> _buffer;

    public RtcpWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Octets written.</summary>
    public int Length { get; private set; }

    /// <summary>A sender report; at most 31 blocks.</summary>
    public void SenderReport(uint ssrc, in SenderInfo info, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var at = Begin(RtcpKind.SenderReport, blocks.Length, ssrc, SenderInfo.Length + blocks.Length * ReportBlock.Length);
        info.Write(_buffer[at..]);
        Blocks(at + SenderInfo.Length, blocks);
    }

    /// <summary>A receiver report, for who sent nothing in the last two intervals; at most 31 blocks.</summary>
    public void ReceiverReport(uint ssrc, scoped ReadOnlySpan<ReportBlock> blocks) =>
        Blocks(Begin(RtcpKind.ReceiverReport, blocks.Length, ssrc, blocks.Length * ReportBlock.Length), blocks);

    /// <summary>The source's canonical name (§6.5.1), at most 255 octets.</summary>
    public void Cname(uint ssrc, string cname)
    {
        var text = Encoding.UTF8.GetByteCount(cname);
        if (text > 255) throw new ArgumentException("a CNAME holds at most 255 octets", nameof(cname));

        // The item list ends with at least one null octet and fills the last word.
        var items = (2 + text + 4) & ~3;
        var at = Begin(RtcpKind.SourceDescription, 1, ssrc, items);
        _buffer.Slice(at, items).Clear();
        _buffer[at] = 1;
        _buffer[at + 1] = (byte)text;
        Encoding.UTF8.GetBytes(cname, _buffer[(at + 2)..]);
    }

    /// <summary>The source leaves (§6.6).</summary>
    public void Bye(uint ssrc, string reason = "")
    {
        var text = Encoding.UTF8.GetByteCount(reason);
        if (text > 255) throw new ArgumentException("a reason holds at most 255 octets", nameof(reason));
        var words = text == 0 ? 0 : (1 + text + 3) & ~3;
        var at = Begin(RtcpKind.Bye, 1, ssrc, words);
        if (text == 0) return;
        _buffer.Slice(at, words).Clear();
        _buffer[at] = (byte)text;
        Encoding.UTF8.GetBytes(reason, _buffer[(at + 1)..]);
    }

    private int Begin(RtcpKind kind, int count, uint ssrc, int body)
    {
        var at = Length;
        _buffer[at] = (byte)(2 << 6 | count);
        _buffer[at + 1] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(at + 2)..], (ushort)((body + 4) / 4));
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[(at + 4)..], ssrc);
        Length = at + 8 + body;
        return at + 8;
    }

    private readonly void Blocks(int at, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        for (var i = 0; i < blocks.Length; i++) blocks[i].Write(_buffer[(at + i * ReportBlock.Length)..]);
    }
}
