using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// What the desk has of this machine: sound devices, files, and commands that are not the phone's. All of it hands on and returns at once;
/// used by the pump thread.
/// </summary>
internal sealed class DeskShell : IDeskShell, IDisposable
{
    private readonly LiveDesk _live;
    private readonly Keeper _keeper;
    private readonly KeptFolders _folders;
    private readonly VerbContext _context;
    private readonly DeskSound _sound;
    private readonly Recordings _recordings = new();

    /// <summary>What was told last of each device that does not work; used by the thread of the devices alone.</summary>
    private readonly Dictionary<SoundRole, string> _told = [];

    /// <param name="live">Whose desk it is.</param>
    /// <param name="audio">The devices of the profile; what the person chose since comes before them.</param>
    /// <param name="keeper">What is kept.</param>
    /// <param name="folders">Where.</param>
    /// <param name="context">How the process ends, and where it is told what could not be kept.</param>
    public DeskShell(LiveDesk live, AudioProfile audio, Keeper keeper, KeptFolders folders, VerbContext context)
    {
        (_live, _keeper, _folders, _context) = (live, keeper, folders, context);
        var kept = keeper.Settings;
        var choice = new DeviceChoice(kept.Input ?? audio.Input, kept.Output ?? audio.Output, audio.Processing == VoiceProcessing.On) { Ring = kept.Ring ?? audio.Ring };
        _sound = new DeskSound(choice, Changed, context.Ending);
    }

    public IAudioSource Microphone => _sound.Microphone;

    public IAudioSink Speaker => _sound.Speaker;

    public IAudioSink Ringer => _sound.Ringer;

    public AudioView Devices => _sound.View;

    public DateTimeOffset WallClock(Instant at) => _live.WallClock(at);

    public void UseDevice(DeviceRole role, string name)
    {
        _sound.Use(role, name);
        _keeper.Remember(s => role switch
        {
            DeviceRole.Input => s with { Input = name },
            DeviceRole.Output => s with { Output = name },
            _ => s with { Ring = name },
        });
    }

    public void Meter(bool on) => _sound.Meter(on);

    public bool TryRecord(string peer, out IAudioSink? sink, out string file, out Fault? fault)
    {
        file = Path.Combine(_folders.Recordings, $"{FileNames.Stamp(DateTimeOffset.Now)}-{FileNames.Of(peer)}.wav");
        sink = _recordings.Begin(file, Tell);
        fault = null;
        return true;
    }

    public void Load(Instant now, string file, Action<Instant, IAudioSource?, Fault?> then) => _live.Load(file, then);

    public void Keep(HistoryEntry entry) => _keeper.Keep(entry);

    public void Forget(HistoryEntry entry) => _keeper.Forget(entry);

    public void Restore(HistoryEntry entry) => _keeper.Restore(entry);

    public void Keep(HistoryEntry entry, CallView record, RecordSettings settings) => _keeper.Keep(entry, record, settings);

    public void KeepRegistration(HistoryEntry entry, CallView record) => _keeper.KeepRegistration(entry, record);

    public void Recall(HistoryEntry entry) => _live.Recall(entry);

    public void Keep(IReadOnlyList<Contact> contacts) => _keeper.Keep(contacts);

    public void Do(PhoneCommand command)
    {
        if (command is PhoneCommand.SeenMissed) _keeper.SeenMissed(DateTimeOffset.Now);
        else _live.DoOutside(command);
    }

    /// <summary>Gives the devices back, and waits for a while until recordings are on the disk.</summary>
    public void Dispose()
    {
        _sound.Dispose();
        _recordings.End(_context.Ending, _context.Report);
    }

    private void Changed(DeviceState state)
    {
        if (state.Kind == DeviceStateKind.Open) _told.Remove(state.Role);
        if (state.Fault is not { } fault || _told.GetValueOrDefault(state.Role) == fault.What) return;
        // Once: it is tried again with each call, and the screens show that there is none.
        _told[state.Role] = fault.What;
        _live.Tell($"{fault.What}; :devices chooses another, or none", isProblem: true);
    }

    private void Tell(Fault fault) => _live.Tell(fault.Remedy.Length > 0 ? $"{fault.What}; {fault.Remedy}" : fault.What, isProblem: true);
}
