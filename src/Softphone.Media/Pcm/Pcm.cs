namespace Softphone.Media;

/// <summary>How sound is counted everywhere inside the phone: 16-bit samples, one channel.</summary>
public static class Pcm
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 48_000;

    /// <summary>Samples of the frame in which sound goes from part to part: 20 ms.</summary>
    public const int Frame = Rate / 50;
}
