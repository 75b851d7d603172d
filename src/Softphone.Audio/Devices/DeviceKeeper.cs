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
    private static readonly TimeSpan DefaultAge = TimeSpan.FromSeconds(1);

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
    private DeviceStateKind? _told;

    public bool IsOpen => _stream is not null;

    /// <summary>Not even a device that is about to be closed is open.</summary>
    public bool IsQuiet => _stream is null && _former is null;

    /// <summary>Tries that failed one after another.</summary>
    public int Failures { get; private set; }

    /// <summary>It was listed, or the default, and did not open all the same.</summary>
    public bool IsRefused => _retryAt is not null;

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
        (_retryAt, Failures, Problem, _told) = (null, 0, null, null);
        if (!HasChosen) Release();
    }

    /// <summary>Some time has passed; to be called ten times a second while the device is wanted.</summary>
    public void Advance(Instant now, IAudioSystem system)
    {
        Settle(now);
        var isLost = _stream is { IsAlive: false };
        if (isLost) Lose();
        if (!HasChosen) return;
        Look(now, system);
        // A sound server that only moved its things lets us in again at once, and nobody needs to know.
        if (isLost && _stream is null) Tell(DeviceStateKind.Lost, Gone());
        else if (_open == Chosen) Tell(DeviceStateKind.Open, null);
        else if (Problem is { } problem && _told != DeviceStateKind.Lost) Tell(DeviceStateKind.Unavailable, problem);
    }

    private void Look(Instant now, IAudioSystem system)
    {
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
        if (HasChosen) Tell(DeviceStateKind.Unavailable, fault);
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
        (_told, Problem, Failures, _retryAt) = (null, null, 0, null);
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
            Problem = fault;
            // A ring on another loudspeaker is better than none; a call must not come out of one that nobody chose.
            if (role != SoundRole.Ringer || _stream is not null || Chosen == DeviceChoice.Default || !system.TryOpen(null, false, ring, out stream, out _)) return;
            Use(now, stream, ring, DeviceChoice.Default, system);
            return;
        }

        Use(now, stream, ring, Chosen, system);
        (_retryAt, Failures) = (null, 0);
    }

    private void Use(Instant now, IAudioStream stream, SampleRing ring, string name, IAudioSystem system)
    {
        _former?.Dispose();
        (_former, _formerUntil) = (_stream, now + Farewell);
        (_stream, _ring, _open) = (stream, ring, name);
        _behindDefault = name == DeviceChoice.Default ? system.DefaultName(IsInput) : null;
        _lookAt = now + DefaultAge;
        end.Attach(ring);
    }

    private void Lose()
    {
        end.Attach(null);
        _stream!.Dispose();
        (_stream, _open, _behindDefault) = (null, "", null);
        // The list may still have it.
        (Failures, _retryAt) = (1, null);
    }

    private Fault Gone() => new(Layer.Audio, role switch
    {
        SoundRole.Microphone => $"the microphone {Chosen} is gone; the call goes on and sends silence",
        SoundRole.Speaker => $"the loudspeaker {Chosen} is gone; the call goes on unheard",
        _ => $"the loudspeaker {Chosen}, which rings, is gone",
    }, "plug it in again, or choose another");

    /// <summary>Told once, until it is something else.</summary>
    private void Tell(DeviceStateKind kind, Fault? problem)
    {
        Problem = problem;
        if (_told == kind) return;
        _told = kind;
        changed(new DeviceState(role, Chosen, kind, problem));
    }

    private bool HasMoved(Instant now, IAudioSystem system)
    {
        if (Chosen != DeviceChoice.Default || now < _lookAt) return false;
        _lookAt = now + DefaultAge;
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
