using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Who hears whom: one microphone, one speaker, a ringer, and a port for each call. Frames of 20 ms; each call has its own phase, and all
/// run on one thread. Of the ports that hear the microphone one reads it for all, of those on the speaker one writes it for all; that one
/// has its audio without delay. Tones sound in the speaker even while no call runs: then <see cref="Advance"/> writes the frames. Allocates
/// nothing for a frame.
/// </summary>
public sealed partial class Mixer
{
    /// <summary>20 ms at 48 kHz.</summary>
    public const int FrameSamples = Pcm.Frame;

    private readonly IAudioSource _source;
    private readonly IAudioSink _sink;
    private readonly IAudioSink _ringer;
    private readonly List<MixerPort> _ports = [];
    private readonly int[] _sum = new int[FrameSamples];
    private readonly short[] _scratch = new short[FrameSamples];
    private readonly LevelMeter _inputLevel = new();
    private bool _isMuted;
    private bool _isMetering;

    /// <param name="microphone">Read once in 20 ms while a port hears it or <see cref="IsMetering"/>.</param>
    /// <param name="speaker">Written once in 20 ms while a port is on it or a tone plays.</param>
    /// <param name="ringer">Written once in 20 ms while it rings; may be the speaker.</param>
    public Mixer(IAudioSource microphone, IAudioSink speaker, IAudioSink ringer)
    {
        _source = microphone;
        _sink = speaker;
        _ringer = ringer;
    }

    internal TimeSpan? InputDelay => _source.Delay;

    internal TimeSpan? OutputDelay => _sink.Delay;

    /// <summary>No call hears the microphone: peers are sent digital silence. The microphone's level still shows.</summary>
    public bool IsMuted
    {
        get => _isMuted;
        set
        {
            _isMuted = value;
            foreach (var port in _ports) port.OnMuted();
        }
    }

    /// <summary>The microphone is read for its level even without a call.</summary>
    public bool IsMetering
    {
        get => _isMetering;
        set
        {
            Wake();
            _isMetering = value;
        }
    }

    /// <summary>The microphone's level, -96 to 0 dBFS; -96 while nobody listens to it.</summary>
    public double InputDbfs => IsMetering || _ports.Exists(p => p.HearsMicrophone) ? _inputLevel.Dbfs : LevelMeter.Floor;

    internal Voice Microphone { get; } = new();

    internal Lead Capture { get; } = new();

    internal Lead Playout { get; } = new();

    internal Span<int> Sum => _sum;

    internal Span<short> Scratch => _scratch;

    /// <summary>A port for a call's <c>Source</c> and <c>Sink</c>.</summary>
    public MixerPort Add()
    {
        var port = new MixerPort(this);
        _ports.Add(port);
        _heard.Add(port.Speaker);
        return port;
    }

    /// <summary>The call is over: nobody hears it any more, and its recording ends.</summary>
    public void Remove(MixerPort port)
    {
        if (!_ports.Remove(port)) return;
        port.Record(null);
        port.HearsMicrophone = false;
        port.IsOnSpeaker = false;
        foreach (var other in _ports) other.Hear(port, false);
        Capture.Leave(port);
        port.Speaker.IsLeaving = true;
        Playout.Leave(port);
        // It dies away in the next frame of the others or of a tone; where none will come, in one of its own.
        if (port.Speaker.IsSilent) _heard.Remove(port.Speaker);
        else if (!Sounds && !_ports.Exists(p => p.IsOnSpeaker)) WriteSpeaker();
    }

    /// <summary>The peers of two ports hear each other, as in a conference, or no longer.</summary>
    public void Connect(MixerPort a, MixerPort b, bool on)
    {
        if (a == b || !_ports.Contains(a) || !_ports.Contains(b)) return;
        a.Hear(b, on);
        b.Hear(a, on);
    }

    internal static void Require(int samples) => ArgumentOutOfRangeException.ThrowIfNotEqual(samples, FrameSamples);

    internal void ReadMicrophone()
    {
        var frame = Microphone.Room;
        if (!_source.Read(frame)) frame.Clear();
        Microphone.Commit();
        _inputLevel.Add(frame);
    }
}
