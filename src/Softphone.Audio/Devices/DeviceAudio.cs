namespace Softphone.Audio;

/// <summary>
/// A microphone and a loudspeaker as a call wants them: frames of its own clock, always. A thread of its own opens the devices when they
/// are first used, watches them, and closes them when no call uses them; the call's thread touches only the rings. Either may be absent,
/// fail or vanish: then it is silent.
/// </summary>
public sealed class DeviceAudio : IAudioSource, IAudioSink, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Ticks without a frame after which the devices are given back: no microphone is on without a call.</summary>
    private const int IdleTicks = 100;

    /// <summary>Failures of all devices after which the sound server is asked anew.</summary>
    private const int PatienceTicks = 30;

    private readonly CaptureSide? _capture;
    private readonly PlayoutSide? _playout;
    private readonly VoiceChain? _voice;
    private readonly DeviceKeeper[] _keepers;
    private readonly IAudioSystem _system;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _settled = new();
    private volatile bool _isUsed;
    private volatile bool _ends;

    /// <param name="system">Whose devices; owned, and from now on used by the thread of this only.</param>
    /// <param name="choice">Which devices, and what to do with the voice.</param>
    /// <param name="changed">Told, on the thread of this, when a device is lost, missing or back.</param>
    public DeviceAudio(IAudioSystem system, DeviceChoice choice, Action<DeviceState> changed)
    {
        _system = system;
        var keepers = new List<DeviceKeeper>();
        if (choice.HasInput)
        {
            _capture = new CaptureSide();
            keepers.Add(new DeviceKeeper(system, choice.InputName, true, _capture.Ring, changed));
        }

        if (choice.HasOutput)
        {
            _playout = new PlayoutSide();
            keepers.Add(new DeviceKeeper(system, choice.OutputName, false, _playout.Ring, changed));
        }

        if (choice.ProcessesVoice && _capture is not null) _voice = VoiceChain.TryCreate();
        _keepers = [.. keepers];
        _thread = new Thread(Watch) { IsBackground = true, Name = "audio devices" };
        _thread.Start();
    }

    /// <summary>Seconds of audio that wait between the devices and the call, both ways together.</summary>
    public double BufferedSeconds => ((_capture?.Level ?? 0) + (_playout?.Level ?? 0)) / 48_000.0;

    /// <summary>What the capture clock is off, in parts of one.</summary>
    public double CaptureDrift => _capture?.Drift ?? 0;

    /// <summary>What the playout clock is off, in parts of one.</summary>
    public double PlayoutDrift => _playout?.Drift ?? 0;

    /// <summary>Opens the devices ahead of the first frame.</summary>
    public void Wake()
    {
        if (_isUsed) return;
        _isUsed = true;
        _wake.Set();
    }

    /// <summary>Opens the devices and waits until each is open or has failed.</summary>
    public bool WaitUntilOpen(TimeSpan limit)
    {
        Wake();
        return _settled.Wait(limit) && Array.TrueForAll(_keepers, k => k.IsOpen);
    }

    public bool Read(Span<short> pcm48k)
    {
        Wake();
        if (_capture is null)
        {
            pcm48k.Clear();
            return true;
        }

        _capture.Read(pcm48k);
        _voice?.Process(pcm48k);
        return true;
    }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        Wake();
        _voice?.Heard(pcm48k);
        _playout?.Write(pcm48k);
    }

    public void Dispose()
    {
        if (_ends) return;
        _ends = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _settled.Dispose();
        _voice?.Dispose();
        _capture?.Dispose();
        _playout?.Dispose();
    }

    private void Watch()
    {
        var idle = IdleTicks;
        var patience = PatienceTicks;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!_ends)
        {
            if (_isUsed)
            {
                idle = 0;
                _isUsed = false;
            }
            else if (idle < IdleTicks && ++idle == IdleTicks)
            {
                foreach (var keeper in _keepers) keeper.Release();
            }

            if (idle < IdleTicks)
            {
                var now = new Instant(clock.Elapsed.Ticks * 100);
                foreach (var keeper in _keepers) keeper.Advance(now);
                _settled.Set();
                if (Array.Exists(_keepers, k => k.IsOpen) || --patience > 0)
                {
                    if (Array.Exists(_keepers, k => k.IsOpen)) patience = PatienceTicks;
                }
                else
                {
                    _system.Restart();
                    patience = PatienceTicks;
                }
            }

            // While frames flow the flag is set again at once, and the event with it: the pause is what paces this.
            if (idle < IdleTicks) Thread.Sleep(Tick);
            else _wake.WaitOne();
        }

        foreach (var keeper in _keepers) keeper.Dispose();
        _system.Dispose();
    }
}
