namespace Softphone.Media;

/// <summary>A switch that does not click: its gain goes from 0 to 1 and back within 5 ms.</summary>
internal struct Fade
{
    /// <summary>Samples from silence to full: 5 ms.</summary>
    public const int Samples = 240;

    private const float Step = 1f / Samples;

    private float _gain;

    /// <summary>On and arrived.</summary>
    public static Fade Full => new() { IsOn = true, _gain = 1 };

    /// <summary>Where the gain goes.</summary>
    public bool IsOn { get; set; }

    /// <summary>Nothing comes through now.</summary>
    public readonly bool IsSilent => !IsOn && _gain == 0;

    /// <summary>Everything comes through unchanged.</summary>
    public readonly bool IsFull => IsOn && _gain == 1;

    /// <summary>Adds a frame to a sum, with the gain as it changes.</summary>
    public void Add(ReadOnlySpan<short> frame, Span<int> sum)
    {
        var at = 0;
        for (; at < frame.Length && _gain != (IsOn ? 1 : 0); at++)
        {
            sum[at] += (int)(frame[at] * _gain);
            _gain = Math.Clamp(_gain + (IsOn ? Step : -Step), 0, 1);
        }

        if (IsOn) Sum.Add(frame[at..], sum[at..]);
    }

    /// <summary>A frame in which nothing sounded: the gain arrives unheard.</summary>
    public void Settle() => _gain = IsOn ? 1 : 0;
}
