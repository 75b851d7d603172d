using System.Diagnostics.CodeAnalysis;

namespace Softphone.Audio;

/// <summary>Begins to use the sound of a machine; may wait for its sound server.</summary>
public delegate bool AudioStart([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault);

/// <summary>
/// The three uses of devices over one audio system: opens what is used and gives back what is not, looks which devices there are, and
/// asks the sound server anew when it was gone. It is told the time; a thread of <see cref="SoundDesk"/> drives it, tests do by hand.
/// </summary>
internal sealed class DeviceBoard : IDisposable
{
    /// <summary>How often it is to be advanced while a device is used, and while none is.</summary>
    public static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ListAge = TimeSpan.FromSeconds(1);

    /// <summary>Without any device that opens, the sound server is asked anew: soon, then, when it is there and refuses, more seldom.</summary>
    private static readonly TimeSpan FirstRestart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRestart = TimeSpan.FromSeconds(4);

    /// <summary>The same where no device refuses, but the chosen ones are not listed: the list may be one of a server that is gone.</summary>
    private static readonly TimeSpan ListRestart = TimeSpan.FromSeconds(10);

    private readonly AudioStart _start;
    private readonly DeviceLine[] _lines;
    private IAudioSystem? _system;
    private Fault? _fault;
    private Instant? _startAt;
    private Instant? _failedAt;
    private bool _isGone;
    private TimeSpan _patience = FirstRestart;
    private Instant? _listAt;
    private IReadOnlyList<AudioDevice> _devices = [];

    public DeviceBoard(AudioStart start, DeviceChoice choice, IDeviceEnd microphone, IDeviceEnd speaker, IDeviceEnd ringer, Action<DeviceState> changed)
    {
        _start = start;
        _lines =
        [
            new DeviceLine(SoundRole.Microphone, choice, microphone, changed),
            new DeviceLine(SoundRole.Speaker, choice, speaker, changed),
            new DeviceLine(SoundRole.Ringer, choice, ringer, changed),
        ];
        State = Look();
    }

    /// <summary>How things are; the same object as long as nothing changes.</summary>
    public SoundState State { get; private set; }

    public DeviceLine this[SoundRole role] => _lines[(int)role];

    /// <summary>A device is used, or about to be closed.</summary>
    public bool IsBusy => Array.Exists(_lines, l => !l.IsIdle || !l.Keeper.IsQuiet);

    /// <summary>Some time has passed.</summary>
    public void Advance(Instant now)
    {
        foreach (var line in _lines) line.Observe(now);
        Start(now);
        foreach (var line in _lines)
        {
            line.Keeper.Settle(now);
            if (line.IsIdle) continue;
            if (_system is not null) line.Keeper.Advance(now, _system);
            else if (_fault is not null) line.Keeper.Refuse(_fault);
        }

        Restart(now);
        if (_system is not null && (_listAt is not { } at || now >= at))
        {
            _listAt = now + ListAge;
            var devices = _system.List();
            if (!devices.SequenceEqual(_devices)) _devices = devices;
        }

        // The same object while nothing changes, so that whoever makes a view of it can see that at a glance.
        var look = Look();
        if (look != State) State = look;
    }

    public void Dispose()
    {
        foreach (var line in _lines) line.Keeper.Dispose();
        _system?.Dispose();
    }

    private void Start(Instant now)
    {
        if (_system is not null || (_startAt is { } at && now < at)) return;
        if (_start(out _system, out _fault)) _fault = null;
        _startAt = now + LastRestart;
    }

    /// <summary>A device was wanted and none opened: perhaps the sound server is another one now.</summary>
    private void Restart(Instant now)
    {
        if (_system is null) return;
        var failing = Array.FindAll(_lines, l => !l.IsIdle && l.Keeper.Failures > 0);
        if (failing.Length == 0 || !Array.TrueForAll(_lines, l => l.Keeper.IsQuiet))
        {
            _failedAt = null;
            if (Array.Exists(_lines, l => l.Keeper.IsOpen)) _patience = FirstRestart;
            return;
        }

        _failedAt ??= now;
        if (now - _failedAt < (_isGone || Array.Exists(failing, l => l.Keeper.IsRefused) ? _patience : ListRestart)) return;
        _isGone = !_system.Restart();
        _listAt = null;
        _failedAt = null;
        if (!_isGone) _patience = _patience * 2 < LastRestart ? _patience * 2 : LastRestart;
        foreach (var line in _lines) line.Keeper.TryAgain();
    }

    private SoundState Look() => new(_lines[0].Look(), _lines[1].Look(), _lines[2].Look())
    {
        Devices = _devices,
        Driver = _system?.Driver ?? "",
        Fault = _fault,
    };
}
