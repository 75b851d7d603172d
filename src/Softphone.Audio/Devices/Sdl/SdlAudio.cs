using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>The devices of this machine by SDL 2: PulseAudio, PipeWire and ALSA, CoreAudio, WASAPI.</summary>
public sealed unsafe class SdlAudio : IAudioSystem
{
    private const string DriverHint = "SDL_AUDIODRIVER";

    /// <summary>How often the sound server of before is asked in vain, until any other will do.</summary>
    private const int Loyalty = 15;

    private static readonly Lock Gate = new();
    private static bool _isStarted;
    private static string _driver = "";
    private static int _failures;

    private SdlAudio()
    {
    }

    public bool MovesWithDefault => Driver is "pulseaudio" or "pipewire";

    public string Driver => Marshal.PtrToStringUTF8((nint)LibSdl.CurrentDriver()) ?? "";

    /// <summary>Begins to use the sound of this machine.</summary>
    /// <param name="audio">The devices.</param>
    /// <param name="fault">The library is not installed, or there is no sound; what to do about it.</param>
    public static bool TryStart([NotNullWhen(true)] out IAudioSystem? audio, [NotNullWhen(false)] out Fault? fault)
    {
        audio = null;
        fault = null;
        if (!LibSdl.IsPresent)
        {
            fault = LibSdl.Missing;
            return false;
        }

        // Ctrl-C is ours; and sound servers show the name, and treat a phone's streams as such.
        LibSdl.SetHint("SDL_NO_SIGNAL_HANDLERS", "1");
        LibSdl.SetHint("SDL_APP_NAME", "softphone");
        LibSdl.SetHint("SDL_AUDIO_DEVICE_APP_NAME", "softphone");
        LibSdl.SetHint("SDL_AUDIO_DEVICE_STREAM_ROLE", "phone");
        lock (Gate)
        {
            LibAsound.Hush();
            _isStarted = _isStarted || LibSdl.Init(LibSdl.InitAudio) == 0;
            if (_isStarted)
            {
                audio = new SdlAudio();
                return true;
            }
        }

        fault = new Fault(Layer.Audio, $"there is no sound on this machine: {LibSdl.Error}", "start the sound server, or use --audio null");
        return false;
    }

    public IReadOnlyList<AudioDevice> List()
    {
        var devices = new List<AudioDevice>();
        Add(true);
        Add(false);
        LibSdl.DropNotices();
        return devices;

        void Add(bool isInput)
        {
            var standard = DefaultName(isInput);
            var count = LibSdl.DeviceCount(isInput ? 1 : 0);
            for (var i = 0; i < count; i++)
                if (Marshal.PtrToStringUTF8((nint)LibSdl.DeviceName(i, isInput ? 1 : 0)) is { } name) devices.Add(new AudioDevice(name, isInput, name == standard));
        }
    }

    public string? DefaultName(bool isInput)
    {
        try
        {
            if (LibSdl.DefaultDevice(out var name, out _, isInput ? 1 : 0) != 0 || name is null) return null;
            var text = Marshal.PtrToStringUTF8((nint)name);
            LibSdl.Free(name);
            return text;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    public bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        stream = _isStarted ? SdlStream.Open(name, isInput, ring) : null;
        if (stream is not null) return true;
        fault = new Fault(Layer.Audio, $"the {(isInput ? "microphone" : "loudspeaker")} {name ?? "default"} cannot be used: {(_isStarted ? LibSdl.Error : "there is no sound server")}",
            "softphone devices lists what there is; --audio null does without");
        return false;
    }

    public bool Restart()
    {
        lock (Gate)
        {
            // The sound server that was there before is waited for: another way to the card would keep it from coming back.
            if (_isStarted)
            {
                _driver = Driver;
                LibSdl.Quit(LibSdl.InitAudio);
            }

            LibSdl.SetHint(DriverHint, _failures < Loyalty ? _driver : "");
            _isStarted = LibSdl.Init(LibSdl.InitAudio) == 0;
            _failures = _isStarted ? 0 : _failures + 1;
            LibSdl.SetHint(DriverHint, "");
            return _isStarted;
        }
    }

    /// <summary>The connection to the sound server stays until the process ends: to take it down races with the library's own threads.</summary>
    public void Dispose()
    {
    }
}
