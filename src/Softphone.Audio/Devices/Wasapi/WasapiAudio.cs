using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NAudio.CoreAudioApi;

namespace Softphone.Audio;

/// <summary>The devices of Windows, by the Core Audio of NAudio. Streams of the default device stay with the device that it was: they are opened anew.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiAudio : IAudioSystem
{
    private MMDeviceEnumerator? _devices = new();

    private WasapiAudio()
    {
    }

    public string Driver => "wasapi";

    public bool MovesWithDefault => false;

    /// <summary>Begins to use the sound of this machine.</summary>
    /// <param name="audio">The devices.</param>
    /// <param name="fault">Windows has no sound service.</param>
    public static bool TryStart([NotNullWhen(true)] out IAudioSystem? audio, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (Try(() => new WasapiAudio(), out audio, out var why)) return true;
        fault = new Fault(Layer.Audio, $"there is no sound on this machine: {why}", "start the service Windows Audio, or use --audio null");
        return false;
    }

    public IReadOnlyList<AudioDevice> List()
    {
        var devices = new List<AudioDevice>();
        Add(true);
        Add(false);
        return devices;

        void Add(bool isInput)
        {
            var standard = DefaultName(isInput);
            foreach (var device in Active(isInput))
            {
                using (device)
                {
                    if (Try(() => device.FriendlyName, out var name, out _)) devices.Add(new AudioDevice(name, isInput, name == standard));
                }
            }
        }
    }

    public string? DefaultName(bool isInput)
    {
        using var device = Default(isInput);
        return device is not null && Try(() => device.FriendlyName, out var name, out _) ? name : null;
    }

    public bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault)
    {
        stream = null;
        fault = null;
        using var device = name is null ? Default(isInput) : Named(name, isInput);
        var why = "it is not there";
        if (device is not null && Try(() => isInput ? (IAudioStream)new WasapiMicrophone(device, ring) : new WasapiLoudspeaker(device, ring), out stream, out why)) return true;
        fault = new Fault(Layer.Audio, $"the {(isInput ? "microphone" : "loudspeaker")} {name ?? "default"} cannot be used: {why}",
            "softphone devices lists what there is; --audio null does without");
        return false;
    }

    public bool Restart()
    {
        _devices?.Dispose();
        _devices = Try(() => new MMDeviceEnumerator(), out var devices, out _) ? devices : null;
        return _devices is not null;
    }

    public void Dispose()
    {
        _devices?.Dispose();
        _devices = null;
    }

    private static DataFlow Flow(bool isInput) => isInput ? DataFlow.Capture : DataFlow.Render;

    /// <summary>Whatever COM says becomes a value: a device may go between any two calls.</summary>
    private static bool Try<T>(Func<T> ask, [NotNullWhen(true)] out T? answer, [NotNullWhen(false)] out string? why)
        where T : class
    {
        why = null;
        answer = null;
        try
        {
            answer = ask();
            return true;
        }
        catch (Exception e) when (e is COMException or InvalidCastException or InvalidOperationException or ArgumentException or NotSupportedException
            or NotImplementedException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            why = e.Message;
            return false;
        }
    }

    private IEnumerable<MMDevice> Active(bool isInput) =>
        _devices is { } all && Try(() => all.EnumerateAudioEndPoints(Flow(isInput), NAudio.CoreAudioApi.DeviceState.Active).ToList(), out var found, out _) ? found : [];

    private MMDevice? Default(bool isInput) =>
        _devices is { } all && Try(() => all.GetDefaultAudioEndpoint(Flow(isInput), Role.Communications), out var device, out _) ? device : null;

    private MMDevice? Named(string name, bool isInput)
    {
        MMDevice? found = null;
        foreach (var device in Active(isInput))
        {
            if (found is null && Try(() => device.FriendlyName, out var itsName, out _) && itsName == name) found = device;
            else device.Dispose();
        }

        return found;
    }
}
