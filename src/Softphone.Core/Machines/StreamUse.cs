namespace Softphone.Core;

/// <summary>What a message asks of the connection that is to carry it. Means nothing on a datagram path.</summary>
public enum StreamUse : byte
{
    /// <summary>Where there is no connection to the remote, one is opened.</summary>
    Open,

    /// <summary>The same, and one that is opened for it cuts what it carries into segments that pass where a whole packet does not.</summary>
    OpenSmall,

    /// <summary>
    /// Only on the connection that is there, such as an answer: who asked is at its other end, and nobody listens at the port that a
    /// client happened to connect from.
    /// </summary>
    Existing,

    /// <summary>No octets: the connection ends once what was sent before has left. What is sent after it opens another.</summary>
    End,
}
