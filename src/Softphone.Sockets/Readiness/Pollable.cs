using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>A socket in the pump's poll loop. Closing it in any callback is safe: what was found ready before is then passed over.</summary>
internal abstract class Pollable(Socket socket) : IDisposable
{
    public Socket Socket { get; } = socket;

    public bool IsClosed { get; private set; }

    public virtual bool WantsRead => true;

    public virtual bool WantsWrite => false;

    /// <summary>True when it always wants to read and never waits to write.</summary>
    public virtual bool IsSteady => false;

    /// <summary>How often its handling threw.</summary>
    public int Faults { get; set; }

    /// <summary>It is served after those that are not, and leaves the rest for the next turn when its time is up.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>What the last wait found.</summary>
    public Readiness Found { get; set; }

    /// <summary>Called on the pump thread when the socket is ready. Never throws for what the network did.</summary>
    public abstract void OnReady(Readiness found);

    /// <summary>Called on the pump thread when a deadline that was set for this socket has come.</summary>
    public virtual void OnDeadline()
    {
    }

    /// <summary>Closes the socket; harmless when repeated.</summary>
    public virtual void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        Socket.Dispose();
    }
}
