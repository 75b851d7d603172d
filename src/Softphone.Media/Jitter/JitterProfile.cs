namespace Softphone.Media;

/// <summary>How the jitter buffer weighs delay against lateness.</summary>
public enum JitterProfile
{
    /// <summary>Follows every packet and forgets over some ten seconds: the shortest delay.</summary>
    Interactive,

    /// <summary>Looks at the worst of each 150 ms.</summary>
    Balanced,

    /// <summary>Looks at the worst of each 300 ms: the fewest interruptions.</summary>
    Robust,
}
