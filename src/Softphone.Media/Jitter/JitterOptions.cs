namespace Softphone.Media;

/// <summary>The bounds and temper of the jitter buffer.</summary>
/// <param name="Minimum">The least delay it aims for.</param>
/// <param name="Maximum">The most delay it aims for, and past which it throws audio away.</param>
/// <param name="Profile">How it weighs delay against lateness.</param>
public readonly record struct JitterOptions(TimeSpan Minimum, TimeSpan Maximum, JitterProfile Profile = JitterProfile.Balanced)
{
    /// <summary>20 to 200 ms, balanced.</summary>
    public static JitterOptions Default => new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
}
