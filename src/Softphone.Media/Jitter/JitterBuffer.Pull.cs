using Softphone.Core;

namespace Softphone.Media;

/// <content>Pulling: gather what is due, stretch it towards the target, make up the rest.</content>
public sealed partial class JitterBuffer
{
    private const int Lookahead = 30 * Millisecond;
    private const double Alike = 0.9;

    /// <summary>A stream is being played.</summary>
    private bool _active;

    /// <summary>Its sender says nothing.</summary>
    private bool _quiet;

    /// <summary>What is decoded next does not continue what was decoded last.</summary>
    private bool _jumped;

    /// <summary>Media position behind the last sample that was decoded or made up.</summary>
    private long _end;

    /// <summary>The same of the last sample that was audio: what stands before it was heard.</summary>
    private long _audioEnd;

    /// <summary>The sequence number that is due.</summary>
    private long _next;

    /// <summary>Samples of one packet.</summary>
    private int _frame = 20 * Millisecond;

    /// <summary>Of the last packet: it conceals best what comes behind.</summary>
    private IAudioDecoder? _decoder;

    /// <summary>How many samples stretching may add or take out now.</summary>
    private double _budget;

    /// <summary>The share of packets that are lost, lately.</summary>
    private double _loss;

    /// <summary>When a lost packet was last had from its redundant copy, in samples.</summary>
    private long? _recoveredAt;

    /// <summary>Fills the whole span with the next samples; any length up to 60 ms, 10 or 20 ms in practice.</summary>
    public void Pull(Instant now, Span<short> pcm48k)
    {
        var at = ToSamples(now);
        _counts.Pulled += pcm48k.Length;
        if (!_active && !TryStart(at))
        {
            _expander.Next(pcm48k);
            _madeUp.StayIdle(pcm48k.Length);
            return;
        }

        // With forward error correction at hand the packet after a lost one must be there in time.
        _target.Floor = _loss > 0.01 && at - _recoveredAt < 10 * Second ? _frame + Slack : 0;
        _target.Headroom = Math.Max(0, pcm48k.Length - Slack);
        KeepMaximum(at);
        while (_queue.Count < pcm48k.Length && TryGather(at, pcm48k.Length)) { }
        Adjust(at, pcm48k.Length);
        while (_queue.Count < pcm48k.Length && TryGather(at, pcm48k.Length)) { }
        if (_queue.Count >= pcm48k.Length) Delay = FromSamples(DelayAt(at));

        var have = Math.Min(_queue.Count, pcm48k.Length);
        _queue.Samples[..have].CopyTo(pcm48k);
        _queue.Drop(have);
        _expander.Hear(pcm48k[..have]);
        if (have < pcm48k.Length) Wait(pcm48k[have..]);
    }

    /// <summary>How long after the fastest possible moment the next sample is heard.</summary>
    private long DelayAt(long at) => at - (Position + _baseline.Value);

    private long DelayOf(in PacketStore.Slot packet, long at) => at + _queue.Count - (packet.Position + _baseline.Value);

    private bool TryStart(long at)
    {
        if (!_order.IsStarted || !_store.TryFirst(_order.Newest - PacketStore.Span + 1, out var first)) return false;
        if (first.Decoder is null)
        {
            _store.Remove(first.Sequence);
            if (first.Sequence == _next) _next++;
            return false;
        }

        if (DelayOf(first, at) < _target.Value - Slack) return false;
        _madeUp.ComeBack(at, first.Sequence == _next ? null : Math.Min(first.Position - _end, (first.Sequence - _next) * _frame), first.Position > _end);
        _active = true;
        _quiet = false;
        _next = first.Sequence;
        _end = _audioEnd = first.Position;
        _madeUp.Settle();
        return true;
    }

    private void Idle()
    {
        _active = false;
        _quiet = false;
        _madeUp.Settle();
        Delay = TimeSpan.Zero;
    }

    /// <summary>Nothing is there: audio is made up while the media clock stands still, as if the next packet were only late.</summary>
    private void Wait(Span<short> pcm48k)
    {
        _expander.Next(pcm48k);
        _madeUp.Await(pcm48k.Length);
        if (_madeUp.SinceLast <= Second) return;
        _madeUp.GiveUp();
        Idle();
    }

