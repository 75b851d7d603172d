namespace Softphone.Audio;

/// <summary>
/// Keeps one device open: opens it, notices that it vanished, looks for its name until it is back, and moves along when the default is
/// another one. It is told the time and the rest is the audio system's, so tests play it with a made-up one.
/// </summary>
internal sealed class DeviceKeeper(IAudioSystem system, string? name, bool isInput, SampleRing ring, Action<DeviceState> changed) : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private IAudioStream? _stream;
    private string? _behindDefault;
    private Instant? _retryAt;
    private Instant _lookAt;
    private bool _isKnownMissing;

    public bool IsOpen => _stream is not null;

    /// <summary>Tries that failed one after another.</summary>
    public int Failures { get; private set; }

    private string Label => name ?? "default";

    /// <summary>Some time has passed; to be called ten times a second.</summary>
    public void Advance(Instant now)
    {
        if (_stream is not null && !_stream.IsAlive) Lose();
        else if (_stream is not null && HasMoved(now)) Release();
        if (_stream is not null) return;
        // A name that shows up again is worth a try at once; what is not listed is not, except the default, which has no entry.
        if (_retryAt is { } at && now < at) return;
        if (Failures > 0 && name is not null && !IsListed())
        {
            _retryAt = null;
            Failures++;
            return;
        }

        Open(now);
    }

    /// <summary>Closes the device until the next <see cref="Advance"/>.</summary>
    public void Release()
    {
        _stream?.Dispose();
        _stream = null;
    }

    public void Dispose() => Release();

    private void Open(Instant now)
    {
        if (system.TryOpen(name, isInput, ring, out var stream, out var fault))
        {
            _stream = stream;
            (_retryAt, Failures) = (null, 0);
            _behindDefault = name is null && !system.MovesWithDefault ? system.DefaultName(isInput) : null;
            _lookAt = now + Look;
            if (!_wasOpen || _isKnownMissing) changed(new DeviceState(isInput, Label, DeviceStateKind.Open));
            (_isKnownMissing, _wasOpen) = (false, true);
            return;
        }

        _retryAt = now + Retry;
        Failures++;
        if (_isKnownMissing) return;
        _isKnownMissing = true;
        changed(new DeviceState(isInput, Label, DeviceStateKind.Unavailable, fault));
    }

    private bool _wasOpen;

    private void Lose()
    {
        Release();
        _isKnownMissing = true;
        // The list may still have it; the first try comes soon, not at once.
        Failures = 1;
        changed(new DeviceState(isInput, Label, DeviceStateKind.Lost,
            new Fault(Layer.Audio, $"the {(isInput ? "microphone" : "loudspeaker")} {Label} is gone; the call goes on {(isInput ? "and sends silence" : "unheard")}", "plug it in again, or choose another with --audio")));
    }

    private bool HasMoved(Instant now)
    {
        if (name is not null || system.MovesWithDefault || now < _lookAt) return false;
        _lookAt = now + Look;
        return system.DefaultName(isInput) is { } behind && _behindDefault is not null && behind != _behindDefault;
    }

    private bool IsListed() => system.List().Any(d => d.IsInput == isInput && d.Name == name);
}
