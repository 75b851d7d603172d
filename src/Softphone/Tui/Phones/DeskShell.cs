using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What the desk has of this machine: sound devices, files, and commands that are not the phone's. All of it hands on and returns at once.</summary>
internal sealed class DeskShell(LiveDesk live) : IDeskShell
{
    public IAudioSource Microphone => NullAudio.Instance;

    public IAudioSink Speaker => NullAudio.Instance;

    public IAudioSink Ringer => NullAudio.Instance;

    public AudioView Devices { get; } = new();

    public DateTimeOffset WallClock(Instant at) => live.WallClock(at);

    public void UseDevice(DeviceRole role, string name)
    {
    }

    public void Meter(bool on)
    {
    }

    public bool TryRecord(string peer, out IAudioSink? sink, out string file, out Fault? fault)
    {
        (sink, file) = (null, "");
        fault = new Fault(Layer.Internal, "recordings come later");
        return false;
    }

    public void Keep(HistoryEntry entry)
    {
    }

    public void Keep(IReadOnlyList<Contact> contacts)
    {
    }

    public void Do(PhoneCommand command)
    {
    }
}
