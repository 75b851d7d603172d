namespace Softphone.Cli.Tests;

/// <summary>A disk, pipe or terminal that takes nothing until it is released. Says when a writer waits in it.</summary>
internal sealed class StalledTarget : Stream, IAsideTarget, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _isReleased = new();
    private readonly ManualResetEventSlim _isWaitedFor = new();
    private readonly MemoryStream _taken = new();

    /// <summary>Thrown in place of taking anything.</summary>
    public Exception? Trouble { get; init; }

    public byte[] Taken => _taken.ToArray();

    public bool IsClosed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _taken.Length;

    public override long Position { get; set; }

    /// <summary>Waits until somebody hangs in it.</summary>
    public void WaitForWriter() => Assert.True(_isWaitedFor.Wait(Limit));

    public void Release() => _isReleased.Set();

    public override void Write(ReadOnlySpan<byte> octets)
    {
        _isWaitedFor.Set();
        Assert.True(_isReleased.Wait(Limit));
        if (Trouble is not null) throw Trouble;
        _taken.Write(octets);
    }

    public void Rest()
    {
    }

    void IAsideTarget.Close() => IsClosed = true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
