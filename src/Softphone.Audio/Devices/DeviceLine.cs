namespace Softphone.Audio;

/// <summary>One use of a device: whether somebody uses it now, and the keeper of what it uses. Touched by the frames' thread, kept by the devices'.</summary>
internal sealed class DeviceLine(SoundRole role, DeviceChoice choice, IDeviceEnd end, Action<DeviceState> changed)
{
    /// <summary>
    /// How long after the last frame the device is given back: a microphone at once, for nobody may listen without a call; a ringer only
    /// after the pause between two rings.
    /// </summary>
    private readonly TimeSpan _patience = role switch
    {
        SoundRole.Microphone => TimeSpan.FromSeconds(1),
        SoundRole.Speaker => TimeSpan.FromSeconds(3),
        _ => TimeSpan.FromSeconds(6),
    };

    private volatile bool _isTouched;
    private volatile bool _isHeld;
    private volatile bool _isIdle = true;
    private string? _wanted;
    private Instant _usedAt;

    public DeviceKeeper Keeper { get; } = new(role, choice[role], end, changed);

    /// <summary>Nobody uses it.</summary>
    public bool IsIdle => _isIdle;

    /// <summary>A frame came or was taken, or it is opened ahead. From the frames' thread.</summary>
    /// <returns>True when the thread of the devices must wake up for it.</returns>
    public bool Touch()
    {
        _isTouched = true;
        return _isIdle;
    }

    /// <summary>Open without frames too. From any thread.</summary>
    public void Hold(bool on) => _isHeld = on;

    /// <summary>Another device. From any thread; the last one counts.</summary>
    public void Choose(string name) => Volatile.Write(ref _wanted, name);

    public void Observe(Instant now)
    {
        if (Interlocked.Exchange(ref _wanted, null) is { } name) Keeper.Choose(name);
        if (_isTouched || _isHeld)
        {
            _isTouched = false;
            _usedAt = now;
            _isIdle = false;
        }
        else if (!_isIdle && now - _usedAt >= _patience)
        {
            _isIdle = true;
            Keeper.Release();
        }
    }

    public SoundUse Look() => new(Keeper.Chosen) { IsOpen = Keeper.IsOpen, Device = Keeper.Device, Problem = Keeper.Problem };
}
