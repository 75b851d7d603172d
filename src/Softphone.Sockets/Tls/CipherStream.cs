using System.Threading.Tasks.Sources;

namespace Softphone.Sockets;

/// <summary>
/// The stream that SslStream believes to be a network: what the poll loop read is fed in, what it writes goes to the connection's
/// queue. A read that waits is completed within <see cref="Feed"/>, so that TLS runs on the pump thread like everything else.
/// </summary>
internal sealed class CipherStream(Action<ReadOnlySpan<byte>> write) : Stream, IValueTaskSource<int>
{
    /// <summary>TLS records are at most 16 KiB; what is fed is taken at once, so this only bounds a broken peer.</summary>
    private readonly OctetQueue _arrived = new(1 << 20);

    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _target;
    private bool _waits;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Octets arrived. False when more wait than any peer that keeps to TLS would send.</summary>
    public bool Feed(ReadOnlySpan<byte> octets)
    {
        if (!_arrived.TryAppend(octets)) return false;
        Serve();
        return true;
    }

    /// <summary>The connection is gone: reads end.</summary>
    public void End()
    {
        _ended = true;
        Serve();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_arrived.IsEmpty || _ended || buffer.IsEmpty) return new ValueTask<int>(Take(buffer));
        _source.Reset();
        _target = buffer;
        _waits = true;
        return new ValueTask<int>(this, _source.Version);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        write(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Serve()
    {
        if (!_waits || (_arrived.IsEmpty && !_ended)) return;
        _waits = false;
        _source.SetResult(Take(_target));
    }

    private int Take(Memory<byte> buffer)
    {
        var head = _arrived.Head;
        var length = Math.Min(head.Length, buffer.Length);
        head[..length].CopyTo(buffer.Span);
        _arrived.Skip(length);
        return length;
    }
}
