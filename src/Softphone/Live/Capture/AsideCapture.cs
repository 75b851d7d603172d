using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// Packets to a sink that may wait, a file on a disk or a pipe into another program: a thread of its own writes them, and the phone never
/// waits. What the sink does not take is missing in the capture, counted and told at the end.
/// </summary>
internal sealed class AsideCapture : IPacketSink
{
    /// <summary>Octets that may wait: about a minute of a call.</summary>
    private const int MostOctets = 4 << 20;

    private readonly AsideWriter _writer;
    private readonly string _name;
    private readonly Func<TimeSpan> _endLimit;
    private Fault? _missing;

    /// <param name="name">The file, for the person.</param>
    /// <param name="sink">Used by the thread alone, and disposed there.</param>
    /// <param name="endLimit">How long the end may wait for it.</param>
    /// <param name="bound">Octets that may wait.</param>
    public AsideCapture(string name, IPacketSink sink, Func<TimeSpan> endLimit, int bound = MostOctets)
    {
        (_name, _endLimit) = (name, endLimit);
        _writer = new AsideWriter("capture", bound, () => new Target(sink));
    }

    /// <summary>What ended the capture, or what is missing in it once this is disposed.</summary>
    public Fault? Failure => _writer.Failure switch
    {
        null => _missing,
        SinkException e => e.Fault,
        var e => new Fault(Layer.Internal, $"the capture {_name} is not complete: {e.Message}", "name another file"),
    };

    public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        Span<byte> head = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(head, at.UtcTicks);
        _writer.TryWrite(head, packet);
    }

    /// <summary>The thread does it by itself, as soon as nothing waits.</summary>
    public void Flush()
    {
    }

    public void Dispose()
    {
        var isWhole = _writer.Finish(_endLimit());
        var (packets, _) = _writer.Missing;
        if (packets > 0 || !isWhole)
            _missing = new Fault(Layer.Internal, $"{Math.Max(packets, 1)} packets are missing in the capture {_name}: its disk or its reader did not take them", "name a file on another disk, or a reader that keeps up");
    }

    private sealed class SinkException(Fault fault) : Exception(fault.What)
    {
        public Fault Fault => fault;
    }

    private sealed class Target(IPacketSink sink) : IAsideTarget
    {
        public void Write(ReadOnlySpan<byte> record)
        {
            sink.Write(new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(record), TimeSpan.Zero), record[sizeof(long)..]);
            Check();
        }

        public void Rest()
        {
            sink.Flush();
            Check();
        }

        public void Close()
        {
            sink.Dispose();
            Check();
        }

        private void Check()
        {
            if (sink.Failure is { } fault) throw new SinkException(fault);
        }
    }
}
