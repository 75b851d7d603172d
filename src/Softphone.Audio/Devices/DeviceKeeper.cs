namespace Softphone.Audio;

/// <summary>
/// Keeps one device open: opens it, notices that it vanished, looks for its name until it is back, and moves along when another is
/// chosen or becomes the default. The new one runs before the old one is closed, and one that does not open leaves the old one in use.
/// It is told the time and the rest is the audio system's, so tests play it with a made-up one.
/// </summary>
internal sealed class DeviceKeeper(SoundRole role, string chosen, IDeviceEnd end, Action<DeviceState> changed) : IDisposable
{
    /// <summary>Samples of a ring: a third of a second.</summary>
    private const int RingLength = 1 << 14;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long a device that gave way stays open at most; the phone's end takes the new one within a frame or two.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(400);

    /// <summary>What the old device still has to play of its fading.</summary>
    private static readonly TimeSpan Fading = TimeSpan.FromMilliseconds(100);

    private IAudioStream? _stream;
    private SampleRing? _ring;
    private IAudioStream? _former;
    private Instant _formerUntil;
    private string _open = "";
    private string? _behindDefault;
    private Instant? _retryAt;
    private Instant _lookAt;
    private bool _isKnownMissing;
    private bool _wasOpen;

    public bool IsOpen => _stream is not null;

    /// <summary>Not even a device that is about to be closed is open.</summary>
    public bool IsQuiet => _stream is null && _former is null;

    /// <summary>Tries that failed one after another.</summary>
    public int Failures { get; private set; }

    /// <summary>As asked for.</summary>
    public string Chosen { get; private set; } = chosen;

    /// <summary>What runs; empty when nothing does.</summary>
    public string Device => _stream is null ? "" : _behindDefault ?? _open;

    /// <summary>Why the chosen one does not run.</summary>
    public Fault? Problem { get; private set; }

    private bool IsInput => role == SoundRole.Microphone;

    private bool HasChosen => Chosen != DeviceChoice.None;

    /// <summary>Another device, from the next <see cref="Advance"/> on.</summary>
    public void Choose(string name)
    {
        if (name == Chosen) return;
        Chosen = name;
        (_retryAt, Failures, Problem, _isKnownMissing, _wasOpen) = (null, 0, null, false, false);
        if (!HasChosen) Release();
    }

    /// <summary>Some time has passed; to be called ten times a second while the device is wanted.</summary>
    public void Advance(Instant now, IAudioSystem system)
    {
        Settle(now);
        if (_stream is { IsAlive: false }) Lose();
        if (!HasChosen) return;
        var isMoved = _stream is not null && _open == Chosen && HasMoved(now, system);
        if (_stream is not null && _open == Chosen && !isMoved) return;
        // A name that shows up again is worth a try at once; what is not listed is not, except the default, which has no entry.
        if (_retryAt is { } at && now < at) return;
        if (Failures > 0 && Chosen != DeviceChoice.Default && !IsListed(system))
        {
            _retryAt = null;
            Failures++;
            return;
        }

        Open(now, system);
    }

    /// <summary>The sound server was asked anew: no need to wait with the next try.</summary>
    public void TryAgain() => _retryAt = null;

    /// <summary>There is no sound system at all.</summary>
    public void Refuse(Fault fault)
    {
        if (HasChosen) Miss(fault);
    }

    /// <summary>Closes what gave way, when its time has come.</summary>
    public void Settle(Instant now)
    {
        if (_former is null) return;
        // The time that is left shrinks once the phone's end has turned to the new device.
        if (_ring is not null && end.HasTaken(_ring) && now + Fading < _formerUntil) _formerUntil = now + Fading;
        if (now < _formerUntil) return;
        _former.Dispose();
        _former = null;
    }

    /// <summary>Closes the device until the next <see cref="Advance"/>; told, since a person wants to know that nobody listens.</summary>
    public void Release()
    {
        if (_stream is not null) changed(new DeviceState(role, _open, DeviceStateKind.Closed));
        Close();
        _wasOpen = false;
        if (!_isKnownMissing) return;
        (_isKnownMissing, Problem, Failures, _retryAt) = (false, null, 0, null);
    }

    public void Dispose() => Close();

    private void Close()
    {
        end.Attach(null);
        _stream?.Dispose();
        _former?.Dispose();
        (_stream, _former, _ring, _open, _behindDefault) = (null, null, null, "", null);
    }

    private void Open(Instant now, IAudioSystem system)
    {
        var ring = new SampleRing(RingLength);
        if (!system.TryOpen(Chosen == DeviceChoice.Default ? null : Chosen, IsInput, ring, out var stream, out var fault))
        {
            _retryAt = now + Retry;
            Failures++;
            Miss(fault);
            // A ring on another loudspeaker is better than none; a call must not come out of one that nobody chose.
            if (role != SoundRole.Ringer || _stream is not null || Chosen == DeviceChoice.Default || !system.TryOpen(null, false, ring, out stream, out _)) return;
            Use(now, stream, ring, DeviceChoice.Default, system);
            return;
        }

        Use(now, stream, ring, Chosen, system);
        (_retryAt, Failures, Problem) = (null, 0, null);
        if (!_wasOpen || _isKnownMissing) changed(new DeviceState(role, Chosen, DeviceStateKind.Open));
        (_isKnownMissing, _wasOpen) = (false, true);
    }

    private void Use(Instant now, IAudioStream stream, SampleRing ring, string name, IAudioSystem system)
    {
        _former?.Dispose();
        (_former, _formerUntil) = (_stream, now + Farewell);
        (_stream, _ring, _open) = (stream, ring, name);
        _behindDefault = name == DeviceChoice.Default ? system.DefaultName(IsInput) : null;
        _lookAt = now + Look;
        end.Attach(ring);
    }

    private void Miss(Fault fault)
    {
        Problem = fault;
        if (_isKnownMissing) return;
        _isKnownMissing = true;
        changed(new DeviceState(role, Chosen, DeviceStateKind.Unavailable, fault));
    }

    private void Lose()
    {
        _stream!.Dispose();
        (_stream, _open, _behindDefault) = (null, "", null);
        _isKnownMissing = true;
        // The list may still have it; the first try comes soon, not at once.
        Failures = 1;
        Problem = new Fault(Layer.Audio, role switch
        {
            SoundRole.Microphone => $"the microphone {Chosen} is gone; the call goes on and sends silence",
            SoundRole.Speaker => $"the loudspeaker {Chosen} is gone; the call goes on unheard",
            _ => $"the loudspeaker {Chosen}, which rings, is gone",
        }, "plug it in again, or choose another");
        changed(new DeviceState(role, Chosen, DeviceStateKind.Lost, Problem));
    }

    private bool HasMoved(Instant now, IAudioSystem system)
    {
        if (Chosen != DeviceChoice.Default || now < _lookAt) return false;
        _lookAt = now + Look;
        if (system.DefaultName(IsInput) is not { } behind || behind == _behindDefault) return false;
        var isKnown = _behindDefault is not null;
        if (system.MovesWithDefault || !isKnown)
        {
            _behindDefault = behind;
            return false;
        }

        return true;
    }

    private bool IsListed(IAudioSystem system) => system.List().Any(d => d.IsInput == IsInput && d.Name == Chosen);
}
