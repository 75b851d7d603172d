namespace Softphone.Media;

/// <content>What the person hears: the peers, the tones, the volume.</content>
public sealed partial class Mixer
{
    private const int Quietest = -40;
    private const int Loudest = 12;

    private readonly List<Route> _heard = [];
    private readonly short[] _out = new short[FrameSamples];
    private readonly Limiter _limiter = new();
    private readonly LevelMeter _outputLevel = new();
    private int _volumeDb;
    private float _volume = 1;
    private float _wantedVolume = 1;

    /// <summary>Loudness of what is heard, -40 to +12 dB; 0 changes nothing. Neither the ringer nor a recording goes by it.</summary>
    public int VolumeDb
    {
        get => _volumeDb;
        set
        {
            _volumeDb = Math.Clamp(value, Quietest, Loudest);
            _wantedVolume = MathF.Pow(10, _volumeDb / 20f);
        }
    }

    /// <summary>The level of what is heard, -96 to 0 dBFS; -96 while nothing is.</summary>
    public double OutputDbfs => Playout.IsTaken || Sounds ? _outputLevel.Dbfs : LevelMeter.Floor;

    /// <summary>One frame of everything.</summary>
    internal void WriteSpeaker()
    {
        var frame = TryPass(out var alone) ? alone : Mix();
        _sink.Write(frame);
        _outputLevel.Add(frame);
    }

    /// <summary>One peer and nothing else: its frame passes as it came.</summary>
    private bool TryPass(out ReadOnlySpan<short> frame)
    {
        frame = default;
        if (_heard.Count != 1 || !_heard[0].IsFull || _volume != 1 || _wantedVolume != 1 || Sounds) return false;
        frame = _heard[0].Take(_scratch);
        if (!frame.IsEmpty) return true;
        _scratch.AsSpan().Clear();
        frame = _scratch;
        return true;
    }

    private ReadOnlySpan<short> Mix()
    {
        var sum = Sum;
        sum.Clear();
        foreach (var route in _heard)
            if (!route.IsSilent) route.AddTo(sum, _scratch);
        for (var i = _heard.Count - 1; i >= 0; i--)
            if (_heard[i].IsSilent && !_ports.Exists(p => p.Speaker == _heard[i])) _heard.RemoveAt(i);
        AddTones(sum);
        ApplyVolume(sum);
        _limiter.Write(sum, _out);
        return _out;
    }

    private void ApplyVolume(Span<int> sum)
    {
        if (_volume == 1 && _wantedVolume == 1) return;
        var step = (_wantedVolume - _volume) / sum.Length;
        for (var i = 0; i < sum.Length; i++) sum[i] = (int)(sum[i] * (_volume + step * i));
        _volume = _wantedVolume;
    }
}
