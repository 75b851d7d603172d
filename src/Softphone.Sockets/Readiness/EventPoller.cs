using System.Runtime.InteropServices;

namespace Softphone.Sockets;

/// <summary>
/// epoll(7): the kernel keeps the list, so that a wait costs what is ready and not what is open. For servers with hundreds of sockets.
/// It looks first and sleeps only when nothing is ready, in ppoll on the list itself, whose timeout has nanoseconds.
/// </summary>
internal sealed unsafe class EventPoller : Poller
{
    private const int Most = 128;

    /// <summary>struct epoll_event is packed on x86-64 and nowhere else.</summary>
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly Wakeup _wakeup;
    private readonly int _list;
    private readonly byte[] _events = new byte[Most * Stride];
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<Pollable, int> _slotOf = [];

    /// <summary>Those whose wishes change; the others are told to the kernel once.</summary>
    private readonly List<Pollable> _fickle = [];

    public EventPoller(Wakeup wakeup)
    {
        _wakeup = wakeup;
        _list = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (_list < 0) throw new InvalidOperationException("the system gave no epoll: too many open files");
        Control(Libc.EpollAdd, wakeup.Descriptor, Libc.PollIn, 0);
    }

    public override void Add(Pollable item)
    {
        base.Add(item);
        if (!_free.TryPop(out var at))
        {
            at = _slots.Count;
            _slots.Add(default);
        }

        var interest = InterestOf(item);
        _slots[at] = new Slot(item, interest);
        _slotOf.Add(item, at);
        if (!item.IsSteady) _fickle.Add(item);
        Control(Libc.EpollAdd, (int)item.Socket.Handle, interest, at + 1);
    }

    public override void Remove(Pollable item)
    {
        if (_slotOf.Remove(item, out var at))
        {
            Control(Libc.EpollDelete, (int)item.Socket.Handle, 0, 0);
            _slots[at] = default;
            _free.Push(at);
            if (!item.IsSteady) _fickle.Remove(item);
        }

        base.Remove(item);
    }

    public override void Wait(TimeSpan? timeout)
    {
        Ready.Clear();
        foreach (var item in _fickle) Renew(item);
        var count = Take();
        if (count == 0 && timeout != TimeSpan.Zero)
        {
            Sleep(timeout);
            count = Take();
        }

        for (var i = 0; i < count; i++)
        {
            var found = _events.AsSpan(i * Stride, Stride);
            var returned = BitConverter.ToInt32(found);
            var at = BitConverter.ToInt32(found[(Stride - 8)..]);
            if (at == 0) _wakeup.Clear();
            else if (_slots[at - 1].Item is { } item) Note(item, returned);
        }
    }

    public override void Wake() => _wakeup.Signal();

    public override void Dispose()
    {
        base.Dispose();
        _ = Libc.Close(_list);
        _wakeup.Dispose();
    }

    private static int InterestOf(Pollable item) => (item.WantsRead ? Libc.PollIn : 0) | (item.WantsWrite ? Libc.PollOut : 0);

    private void Renew(Pollable item)
    {
        var at = _slotOf[item];
        var interest = InterestOf(item);
        if (_slots[at].Interest == interest) return;
        _slots[at] = new Slot(item, interest);
        Control(Libc.EpollModify, (int)item.Socket.Handle, interest, at + 1);
    }

    private void Note(Pollable item, int returned)
    {
        item.Found = ((returned & (Libc.PollIn | Libc.PollHup)) != 0 ? Readiness.Readable : 0)
            | ((returned & Libc.PollOut) != 0 ? Readiness.Writable : 0)
            | ((returned & Libc.PollErr) != 0 ? Readiness.Error : 0);
        Ready.Add(item);
    }

    private int Take()
    {
        fixed (byte* events = _events) return Math.Max(0, Libc.EpollWait(_list, events, Most, 0));
    }

    private void Sleep(TimeSpan? timeout)
    {
        var list = new Libc.PollDescriptor { Descriptor = _list, Events = Libc.PollIn };
        if (timeout is not { } wait)
        {
            _ = Libc.PPoll(&list, 1, null, null);
            return;
        }

        var time = new Libc.TimeSpec
        {
            Seconds = (nint)(wait.Ticks / TimeSpan.TicksPerSecond),
            Nanoseconds = (nint)(wait.Ticks % TimeSpan.TicksPerSecond * 100),
        };
        _ = Libc.PPoll(&list, 1, &time, null);
    }

    private void Control(int operation, int descriptor, int interest, int data)
    {
        Span<byte> change = stackalloc byte[16];
        BitConverter.TryWriteBytes(change, interest);
        BitConverter.TryWriteBytes(change[(Stride - 8)..], (long)data);
        fixed (byte* octets = change) _ = Libc.EpollControl(_list, operation, descriptor, octets);
    }

    private readonly record struct Slot(Pollable? Item, int Interest);
}
