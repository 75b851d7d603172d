using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>
/// What a <see cref="Desk"/> has of the world around it. Called on the thread that drives the desk; nothing here may wait: files and
/// devices are somebody else's thread.
/// </summary>
public interface IDeskShell
{
    /// <summary>The wall clock of an instant, in local time.</summary>
    DateTimeOffset WallClock(Instant at);

    /// <summary>The microphone: 48 kHz mono frames, silence when there is none.</summary>
    IAudioSource Microphone { get; }

    /// <summary>The loudspeaker or headset of calls.</summary>
    IAudioSink Speaker { get; }

    /// <summary>Where it rings.</summary>
    IAudioSink Ringer { get; }

    /// <summary>The devices as they are now; levels and volume are the desk's own.</summary>
    AudioView Devices { get; }

    /// <summary>Uses this device from now on and remembers it.</summary>
    void UseDevice(DeviceRole role, string name);

    /// <summary>Opens the devices for the meters, or gives them back.</summary>
    void Meter(bool on);

    /// <summary>Opens a file for the recording of a call.</summary>
    /// <param name="peer">Who is recorded, for the file's name.</param>
    /// <param name="sink">Where the frames go; disposed by the desk when it is an <see cref="IDisposable"/>.</param>
    /// <param name="file">Its path.</param>
    /// <param name="fault">Why not.</param>
    bool TryRecord(string peer, out IAudioSink? sink, out string file, out Fault? fault);

    /// <summary>Reads a sound file, aside.</summary>
    /// <param name="now">The time.</param>
    /// <param name="file">Its path, as typed.</param>
    /// <param name="then">Told its sound, or why there is none, on the thread that drives the desk.</param>
    void Load(Instant now, string file, Action<Instant, IAudioSource?, Fault?> then);

    /// <summary>Keeps a call that is over. What was kept before comes with <see cref="Desk"/>'s options.</summary>
    void Keep(HistoryEntry entry);

    /// <summary>A call is kept no more, nor its record.</summary>
    void Forget(HistoryEntry entry);

    /// <summary>Takes that back.</summary>
    void Restore(HistoryEntry entry);

    /// <summary>Keeps the record of a call that is over in a file, and no more of its account than that allows.</summary>
    void Keep(HistoryEntry entry, CallView record, RecordSettings settings);

    /// <summary>Keeps the record of a registration that failed in a file.</summary>
    void KeepRegistration(HistoryEntry entry, CallView record);

    /// <summary>Reads the record of a call again, aside: <see cref="Desk.Recalled"/> or <see cref="Desk.Lost"/> is told what came of it.</summary>
    void Recall(HistoryEntry entry);

    /// <summary>All contacts, as they are now.</summary>
    void Keep(IReadOnlyList<Contact> contacts);

    /// <summary>What a command needs that is not the desk's: reports, clipboard, profiles, quitting.</summary>
    void Do(PhoneCommand command);
}
