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
        Route? only = null;
        foreach (var route in _heard)
        {
            if (route.IsSilent) continue;
            if (only is not null || !route.IsFull) return false;
            only = route;
        }

        if (only is null || _volume != 1 || _wantedVolume != 1 || Sounds || !_limiter.IsIdle) return false;
        frame = only.Take(_scratch);
        if (!frame.IsEmpty) return true;
        _scratch.AsSpan().Clear();
        frame = _scratch;
        return true;
    }

    private ReadOnlySpan<short> Mix()
    {
        var sum = Sum;
        sum.Clear();
        for (var i = _heard.Count - 1; i >= 0; i--)
        {
            var route = _heard[i];
            if (!route.IsSilent) route.AddTo(sum, _scratch);
            if (route.IsSilent && route.IsLeaving) _heard.RemoveAt(i);
        }

        AddTones(sum);
        ApplyVolume(sum);
        if (RingsInTheEar) AddRing(sum);
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
