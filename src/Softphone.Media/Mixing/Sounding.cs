namespace Softphone.Media;

/// <summary>A tone while it sounds, and while it is faded out.</summary>
internal sealed class Sounding(IAudioSource tone)
{
    /// <summary>On from the start: a tone has its own ramps, and is only ever cut at its end.</summary>
    public Fade Fade = Fade.Full;

    public bool HasBegun { get; private set; }

    /// <summary>Adds a frame of it to a sum; false when that was the last.</summary>
    public bool AddTo(Span<int> sum, Span<short> scratch)
    {
        HasBegun = true;
        var goesOn = tone.Read(scratch);
        if (goesOn) Fade.Add(scratch, sum);
        return goesOn && !Fade.IsSilent;
    }
}
