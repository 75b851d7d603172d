namespace Softphone.Media;

/// <summary>What a <see cref="MediaSession"/> waits for.</summary>
internal enum MediaTimer
{
    /// <summary>The next report is due.</summary>
    Report,

    /// <summary>The peer has been silent for so long that it is told.</summary>
    Silence,

    /// <summary>A key ends whose last packet did not come.</summary>
    KeyEnd,

    /// <summary>The binding of a NAT is kept.</summary>
    KeepAlive,
}
