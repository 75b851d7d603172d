using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>The world around a <see cref="Desk"/> in memory: sound that is given and remembered, and everything that the desk keeps or asks.</summary>
public sealed class MemoryShell : IDeskShell
{
    private readonly List<HistoryEntry> _history = [];
    private readonly List<PhoneCommand> _asked = [];
    private readonly List<Recording> _recordings = [];
    private AudioView _devices = new()
    {
        Input = new DeviceView { Choices = ["Headset", "Webcam"] },
        Output = new DeviceView { Choices = ["Headset", "Speakers"] },
        Ring = new DeviceView { Choices = ["Headset", "Speakers"] },
    };

    /// <summary>One recording.</summary>
    /// <param name="File">Its name.</param>
    /// <param name="Peer">Whom it is of.</param>
    /// <param name="Sound">What was written.</param>
    public sealed record Recording(string File, string Peer, AudioMemory Sound);

    /// <summary>The wall clock at the origin of instants.</summary>
    public DateTimeOffset Origin { get; init; } = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

    /// <summary>What is said into the microphone from now on; null is silence.</summary>
    public IAudioSource? Says { get; set; }

    /// <summary>The last seconds of what was heard.</summary>
    public AudioMemory Heard { get; } = new();

    /// <summary>The last seconds of what the ringer rang.</summary>
    public AudioMemory Rung { get; } = new();

    public IAudioSource Microphone { get; }

    public IAudioSink Speaker => Heard;

    public IAudioSink Ringer => Rung;

    /// <summary>Why nothing can be recorded; null when it can.</summary>
    public Fault? RecordingFault { get; set; }

    /// <summary>Calls that were kept, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> History => _history;

    /// <summary>Contacts as they were kept last; null when they never were.</summary>
    public IReadOnlyList<Contact>? Contacts { get; private set; }

    /// <summary>Commands that the desk left to its shell, oldest first.</summary>
    public IReadOnlyList<PhoneCommand> Asked => _asked;

    public IReadOnlyList<Recording> Recordings => _recordings;

    /// <summary>Called for each command that the desk leaves to its shell.</summary>
    public Action<PhoneCommand>? Doing { get; set; }

    public AudioView Devices => _devices;

    public MemoryShell() => Microphone = new Mouth(this);

    public DateTimeOffset WallClock(Instant at) => Origin + (at - Instant.Zero);

    public void UseDevice(DeviceRole role, string name) => _devices = role switch
    {
        DeviceRole.Input => _devices with { Input = _devices.Input with { Chosen = name } },
        DeviceRole.Output => _devices with { Output = _devices.Output with { Chosen = name } },
        _ => _devices with { Ring = _devices.Ring with { Chosen = name } },
    };

    public void Meter(bool on) => _devices = _devices with { IsMeterOn = on };

    public bool TryRecord(string peer, out IAudioSink? sink, out string file, out Fault? fault)
    {
        (sink, file, fault) = (null, "", RecordingFault);
        if (fault is not null) return false;
        file = $"recording-{_recordings.Count + 1}.wav";
        _recordings.Add(new Recording(file, peer, new AudioMemory()));
        sink = _recordings[^1].Sound;
        return true;
    }

    /// <summary>Sound files that there are, by their names.</summary>
    public Dictionary<string, Func<IAudioSource>> Sounds { get; } = [];

    public void Load(Instant now, string file, Action<Instant, IAudioSource?, Fault?> then)
    {
        if (Sounds.TryGetValue(file, out var sound)) then(now, sound(), null);
        else then(now, null, new Fault(Layer.Audio, $"the sound file {file} does not exist", "check the path"));
    }

    public void Keep(HistoryEntry entry) => _history.Add(entry);

    /// <summary>Records that were to be kept in files, by the name of the file.</summary>
    public Dictionary<string, CallView> Files { get; } = [];

    /// <summary>Rows whose records were asked for again, oldest first.</summary>
    public List<HistoryEntry> Recalls { get; } = [];

    /// <summary>Rows that were taken out of the history, and not brought back.</summary>
    public List<HistoryEntry> Forgotten { get; } = [];

    public void Forget(HistoryEntry entry) => Forgotten.Add(entry);

    public void Restore(HistoryEntry entry) => Forgotten.RemoveAll(f => f.Number == entry.Number);

    public void Keep(HistoryEntry entry, CallView record, RecordSettings settings) => Files[entry.File] = record;

    /// <summary>Records of registrations that failed, oldest first.</summary>
    public List<(HistoryEntry Row, CallView Record)> Registrations { get; } = [];

    public void KeepRegistration(HistoryEntry entry, CallView record) => Registrations.Add((entry, record));

    public void Recall(HistoryEntry entry) => Recalls.Add(entry);

    public void Keep(IReadOnlyList<Contact> contacts) => Contacts = contacts;

    public void Do(PhoneCommand command)
    {
        _asked.Add(command);
        Doing?.Invoke(command);
    }

    private sealed class Mouth(MemoryShell shell) : IAudioSource
    {
        public bool Read(Span<short> pcm48k)
        {
            if (shell.Says is { } source) return source.Read(pcm48k);
            pcm48k.Clear();
            return false;
        }
    }
}