    /// <summary>Throws away the oldest audio when more than the maximum has piled up.</summary>
    private void KeepMaximum(long at)
    {
        while (_store.TryFirst(_next, out var packet) && packet.Decoder is not null && IsTooOld(packet, at))
        {
            _store.Remove(packet.Sequence);
            _next = packet.Sequence + 1;
            _counts.Flushed++;
            var end = packet.Position + Math.Max(_frame, packet.Decoder.SamplesOf(packet.Payload));
            _madeUp.Miss(at, end - Math.Max(_end, packet.Position));
            _end = Math.Max(_end, end);
            _audioEnd = _end;
            _madeUp.Pay(0);
            _jumped = true;
        }
    }

    /// <summary>Played now it would be past the maximum, and enough stands behind it to go on with.</summary>
    private bool IsTooOld(in PacketStore.Slot packet, long at) =>
        DelayOf(packet, at) > _target.Maximum + _frame && _store.LastPosition + _frame - packet.Position > Math.Max(2 * _frame, _target.Value);

    /// <summary>Moves the delay towards the target by at most a fifth of what is pulled, or by half when it is far too long.</summary>
    private void Adjust(long at, int pull)
    {
        if (_quiet) return;
        var off = DelayAt(at) - _target.Value;
        if (off is >= -2 * Millisecond and <= Slack / 2)
        {
            _budget = Math.Min(_budget + 0.2 * pull, Stretch.MaxLag);
            return;
        }

        // A network slower than the maximum leaves nothing to shrink, whatever the baseline still says.
        if (off > 0 && _target.Value == _target.Maximum && _store.Waiting < 2) return;
        while (_queue.Count < pull + Lookahead && _store.TryFirst(_next, out var next) && next.Decoder is not null && next.Position == _end)
            Decode(next);
        var samples = _queue.Samples;
        var maxLag = Math.Min(Stretch.MaxLag, samples.Length / 2);
        if (maxLag < Stretch.MinLag) return;

        var silent = Stretch.Rms(samples[..(2 * maxLag)]) < Math.Max(30, 2 * _expander.Background);
        var rate = off > _target.Value / 2 + 60 * Millisecond ? 0.5 : 0.2;
        _budget = Math.Min(_budget + rate * pull, Stretch.MaxLag + rate * pull);

        // Shrinking stops at the target; growing may pass it, for a whole pitch period is the least that can be added.
        maxLag = (int)Math.Min(maxLag, Math.Min(off > 0 ? off : Stretch.MaxLag, (long)_budget));
        if (maxLag < Stretch.MinLag) return;
        var lag = silent ? maxLag : Stretch.FindLag(samples, maxLag, out var likeness) is var found && likeness >= Alike ? found : 0;
        if (lag == 0) return;
        _budget -= lag;
        if (off > 0) Shrink(lag);
        else Grow(lag);
    }

    private void Shrink(int lag)
    {
        Stretch.Fold(_queue.Samples, lag);
        _queue.Drop(lag);
        _counts.Removed += lag;
    }

    private void Grow(int lag)
    {
        if (_queue.Free < lag) return;
        Span<short> twice = stackalloc short[2 * Stretch.MaxLag];
        Stretch.Repeat(_queue.Samples, lag, twice);
        _queue.Reserve(lag);
        _queue.Commit(lag);
        var samples = _queue.Samples;
        samples[lag..^lag].CopyTo(samples[(2 * lag)..]);
        twice[..(2 * lag)].CopyTo(samples);
        _counts.Inserted += lag;
    }

    // What follows the last decoded sample: the next packet, a recovered or concealed frame, quiet, or waiting.

    /// <summary>Adds something to the queue; false when it is better, or necessary, to wait.</summary>
    private bool TryGather(long at, int pull)
    {
        while (true)
        {
            if (!_store.TryFirst(_next, out var packet)) return _quiet && Comfort(pull);
            if (packet.Decoder is null)
            {
                // Events take the place of audio, which goes on behind them.
                if (packet.Sequence == _next || _quiet) _quiet = true;
                else if (DelayAt(at) < _target.Value - Slack) return false;
                _store.Remove(packet.Sequence);
                _next = packet.Sequence + 1;
                continue;
            }

            if (_quiet || (packet.Sequence == _next && packet.Position > _end)) return AfterQuiet(packet, at, pull);
            if (packet.Position <= _end) return Decode(packet);
            if (packet.Position - _end > 2 * Second) return AfterQuiet(packet, at, pull);
            return Bridge(packet, at);
        }
    }

