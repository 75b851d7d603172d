namespace Softphone.Sip;

/// <summary>What a kept flow waits for.</summary>
internal enum KeepaliveTimer
{
    /// <summary>The next keepalive is due.</summary>
    Ask,

    /// <summary>A STUN request is sent once more.</summary>
    Repeat,

    /// <summary>The answer is late, though not yet given up: another way may be worth a look.</summary>
    Faint,

    /// <summary>The answer should have come by now.</summary>
    Answer,
}
