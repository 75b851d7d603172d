using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>A mixer with its devices and calls, each call ticking by its own phase, in virtual time.</summary>
internal sealed class Studio : IAudioSource
{
    private readonly List<StudioCall> _calls = [];
    private readonly Talk _voice;
    private long _spoken;

    /// <param name="voice">What is said into the microphone.</param>
    public Studio(Talk? voice = null)
    {
        _voice = voice ?? Sines.Silence;
        Speaker = new Reel(this);
        Ringer = new Reel(this);
        Mixer = new Mixer(this, Speaker, Ringer);
    }

    public Mixer Mixer { get; }

    public Reel Speaker { get; }

    public Reel Ringer { get; }

    public Instant Now { get; private set; }

    /// <summary>Frames read of the microphone.</summary>
    public long MicrophoneReads => _spoken / Mixer.FrameSamples;

    /// <summary>Adds a call that ticks from now on.</summary>
    /// <param name="voice">What its peer says.</param>
    /// <param name="phaseMs">Its first tick from now.</param>
    /// <param name="periodMs">From tick to tick.</param>
    /// <param name="jitterMs">How late a tick may be.</param>
    /// <param name="chance">Where the jitter comes from.</param>
    public StudioCall Call(Talk? voice = null, double phaseMs = 0, double periodMs = 20, double jitterMs = 0, IEntropy? chance = null)
    {
        var call = new StudioCall(this, voice ?? Sines.Silence, periodMs, jitterMs, chance, Now + TimeSpan.FromMilliseconds(phaseMs));
        _calls.Add(call);
        return call;
    }

    public void End(StudioCall call)
    {
        _calls.Remove(call);
        Mixer.Remove(call.Port);
    }

    public void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            StudioCall? first = null;
            foreach (var call in _calls)
                if (first is null || call.Due < first.Due) first = call;
            var own = Mixer.NextTimeout;
            if (own is { } due && (first is null || due < first.Due))
            {
                if (due > end) break;
                if (due > Now) Now = due;
                Mixer.Advance(Now);
            }
            else
            {
                if (first is null || first.Due > end) break;
                if (first.Due > Now) Now = first.Due;
                first.Tick();
            }
        }

        Now = end;
        Mixer.Advance(Now);
    }

    public bool Read(Span<short> pcm48k)
    {
        _voice(_spoken, pcm48k);
        _spoken += pcm48k.Length;
        return true;
    }
}
