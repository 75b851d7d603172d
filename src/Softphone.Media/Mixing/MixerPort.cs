namespace Softphone.Media;

/// <summary>
/// One call's end of a <see cref="Mixer"/>: the call reads here what its peer is to hear and writes here what its peer says, 20 ms each
/// at a time, by its own clock. A port is a plain call when it is added: it hears the microphone and is on the speaker.
/// </summary>
public sealed class MixerPort : IAudioSource, IAudioSink
{
    private readonly Mixer _mixer;
    private readonly Voice _voice = new();
    private readonly Route _microphone;
    private readonly List<Route> _others = [];
    private readonly Limiter _limiter = new();
    private Lead.Seen _captureLead;
    private Lead.Seen _playoutLead;
    private PortRecorder? _recorder;
    private bool _hearsMicrophone;
    private IAudioSource? _file;

    internal MixerPort(Mixer mixer)
    {
        _mixer = mixer;
        _microphone = new Route(mixer.Microphone);
        Speaker = new Route(_voice);
        HearsMicrophone = true;
        IsOnSpeaker = true;
    }

    /// <summary>Whether the peer hears the microphone, unless that is muted. Without it and in no conference the peer is sent silence.</summary>
    public bool HearsMicrophone
    {
        get => _hearsMicrophone;
        set
        {
            _hearsMicrophone = value;
            OnMuted();
        }
    }

    /// <summary>Whether the peer is heard.</summary>
    public bool IsOnSpeaker
    {
        get => Speaker.IsOpen;
        set => Speaker.IsOpen = value;
    }

    /// <summary>That of the devices behind the mixer.</summary>
    TimeSpan? IAudioSource.Delay => _mixer.InputDelay;

    TimeSpan? IAudioSink.Delay => _mixer.OutputDelay;

    /// <summary>Whether both sides are being recorded.</summary>
    public bool IsRecording => _recorder is not null;

    /// <summary>From the peer to the speaker.</summary>
    internal Route Speaker { get; }

    /// <summary>
    /// Records both sides into this sink from now on, in time with each other, whoever hears whom; null ends it with all that was recorded
    /// written. The volume has no part in it. The sink stays its owner's.
    /// </summary>
    public void Record(IAudioSink? sink)
    {
        _recorder?.End();
        _recorder = sink is null ? null : new PortRecorder(sink);
    }

    /// <summary>Something that the peer hears beside the rest, until it is over; null ends it.</summary>
    public void Play(IAudioSource? file) => _file = file;

    /// <summary>It is not over.</summary>
    public bool IsPlaying => _file is not null;

    /// <summary>What the peer is to hear now.</summary>
    public bool Read(Span<short> pcm48k)
    {
        Mixer.Require(pcm48k.Length);
        if (_hearsMicrophone || !_microphone.IsSilent)
        {
            if (Leads(_mixer.Capture, ref _captureLead, _microphone)) _mixer.ReadMicrophone();
        }
        else
        {
            _mixer.Capture.Leave(this);
        }

        if (_others.Count > 0 || !_limiter.IsIdle || IsPlaying) Mix(pcm48k);
        else if (_microphone.IsFull) Pass(pcm48k);
        else if (_microphone.IsSilent) pcm48k.Clear();
        else Mix(pcm48k);
        _recorder?.Sent(pcm48k);
        return true;
    }

    /// <summary>What the peer says now.</summary>
    public void Write(ReadOnlySpan<short> pcm48k)
    {
        Mixer.Require(pcm48k.Length);
        _voice.Push(pcm48k);
        _recorder?.Heard(pcm48k);
        _mixer.OnSpoken(this);
        if (Speaker.IsSilent) _mixer.Playout.Leave(this);
        else if (Leads(_mixer.Playout, ref _playoutLead, Speaker)) _mixer.WriteSpeaker();
    }

    internal void OnMuted() => _microphone.IsOpen = _hearsMicrophone && !_mixer.IsMuted;

    /// <summary>Hears this port from now on, or no longer.</summary>
    internal void Hear(MixerPort other, bool on)
    {
        var route = _others.Find(r => r.From == other._voice);
        if (route is null && on) _others.Add(route = new Route(other._voice));
        if (route is not null) route.IsOpen = on;
    }

    /// <summary>Whether this port does it for all now. Who begins to has nothing to wait for any more.</summary>
    private bool Leads(Lead lead, ref Lead.Seen seen, Route own)
    {
        var led = lead.IsOf(this);
        if (!lead.Takes(this, ref seen)) return false;
        if (!led) own.Hurry();
        return true;
    }

    private void Pass(Span<short> frame)
    {
        var heard = _microphone.Take(_mixer.Scratch);
        if (heard.IsEmpty) frame.Clear();
        else heard.CopyTo(frame);
    }

    private void Mix(Span<short> frame)
    {
        var sum = _mixer.Sum;
        sum.Clear();
        if (!_microphone.IsSilent) _microphone.AddTo(sum, _mixer.Scratch);
        for (var i = _others.Count - 1; i >= 0; i--)
        {
            _others[i].AddTo(sum, _mixer.Scratch);
            if (_others[i].IsSilent) _others.RemoveAt(i);
        }

        AddFile(sum);
        _limiter.Write(sum, frame);
    }

    private void AddFile(Span<int> sum)
    {
        if (_file is not { } file) return;
        var part = _mixer.Scratch;
        if (!file.Read(part)) _file = null;
        else for (var i = 0; i < sum.Length; i++) sum[i] += part[i];
    }
}
