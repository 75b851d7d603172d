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
    private readonly Action<string> _tellAside;
    private readonly VerbContext _context;
    private readonly Recordings _recordings = new();
    private int _recorded;
    private bool _toldOfSilence;

    /// <param name="folder">Where recordings go.</param>
    /// <param name="tell">A line for the person, on the thread of the desk.</param>
    /// <param name="tellAside">The same from any thread.</param>
    /// <param name="context">How the process ends.</param>
    public DemoShell(DemoFolder folder, Action<string> tell, Action<string> tellAside, VerbContext context)
    {
        (_folder, _tell, _tellAside, _context) = (folder, tell, tellAside, context);
        _sound = new DeskSound(new DeviceChoice(DeviceChoice.Default, DeviceChoice.Default, ProcessesVoice: true) { Ring = DeviceChoice.Default }, state =>
        {
            if (state.Fault is not null && Interlocked.Exchange(ref _toldOfSilence, true) == false) tellAside("there is no sound device that works: the demonstration is silent");
        }, context.Ending);
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
        file = Path.Combine(_folder.Path, $"call-{++_recorded}.wav");
        sink = _recordings.Begin(file, problem => _tellAside(problem.What));
        fault = null;
        return true;
    }

    public void Load(Instant now, string file, Action<Instant, IAudioSource?, Fault?> then) =>
        then(now, null, new Fault(Layer.Audio, "the demonstration plays no files", "softphone alone does"));

    public void Keep(HistoryEntry entry)
    {
    }

    public void Forget(HistoryEntry entry)
    {
    }

    public void Restore(HistoryEntry entry)
    {
    }

    public void Keep(HistoryEntry entry, CallView record, RecordSettings settings)
    {
    }

    public void KeepRegistration(HistoryEntry entry, CallView record)
    {
    }

    public void Recall(HistoryEntry entry)
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
            case PhoneCommand.SaveMessages:
                _tell("the demonstration writes no messages: softphone alone does");
                break;
            case PhoneCommand.SaveReport:
                _tell("the demonstration writes no report: softphone alone does");
                break;
        }
    }

    /// <summary>Gives the devices back, and waits for a while until recordings are on the disk.</summary>
    public void Dispose()
    {
        _sound.Dispose();
        _recordings.End(_context.Ending, _context.Report);
    }
}
