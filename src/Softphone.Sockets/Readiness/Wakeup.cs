namespace Softphone.Sockets;

/// <summary>A descriptor that becomes readable when another thread asks for attention. Signals that come close together are one.</summary>
internal abstract class Wakeup : IDisposable
{
    private readonly Lock _gate = new();
    private bool _signalled;
    private bool _closed;

    public abstract int Descriptor { get; }

    public void Signal()
    {
        lock (_gate)
        {
            if (_closed || (_signalled && IsSure)) return;
            _signalled = true;
            Raise();
        }
    }

    /// <summary>Called by the waiting thread before it looks at its queue.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (!_signalled) return;
            _signalled = false;
            Lower();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            Free();
        }
    }

    /// <summary>What was raised is seen. Otherwise each signal raises again, for the one before may be lost.</summary>
    protected virtual bool IsSure => true;

    protected abstract void Raise();

    protected abstract void Lower();

    protected abstract void Free();
}
