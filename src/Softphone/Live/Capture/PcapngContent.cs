using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The content of a pcapng file of bare IP packets (link type 101), with times to the microsecond: a section header, one interface, one enhanced
/// packet block for each packet. In memory: whoever makes it knows that it is short.
/// </summary>
internal sealed class PcapngContent : IPacketSink
{
    private const uint SectionHeader = 0x0A0D0D0A;
    private const uint InterfaceDescription = 1;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrder = 0x1A2B3C4D;
    private const uint RawIp = 101;

    private readonly MemoryStream _content = new();

    public PcapngContent()
    {
        Span<byte> section = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(section, ByteOrder);
        BinaryPrimitives.WriteUInt16LittleEndian(section[4..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(section[6..], 0);
        // The length of the section is not told.
        BinaryPrimitives.WriteInt64LittleEndian(section[8..], -1);
        WriteBlock(SectionHeader, section, []);
        Span<byte> device = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(device, RawIp);
        BinaryPrimitives.WriteUInt32LittleEndian(device[4..], 0);
        WriteBlock(InterfaceDescription, device, []);
    }

    public Fault? Failure => null;

    public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        Span<byte> head = stackalloc byte[20];
        head.Clear();
        var microseconds = (ulong)((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)(microseconds >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)microseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)packet.Length);
        WriteBlock(EnhancedPacket, head, packet);
    }

    public byte[] ToArray() => _content.ToArray();

    public void Flush()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>Type, length, body to a multiple of four octets, and the length again.</summary>
    private void WriteBlock(uint type, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var padding = -body.Length & 3;
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(word, type);
        _content.Write(word);
        BinaryPrimitives.WriteUInt32LittleEndian(word, (uint)(12 + head.Length + body.Length + padding));
        _content.Write(word);
        _content.Write(head);
        _content.Write(body);
        for (var i = 0; i < padding; i++) _content.WriteByte(0);
        _content.Write(word);
    }
}
