using Softphone.Core;

namespace Softphone.Media;

/// <content>Pulling: gather what is due, stretch it towards the target, make up the rest.</content>
public sealed partial class JitterBuffer
{
    private const int Lookahead = 30 * Millisecond;
    private const double Alike = 0.9;

    private bool _active;
    private bool _quiet;
    private bool _jumped;
    private long _end;
    private long _audioEnd;
    private long _next;
    private long _debt;
    private long _waited;
    private long _unsettled;
    private int _frame = 20 * Millisecond;
    private IAudioDecoder? _decoder;
    private double _budget;
    private double _loss;
    private long? _recoveredAt;
    private bool _making;
    private long _runs;
    private long _pulled, _real, _recovered, _concealed, _comfort, _idle, _inserted, _removed;

    /// <summary>Fills the whole span with the next samples; any length up to 60 ms, 10 or 20 ms in practice.</summary>
    public void Pull(Instant now, Span<short> pcm48k)
    {
        var at = ToSamples(now);
        _pulled += pcm48k.Length;
        if (!_active && !TryStart(at))
        {
            _expander.Next(pcm48k);
            _idle += pcm48k.Length;
            _stall.Idle(pcm48k.Length);
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
        if (!_any || !_store.TryFirst(_newest - PacketStore.Span + 1, out var first)) return false;
        if (first.Decoder is null)
        {
            _store.Remove(first.Sequence);
            if (first.Sequence == _next) _next++;
            return false;
        }

        if (DelayOf(first, at) < _target.Value - Slack) return false;
        ComeBack(first, at);
        _active = true;
        _quiet = false;
        _next = first.Sequence;
        _end = _audioEnd = first.Position;
        _debt = _waited = 0;
        return true;
    }

    private void Idle()
    {
        _active = false;
        _quiet = false;
        _debt = _waited = 0;
        Delay = TimeSpan.Zero;
    }

    /// <summary>Nothing is there: audio is made up while the media clock stands still, as if the next packet were only late.</summary>
    private void Wait(Span<short> pcm48k)
    {
        _expander.Next(pcm48k);
        Conceal(pcm48k.Length);
        _debt += pcm48k.Length;
        _waited += pcm48k.Length;
        if (_waited <= Second) return;
        _unsettled = _debt;
        _stall.Begin(_unsettled);
        Idle();
    }

    private void Conceal(int samples)
    {
        _concealed += samples;
        if (!_making) _runs++;
        _making = true;
    }

    /// <summary>Throws away the oldest audio when more than the maximum has piled up.</summary>
    private void KeepMaximum(long at)
    {
        while (_store.TryFirst(_next, out var packet) && packet.Decoder is not null && IsTooOld(packet, at))
        {
            _store.Remove(packet.Sequence);
            _next = packet.Sequence + 1;
            _flushed++;
            var end = packet.Position + Math.Max(_frame, packet.Decoder.SamplesOf(packet.Payload));
            Miss(at, end - Math.Max(_end, packet.Position));
            _end = Math.Max(_end, end);
            _audioEnd = _end;
            _debt = 0;
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
        _removed += lag;
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
        _inserted += lag;
    }
}
