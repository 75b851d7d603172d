using System.Buffers.Binary;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// What the phone writes to disks, pipes and terminals: records are copied into a bounded queue, and a thread of its own writes them. Whoever
/// hands over never waits and never meets an exception; what the other side does not take in time is lost, and counted.
/// </summary>
internal sealed class AsideWriter
{
    private const int Prefix = sizeof(int);

    private readonly object _gate = new();
    private readonly OctetRing _ring;
    private readonly Func<IAsideTarget> _open;
    private readonly Action<AsideWriter>? _ended;
    private readonly Thread _thread;
    private byte[] _record = new byte[4096];
    private bool _isComplete;
    private long _lostRecords;
    private long _lostOctets;
    private int _waiting;
    private volatile Exception? _failure;

    /// <param name="name">Of the thread.</param>
    /// <param name="bound">Octets that may wait.</param>
    /// <param name="open">Opens the target, on the thread.</param>
    /// <param name="ended">Called last, on the thread, perhaps before this returns: everything was written, or it failed.</param>
    public AsideWriter(string name, int bound, Func<IAsideTarget> open, Action<AsideWriter>? ended = null)
    {
        (_open, _ended, _ring) = (open, ended, new OctetRing(bound));
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>What ended the writing early; null while all is well.</summary>
    public Exception? Failure => _failure;

    /// <summary>Everything was written, or nothing will be any more, and the target is closed.</summary>
    public bool IsDone => !_thread.IsAlive;

    /// <summary>Records and their octets that were not written for want of room, or are not yet.</summary>
    public (long Records, long Octets) Missing
    {
        get
        {
            lock (_gate) return (_lostRecords + _waiting, _lostOctets + _ring.Used - (long)Prefix * _waiting);
        }
    }

    /// <summary>Hands over one record in two parts. From any thread.</summary>
    /// <returns>False when it is lost: there is no room, the writing has failed or is complete.</returns>
    public bool TryWrite(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body = default)
    {
        var length = head.Length + body.Length;
        lock (_gate)
        {
            if (_isComplete) return false;
            if (_failure is not null || _ring.Free < Prefix + length)
            {
                _lostRecords++;
                _lostOctets += length;
                return false;
            }

            Span<byte> prefix = stackalloc byte[Prefix];
            BinaryPrimitives.WriteInt32LittleEndian(prefix, length);
            _ring.Put(prefix);
            _ring.Put(head);
            _ring.Put(body);
            if (_waiting++ == 0) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Nothing comes any more; what waits is written, and the target closed.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Completes, and waits until the target is closed; false when that takes longer than the limit. The thread never keeps a process.</summary>
    public bool Finish(TimeSpan limit)
    {
        Complete();
        return _thread.Join(limit);
    }

    private void Work()
    {
        IAsideTarget? target = null;
        try
        {
            target = _open();
            while (TryTake(target, out var length)) target.Write(_record.AsSpan(0, length));
        }
        catch (Exception e)
        {
            Fail(e);
        }

        try
        {
            target?.Close();
        }
        catch (Exception e)
        {
            if (_failure is null) Fail(e);
        }

        Guarded.Run(() => _ended?.Invoke(this));
    }

    /// <summary>The next record, when there is one; false when none will come.</summary>
    private bool TryTake(IAsideTarget target, out int length)
    {
        var rests = false;
        while (true)
        {
            lock (_gate)
            {
                // A record that a person waits for in a pipe must not lie in a buffer; but nobody holds the lock meanwhile.
                while (_waiting == 0 && !_isComplete && rests) Monitor.Wait(_gate);
                if (_waiting > 0)
                {
                    length = TakeFirst();
                    return true;
                }

                length = 0;
                if (_isComplete) return false;
            }

            target.Rest();
            rests = true;
        }
    }

    private int TakeFirst()
    {
        Span<byte> prefix = stackalloc byte[Prefix];
        _ring.Get(0, prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (_record.Length < length) _record = new byte[Math.Max(length, 2 * _record.Length)];
        _ring.Get(Prefix, _record.AsSpan(0, length));
        _ring.Drop(Prefix + length);
        _waiting--;
        return length;
    }

    private void Fail(Exception e)
    {
        lock (_gate)
        {
            _failure = e;
            _lostRecords += _waiting;
            _lostOctets += _ring.Used - (long)Prefix * _waiting;
            _waiting = 0;
            _ring.Clear();
        }
    }
}
