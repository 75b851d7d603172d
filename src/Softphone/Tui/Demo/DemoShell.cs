using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// What your desk in the demonstration has of this machine: its sound devices, and a folder for recordings. Nothing else is kept: contacts
/// and history end with it.
/// </summary>
internal sealed class DemoShell : IDeskShell, IDisposable
{
    private readonly DateTimeOffset _origin = DateTimeOffset.Now;
    private readonly DemoFolder _folder;
    private readonly DeskSound _sound;
    private readonly Action<string> _tell;
    private int _recordings;
    private bool _toldOfSilence;

    /// <param name="folder">Where recordings go.</param>
    /// <param name="tell">A line for the person, on the thread of the desk.</param>
    /// <param name="tellAside">The same from any thread.</param>
    public DemoShell(DemoFolder folder, Action<string> tell, Action<string> tellAside)
    {
        (_folder, _tell) = (folder, tell);
        _sound = new DeskSound(new DeviceChoice(DeviceChoice.Default, DeviceChoice.Default, ProcessesVoice: true) { Ring = DeviceChoice.Default }, state =>
        {
            if (state.Fault is not null && Interlocked.Exchange(ref _toldOfSilence, true) == false) tellAside("there is no sound device that works: the demonstration is silent");
        });
    }

    public IAudioSource Microphone => _sound.Microphone;

    public IAudioSink Speaker => _sound.Speaker;

    public IAudioSink Ringer => _sound.Ringer;

    public AudioView Devices => _sound.View;

    public DateTimeOffset WallClock(Instant at) => _origin + (at - Instant.Zero);

    public void UseDevice(DeviceRole role, string name) => _sound.Use(role, name);

    public void Meter(bool on) => _sound.Meter(on);

    public bool TryRecord(string peer, out IAudioSink? sink, out string file, out Fault? fault)
    {
        (sink, fault, file) = (null, null, "");
        try
        {
            file = Path.Combine(_folder.Path, $"call-{++_recordings}.wav");
            sink = new WavSink(file);
            return true;
        }
        catch (AudioFileException e)
        {
            fault = e.Fault;
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = new Fault(Layer.Audio, $"there is no folder for recordings: {e.Message}", "--out names another one");
            return false;
        }
    }

    public void Keep(HistoryEntry entry)
    {
    }

    public void Keep(IReadOnlyList<Contact> contacts)
    {
    }

    public void Do(PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.CreateProfile:
                _tell("the demonstration keeps no profile: softphone alone does");
                break;
            case PhoneCommand.SaveReport:
                _tell("the demonstration writes no report: softphone alone does");
                break;
        }
    }

    public void Dispose() => _sound.Dispose();
}
