using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// A classic little-endian capture file of bare IP packets (link type 101), with times to the microsecond. Written through a buffer;
/// what cannot be written ends the file and is told in <see cref="Failure"/>, nothing throws once it is open.
/// </summary>
internal sealed class PcapFile : IPacketSink
{
    private const uint Magic = 0xA1B2C3D4;
    private const uint LongestPacket = 1 << 18;
    private const uint RawIp = 101;

    private readonly FileStream _file;

    /// <summary>Creates the file, or empties it.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public PcapFile(string path)
    {
        // It holds whom the phone talked to and what was said: for its owner alone.
        _file = PrivateFile.Create(path);
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        header[4] = 2;
        header[6] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], LongestPacket);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], RawIp);
        _file.Write(header);
    }

    /// <summary>What ended the file early, such as a full disk; null while all is well.</summary>
    public Fault? Failure { get; private set; }

    /// <param name="at">When the packet was seen.</param>
    /// <param name="packet">The packet from its IP header on.</param>
    public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        if (Failure is not null) return;
        var since = at - DateTimeOffset.UnixEpoch;
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(since.Ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(since.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)packet.Length);
        try
        {
            _file.Write(header);
            _file.Write(packet);
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    public void Flush()
    {
        if (Failure is not null) return;
        try
        {
            _file.Flush();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    private void Fail(IOException e) =>
        Failure ??= new Fault(Layer.Internal, $"the capture {_file.Name} is not complete: {e.Message}", "free some space or name another file");
}