    /// <summary>The sender said nothing before this packet: it is heard when its delay is right, and nothing was lost.</summary>
    private bool AfterQuiet(in PacketStore.Slot packet, long at, int pull)
    {
        if (packet.Position < _audioEnd) return Decode(packet);
        _madeUp.Forgive();
        _quiet = true;
        if (DelayOf(packet, at) < _target.Value - Slack) return Comfort(pull);
        if (packet.Position != _end) _jumped = true;
        _end = packet.Position;
        _quiet = false;
        return Decode(packet);
    }

    /// <summary>Packets are missing before this one.</summary>
    private bool Bridge(in PacketStore.Slot packet, long at)
    {
        if (DelayAt(at) < _target.Value - Slack && !_madeUp.Covers(packet.Position - _end)) return false;

        // What was made up while waiting stood in for the loss, and is not made up again.
        _end += _madeUp.Pay(packet.Position - _end);
        var gap = (int)(packet.Position - _end);
        if (gap == 0) return Decode(packet);
        if (gap > _frame || !Recover(packet, gap, at))
        {
            var samples = gap > _frame ? Math.Min(_frame, gap - _frame) : gap;
            var room = _queue.Reserve(samples);
            var got = Math.Clamp(_decoder?.Conceal(samples, room) ?? 0, 0, samples);
            room[got..].Clear();
            Append(samples);
            _madeUp.Conceal(samples);
            _end += samples;
            Lost();
        }

        return true;
    }

    private bool Recover(in PacketStore.Slot packet, int gap, long at)
    {
        var room = _queue.Reserve(_frame);
        if (!packet.Decoder!.TryRecover(packet.Payload, _frame, room)) return false;
        room[(_frame - gap)..].CopyTo(room);
        Append(gap);
        _counts.Recovered += gap;
        _recoveredAt = at;
        _end += gap;
        Lost();
        return true;
    }

    private bool Decode(in PacketStore.Slot packet)
    {
        _store.Remove(packet.Sequence);
        _next = packet.Sequence + 1;
        var decoder = packet.Decoder!;
        var room = _queue.Reserve(MaxFrame);
        var got = Math.Clamp(decoder.Decode(packet.Payload, room), 0, MaxFrame);
        var skip = (int)Math.Min(_end - packet.Position, got);
        if (got > 0 && skip >= got)
        {
            _counts.Late++;
            return true;
        }

        _order.Played(packet.Sequence);
        _counts.Played++;
        _decoder = decoder;
        if (got == 0) return true;
        if (got >= ShortestFrame) _frame = got;
        _madeUp.Settle();
        room[skip..got].CopyTo(room);
        Append(got - skip);
        _end = packet.Position + got;
        if (packet.Length <= DtxOctets)
        {
            _madeUp.Silence(got - skip);
            _quiet = true;
            return true;
        }

        _counts.Decoded += got - skip;
        _audioEnd = _end;
        _madeUp.Heard();
        _loss *= 0.99;
        return true;
    }

    /// <summary>Takes over what was just written behind the queue, without a click where it does not continue what stands before.</summary>
    private void Append(int samples)
    {
        var fresh = _queue.Reserve(samples);
        if (_queue.Count == 0 && (_expander.IsOn || _jumped)) _expander.Lead(fresh);
        else if (_jumped && _queue.Count > 0) Dip(_queue.Samples, fresh);
        _jumped = false;
        _queue.Commit(samples);
    }

    private static void Dip(Span<short> before, Span<short> after)
    {
        const int length = 96;
        var fall = Math.Min(length, before.Length);
        for (var i = 1; i <= fall; i++) before[^i] = (short)(before[^i] * i / fall);
        var rise = Math.Min(length, after.Length);
        for (var i = 0; i < rise; i++) after[i] = (short)(after[i] * i / rise);
    }

    /// <summary>Background noise while the sender is silent; the media clock goes on.</summary>
    private bool Comfort(int pull)
    {
        var samples = pull - _queue.Count;
        var room = _queue.Reserve(samples);
        var got = _decoder is not null ? Math.Clamp(_decoder.Conceal(samples, room), 0, samples) : 0;
        room[got..samples].Clear();
        Append(samples);
        _madeUp.Rest(samples);
        _end += samples;
        if (_madeUp.SinceLast <= 10 * Second) return true;
        Idle();
        return true;
    }

    private void Lost() => _loss += 0.01 * (1 - _loss);
}
