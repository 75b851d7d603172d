using System.Diagnostics;

namespace Softphone.Audio;

/// <summary>
/// Microphone, loudspeaker and ringer as a phone wants them: frames of its own clock, always. A thread of its own opens the devices when
/// they are first used, watches them, changes them, and closes them when nobody uses them: a microphone is open only while a call talks
/// or a meter runs. The thread of the frames touches only rings; it never waits. A device may be absent, fail, vanish or change in
/// mid-call: then it is silent for as long, and the call goes on.
/// </summary>
public sealed class SoundDesk : IDisposable
{
    /// <summary>A sound server that hangs must not keep a phone from ending.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly CaptureSide _capture;
    private readonly PlayoutSide _playout;
    private readonly PlayoutSide _ring = new();
    private readonly VoiceChain? _voice;
    private readonly DeviceBoard _board;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _settled = new();
    private SoundState _state;
    private volatile bool _ends;

    /// <param name="choice">Which devices, and what to do with the voice.</param>
    /// <param name="changed">Told, on the thread of the devices, when a device opens, closes, is lost, missing or back.</param>
    /// <param name="start">Whose devices; those of this machine when null. Called on the thread of the devices.</param>
    public SoundDesk(DeviceChoice choice, Action<DeviceState> changed, AudioStart? start = null)
    {
        if (choice.ProcessesVoice) _voice = VoiceChain.TryCreate();
        _capture = new CaptureSide(_voice);
        _playout = new PlayoutSide(_voice);
        if (_voice is not null) _voice.Speaker = _playout;
        _board = new DeviceBoard(start ?? SystemAudio.TryStart, choice, _capture, _playout, _ring, changed);
        _state = _board.State;
        Microphone = new MicrophoneEnd(this);
        Speaker = new SpeakerEnd(this);
        Ringer = new RingerEnd(this);
        _thread = new Thread(Watch) { IsBackground = true, Name = "audio devices" };
        _thread.Start();
    }

    /// <summary>The voice, without echo and noise; opens the microphone when it is read. Silence while there is none.</summary>
    public IAudioSource Microphone { get; }

    /// <summary>What a call hears; also what the microphone's echo is made of. Opens the loudspeaker when it is written to.</summary>
    public IAudioSink Speaker { get; }

    /// <summary>Where it rings; opens its loudspeaker when it is written to, and gives it back some seconds after.</summary>
    public IAudioSink Ringer { get; }

    /// <summary>Everything about the devices now; the same object as long as nothing changes. From any thread.</summary>
    public SoundState State => Volatile.Read(ref _state);

    /// <summary>
    /// Another device from now on, in mid-call too: the new one takes over without a click as soon as it runs, and the old one stays when it
    /// does not open. Returns at once, from any thread.
    /// </summary>
    /// <param name="role">What for.</param>
    /// <param name="name">As <see cref="SoundState.Choices"/> lists it, "default" or "null".</param>
    public void Use(SoundRole role, string name)
    {
        _board[role].Choose(name);
        _wake.Set();
    }

    /// <summary>Keeps microphone and loudspeaker open without a call, for level meters; or no longer. From any thread.</summary>
    public void Meter(bool on)
    {
        _board[SoundRole.Microphone].Hold(on);
        _board[SoundRole.Speaker].Hold(on);
        _wake.Set();
    }

    /// <summary>Opens a device ahead of its first frame.</summary>
    public void Wake(SoundRole role)
    {
        if (_board[role].Touch() && !_ends) _wake.Set();
    }

    /// <summary>Opens the devices of calls and waits until each is open or has failed; those that are chosen as "null" count as open.</summary>
    public bool WaitUntilOpen(TimeSpan limit)
    {
        _settled.Reset();
        Wake(SoundRole.Microphone);
        Wake(SoundRole.Speaker);
        _wake.Set();
        if (!_settled.Wait(limit)) return false;
        var state = State;
        return IsFine(state.Microphone) && IsFine(state.Speaker);

        static bool IsFine(SoundUse use) => use.IsOpen || use.Chosen == DeviceChoice.None;
    }

    public void Dispose() => End(EndLimit);

    /// <summary>Closes the devices, waiting no longer than a limit.</summary>
    /// <returns>False when the sound server hangs; its thread never keeps a process.</returns>
    public bool End(TimeSpan limit)
    {
        if (_ends) return !_thread.IsAlive;
        _ends = true;
        _wake.Set();
        if (!_thread.Join(limit)) return false;
        _wake.Dispose();
        _settled.Dispose();
        _voice?.Dispose();
        _capture.Dispose();
        _playout.Dispose();
        _ring.Dispose();
        return true;
    }

    /// <summary>What waits in the ring, and the piece that the device has in hand.</summary>
    private static TimeSpan Behind(int waiting) => TimeSpan.FromSeconds((waiting + SdlStream.Period) / 48_000.0);

    private void Watch()
    {
        var clock = Stopwatch.StartNew();
        while (!_ends)
        {
            _board.Advance(new Instant(clock.Elapsed.Ticks * 100));
            Volatile.Write(ref _state, _board.State);
            if (!_board[SoundRole.Microphone].IsIdle && !_board[SoundRole.Speaker].IsIdle) _settled.Set();
            _wake.WaitOne(_board.IsBusy ? DeviceBoard.Busy : DeviceBoard.Calm);
        }

        _board.Dispose();
    }

    private sealed class MicrophoneEnd(SoundDesk desk) : IAudioSource
    {
        public bool Read(Span<short> pcm48k)
        {
            desk.Wake(SoundRole.Microphone);
            desk._capture.Read(pcm48k);
            return true;
        }

        public TimeSpan? Delay => desk.State.Microphone.IsOpen ? Behind(desk._capture.Level) : null;
    }

    private sealed class SpeakerEnd(SoundDesk desk) : IAudioSink
    {
        public void Write(ReadOnlySpan<short> pcm48k)
        {
            desk.Wake(SoundRole.Speaker);
            desk._playout.Write(pcm48k);
        }

        public TimeSpan? Delay => desk.State.Speaker.IsOpen ? Behind(desk._playout.Level) : null;
    }

    private sealed class RingerEnd(SoundDesk desk) : IAudioSink
    {
        public void Write(ReadOnlySpan<short> pcm48k)
        {
            desk.Wake(SoundRole.Ringer);
            desk._ring.Write(pcm48k);
        }
    }
}
