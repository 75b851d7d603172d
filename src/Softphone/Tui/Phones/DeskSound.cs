using Softphone.Audio;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The sound devices of this machine as a desk sees them. Nothing here waits; used by the thread that drives the desk.</summary>
internal sealed class DeskSound : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly SoundDesk _sound;
    private readonly Ending _ending;
    private readonly string _processing;
    private SoundState? _seen;
    private AudioView _view = new();
    private bool _isMetered;

    /// <param name="choice">Which devices.</param>
    /// <param name="changed">Told, on the thread of the devices, when one opens, closes, is lost, missing or back.</param>
    /// <param name="ending">How the process ends.</param>
    public DeskSound(DeviceChoice choice, Action<DeviceState> changed, Ending ending)
    {
        _ending = ending;
        _sound = new SoundDesk(choice, changed);
        _processing = choice.ProcessesVoice ? "echo and noise taken out, level evened" : "nothing, it goes out as it is";
    }

    public IAudioSource Microphone => _sound.Microphone;

    public IAudioSink Speaker => _sound.Speaker;

    public IAudioSink Ringer => _sound.Ringer;

    /// <summary>The devices as they are now; the same object as long as nothing changed.</summary>
    public AudioView View
    {
        get
        {
            var state = _sound.State;
            if (ReferenceEquals(state, _seen) && _view.IsMeterOn == _isMetered) return _view;
            _seen = state;
            return _view = new AudioView
            {
                IsMeterOn = _isMetered,
                Processing = _processing,
                Input = ViewOf(state, SoundRole.Microphone),
                Output = ViewOf(state, SoundRole.Speaker),
                Ring = ViewOf(state, SoundRole.Ringer),
            };
        }
    }

    public void Use(DeviceRole role, string name) => _sound.Use(role switch
    {
        DeviceRole.Input => SoundRole.Microphone,
        DeviceRole.Output => SoundRole.Speaker,
        _ => SoundRole.Ringer,
    }, name);

    public void Meter(bool on)
    {
        _isMetered = on;
        _sound.Meter(on);
    }

    /// <summary>Gives the devices back; a sound server that hangs is not waited for long.</summary>
    public void Dispose() => _ending.Saw(_sound.End(_ending.Left(EndLimit)));

    private static DeviceView ViewOf(SoundState state, SoundRole role)
    {
        var use = state[role];
        return new DeviceView
        {
            Chosen = use.Chosen,
            IsOpen = use.IsOpen,
            Problem = (use.Chosen == DeviceChoice.None ? null : use.Problem ?? state.Fault)?.What ?? "",
            Choices = state.Choices(role),
        };
    }
}
