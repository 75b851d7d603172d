namespace Softphone.Sip;

/// <summary>What a flow waits for.</summary>
internal enum FlowTimer
{
    /// <summary>The next keepalive is due.</summary>
    Ping,

    /// <summary>The answer to a keepalive is due.</summary>
    Pong,

    /// <summary>The rest of a message that was begun is due.</summary>
    Message,
}
