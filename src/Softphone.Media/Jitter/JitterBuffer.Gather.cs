namespace Softphone.Media;

/// <content>Deciding what follows the last decoded sample: the next packet, a recovered or concealed frame, quiet, or waiting.</content>
public sealed partial class JitterBuffer
{
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
        Forgive();
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
        if (DelayAt(at) < _target.Value - Slack && _debt < packet.Position - _end) return false;

        // What was made up while waiting stood in for the loss, and is not made up again.
        var paid = Math.Min(_debt, packet.Position - _end);
        _end += paid;
        _debt = 0;
        var gap = (int)(packet.Position - _end);
        if (gap == 0) return Decode(packet);
        if (gap > _frame || !Recover(packet, gap, at))
        {
            var samples = gap > _frame ? Math.Min(_frame, gap - _frame) : gap;
            var room = _queue.Reserve(samples);
            var got = Math.Clamp(_decoder?.Conceal(samples, room) ?? 0, 0, samples);
            room[got..].Clear();
            Append(samples);
            Conceal(samples);
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
        _recovered += gap;
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
            _late++;
            return true;
        }

        Played(packet.Sequence);
        _played++;
        _decoder = decoder;
        if (got == 0) return true;
        if (got >= ShortestFrame) _frame = got;
        _debt = _waited = 0;
        room[skip..got].CopyTo(room);
        Append(got - skip);
        _end = packet.Position + got;
        if (packet.Length <= DtxOctets)
        {
            _comfort += got - skip;
            _quiet = true;
            return true;
        }

        _real += got - skip;
        _audioEnd = _end;
        _making = false;
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
        _comfort += samples;
        _end += samples;
        _waited += samples;
        if (_waited <= 10 * Second) return true;
        Idle();
        return true;
    }

    /// <summary>What was made up since the last packet stood for silence and not for loss.</summary>
    private void Forgive()
    {
        var silence = Unproven;
        _debt = _unsettled = 0;
        if (silence == 0) return;
        _concealed -= silence;
        _comfort += silence;
        if (_making) _runs--;
        _making = false;
    }

    /// <summary>Packets come again after so long a time without any that the stream had been given up.</summary>
    private void ComeBack(in PacketStore.Slot first, long at)
    {
        if (_unsettled == 0) return;
        if (first.Sequence != _next)
        {
            // Packets are missing: what was made up stood for them, and so did the silence behind it.
            _unsettled = 0;
            _stall.Return(at, 0);
            Miss(at, Math.Min(first.Position - _end, (first.Sequence - _next) * _frame));
            return;
        }

        // None is missing. The sender was silent, or the network stood still and what comes now is too old to be played.
        _stall.Return(at, first.Position > _end ? null : _unsettled);
        Forgive();
    }

    /// <summary>Speech was never heard: what the listener got in its place after a stall was loss after all.</summary>
    private void Miss(long at, long samples)
    {
        var (comfort, idle) = _stall.Miss(at, samples);
        if (comfort > 0) _runs++;
        _comfort -= comfort;
        _idle -= idle;
        _concealed += comfort + idle;
    }

    private void Lost() => _loss += 0.01 * (1 - _loss);
}
