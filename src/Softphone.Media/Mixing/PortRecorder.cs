namespace Softphone.Media;

/// <summary>
/// Both sides of one call in one file. Each frame of the peer is laid over the frame that was sent to it in the same turn; a side that has
/// none is silent. The newest frame is kept back, so that the end can be faded out.
/// </summary>
internal sealed class PortRecorder
{
    private readonly IAudioSink _sink;
    private readonly int[] _sum = new int[Mixer.FrameSamples];
    private readonly short[] _newest = new short[Mixer.FrameSamples];
    private readonly Limiter _limiter = new();
    private bool _hasSent;
    private bool _hasNewest;
    private bool _hasBegun;

    public PortRecorder(IAudioSink sink) => _sink = sink;

    /// <summary>What the peer is sent; comes first in its turn.</summary>
    public void Sent(ReadOnlySpan<short> frame)
    {
        if (_hasSent) Finish();
        Sum.Add(frame, _sum);
        _hasSent = true;
    }

    /// <summary>What the peer says; ends the turn.</summary>
    public void Heard(ReadOnlySpan<short> frame)
    {
        Sum.Add(frame, _sum);
        Finish();
    }

    /// <summary>Writes what waits.</summary>
    public void End()
    {
        if (_hasSent) Finish();
        if (!_hasNewest) return;
        for (var i = 0; i < Fade.Samples; i++) _newest[^(i + 1)] = (short)(_newest[^(i + 1)] * i / Fade.Samples);
        _sink.Write(_newest);
        _hasNewest = false;
    }

    private void Finish()
    {
        if (_hasNewest) _sink.Write(_newest);
        _limiter.Write(_sum, _newest);
        if (!_hasBegun)
            for (var i = 0; i < Fade.Samples; i++) _newest[i] = (short)(_newest[i] * i / Fade.Samples);
        Array.Clear(_sum);
        (_hasSent, _hasNewest, _hasBegun) = (false, true, true);
    }
}
