using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// PulseAudio without hardware on a host of the laboratory: a loudspeaker, <see cref="SpeakerName"/>, whose monitor is what a person
/// there hears, and a microphone, <see cref="MicrophoneName"/>, that hears what is played into a sink beside it.
/// </summary>
internal sealed class SoundHost : IDisposable
{
    public const string SpeakerName = "LabSpeaker";
    public const string MicrophoneName = "LabMic";

    private const string SpeakerSink = "spk";
    private const string MouthSink = "micin";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Laboratory _lab;
    private readonly string _host;

    public SoundHost(Laboratory lab, string host)
    {
        (_lab, _host) = (lab, host);
        Start();
    }

    /// <summary>The sound server, anew and with all its devices.</summary>
    public void Start() => _lab.Sound(_host, "up");

    /// <summary>Ends the sound server; everything connected to it falls.</summary>
    public void Stop() => _lab.Sound(_host, "down");

    public void UnplugSpeaker() => Unload($"sink_name={SpeakerSink} ");

    public void PlugSpeaker() => AddSpeaker(SpeakerSink, SpeakerName);

    public void AddSpeaker(string sink, string name) =>
        Control("load-module", "module-null-sink", $"sink_name={sink}", "rate=48000", "channels=2", "norewinds=1", $"sink_properties=device.description={name}");

    public void UnplugMicrophone() => Unload("source_name=mic ");

    public void PlugMicrophone() =>
        Control("load-module", "module-remap-source", "source_name=mic", $"master={MouthSink}.monitor", $"source_properties=device.description={MicrophoneName}");

    public void MakeDefault(string sink) => Control("set-default-sink", sink);

    /// <summary>A room without damping: the microphone hears the loudspeaker too, some decibels more quiet.</summary>
    public void OpenRoom(double decibels)
    {
        Control("load-module", "module-loopback", $"source={SpeakerSink}.monitor", $"sink={MouthSink}", "latency_msec=40", "adjust_time=0",
            "sink_input_properties=media.name=room");
        var inputs = Control("list", "sink-inputs");
        var number = inputs.Split("Sink Input #").First(i => i.Contains("\"room\"", StringComparison.Ordinal)).Split('\n')[0].Trim();
        Control("set-sink-input-volume", number, $"-{decibels.ToString(System.Globalization.CultureInfo.InvariantCulture)}dB");
    }

    public void CloseRoom() => Unload("media.name=room");

    /// <summary>Speaks into the microphone, over and over.</summary>
    public SoundFeed Speak(short[] sound) => new(_lab.Command(_host, "nice", ["-n", "-11", "pacat", "--playback", "--device", MouthSink, "--latency-msec", "20", .. SoundTap.Format]), sound);

    /// <summary>What the loudspeaker plays.</summary>
    public SoundTap Listen(string sink = SpeakerSink) => new(Record(sink));

    /// <summary>What is said to the microphone.</summary>
    public SoundTap ListenToMouth() => new(Record(MouthSink));

    public void Dispose() => Stop();

    private ProcessStartInfo Record(string sink) => _lab.Command(_host, "nice", ["-n", "-11", "pacat", "--record", "--device", $"{sink}.monitor", "--latency-msec", "10", .. SoundTap.Format]);

    private void Unload(string argument)
    {
        var module = Control("list", "modules", "short").Split('\n').Single(l => (l + ' ').Contains(argument, StringComparison.Ordinal));
        Control("unload-module", module.Split('\t')[0]);
    }

    private string Control(params string[] arguments) => Tool.Run(_lab, _host, Limit, "pactl", arguments);
}
