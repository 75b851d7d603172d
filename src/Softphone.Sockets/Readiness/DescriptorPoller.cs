namespace Softphone.Sockets;

/// <summary>
/// One poll(2) over all sockets and the wake-up. On Linux ppoll, whose timeout has nanoseconds, so that a 20 ms packet clock does not
/// wait for whole milliseconds; elsewhere poll, rounded up. Allocates only when the number of sockets grows.
/// </summary>
internal sealed unsafe class DescriptorPoller(Wakeup wakeup) : Poller
{
    private static readonly bool HasPPoll = OperatingSystem.IsLinux();

    private Libc.PollDescriptor[] _descriptors = new Libc.PollDescriptor[16];

    public override void Wait(TimeSpan? timeout)
    {
        Ready.Clear();
        var count = Items.Count + 1;
        if (_descriptors.Length < count) _descriptors = new Libc.PollDescriptor[count * 2];
        _descriptors[0] = new Libc.PollDescriptor { Descriptor = wakeup.Descriptor, Events = Libc.PollIn };
        for (var i = 1; i < count; i++)
        {
            var item = Items[i - 1];
            var events = (item.WantsRead ? Libc.PollIn : 0) | (item.WantsWrite ? Libc.PollOut : 0);
            _descriptors[i] = new Libc.PollDescriptor { Descriptor = (int)item.Socket.Handle, Events = (short)events };
        }

        // An interrupted wait finds nothing; the pump's next turn waits again for what is left.
        if (Poll(count, timeout) <= 0) return;
        if (_descriptors[0].Returned != 0) wakeup.Clear();
        for (var i = 1; i < count; i++)
        {
            var returned = _descriptors[i].Returned;
            if (returned == 0) continue;
            var item = Items[i - 1];
            item.Found = ((returned & (Libc.PollIn | Libc.PollHup)) != 0 ? Readiness.Readable : 0)
                | ((returned & Libc.PollOut) != 0 ? Readiness.Writable : 0)
                | ((returned & (Libc.PollErr | Libc.PollInvalid)) != 0 ? Readiness.Error : 0);
            Ready.Add(item);
        }
    }

    public override void Wake() => wakeup.Signal();

    public override void Dispose()
    {
        base.Dispose();
        wakeup.Dispose();
    }

    private int Poll(int count, TimeSpan? timeout)
    {
        fixed (Libc.PollDescriptor* descriptors = _descriptors)
        {
            if (!HasPPoll)
            {
                var milliseconds = timeout is { } t ? (int)Math.Min(int.MaxValue, Math.Ceiling(t.TotalMilliseconds)) : -1;
                return Libc.Poll(descriptors, (nuint)count, milliseconds);
            }

            if (timeout is not { } wait) return Libc.PPoll(descriptors, (nuint)count, null, null);
            var time = new Libc.TimeSpec
            {
                Seconds = (nint)(wait.Ticks / TimeSpan.TicksPerSecond),
                Nanoseconds = (nint)(wait.Ticks % TimeSpan.TicksPerSecond * 100),
            };
            return Libc.PPoll(descriptors, (nuint)count, &time, null);
        }
    }
}
