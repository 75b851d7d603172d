namespace Softphone.Sockets;

/// <summary>Waits until a socket of the pump is ready, the time is up, or another thread calls <see cref="Wake"/>.</summary>
internal abstract class Poller : IDisposable
{
    protected List<Pollable> Items { get; } = [];

    /// <summary>The sockets that the last wait found ready.</summary>
    public List<Pollable> Ready { get; } = [];

    /// <param name="many">True for hundreds of sockets, where the system has something for that.</param>
    public static Poller Create(bool many = false) => OperatingSystem.IsLinux() ? many ? new EventPoller(new EventWakeup()) : new DescriptorPoller(new EventWakeup())
        : OperatingSystem.IsWindows() ? new SelectPoller()
        : new DescriptorPoller(new LoopbackWakeup());

    public virtual void Add(Pollable item) => Items.Add(item);

    public virtual void Remove(Pollable item)
    {
        Items.Remove(item);
        item.Dispose();
    }

    /// <summary>Blocks; null waits without end. Fills <see cref="Ready"/>.</summary>
    public abstract void Wait(TimeSpan? timeout);

    /// <summary>Ends the current or the next wait. May be called from any thread, also after disposal.</summary>
    public abstract void Wake();

    public virtual void Dispose()
    {
        foreach (var item in Items) item.Dispose();
        Items.Clear();
        Ready.Clear();
    }
}
