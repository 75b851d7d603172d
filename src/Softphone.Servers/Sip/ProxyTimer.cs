namespace Softphone.Servers;

/// <summary>What a proxy transaction waits for.</summary>
internal enum ProxyTimer
{
    /// <summary>To send the request downstream again (timers A and E).</summary>
    Repeat,

    /// <summary>To give up on an answer (timers B, C and F).</summary>
    GiveUp,

    /// <summary>To send the final response upstream again (timer G).</summary>
    RepeatResponse,

    /// <summary>To send the CANCEL downstream again (timer E of the CANCEL).</summary>
    RepeatCancel,

    /// <summary>To be forgotten (timers H, J and L).</summary>
    Forget,
}
