namespace Softphone.Sockets;

/// <summary>A wake-up by eventfd(2). It needs no network, so it also works where even the loopback interface is down.</summary>
internal sealed unsafe class EventWakeup : Wakeup
{
    public EventWakeup()
    {
        Descriptor = Libc.EventFd(0, Libc.EventFlags);
        if (Descriptor < 0) throw new InvalidOperationException("the system gave no eventfd: too many open files");
    }

    public override int Descriptor { get; }

    protected override void Raise()
    {
        ulong one = 1;
        _ = Libc.Write(Descriptor, &one, sizeof(ulong));
    }

    protected override void Lower()
    {
        ulong count;
        _ = Libc.Read(Descriptor, &count, sizeof(ulong));
    }

    protected override void Free() => _ = Libc.Close(Descriptor);
}
