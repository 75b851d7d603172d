namespace Softphone.Captures;

/// <summary>What became of a dialog by the end of the capture.</summary>
public enum DialogState
{
    /// <summary>A request, and nothing came back.</summary>
    Unanswered,

    /// <summary>Provisional responses, and the capture ends.</summary>
    Trying,

    /// <summary>Of a call: 180.</summary>
    Ringing,

    /// <summary>Of a call: answered, and the capture has no end of it.</summary>
    Talking,

    /// <summary>Of a call: answered, and ended by BYE.</summary>
    Ended,

    /// <summary>Of a call: the caller hung up before the answer.</summary>
    Cancelled,

    /// <summary>A final response that is no success.</summary>
    Refused,

    /// <summary>A success, of what is no call.</summary>
    Done,

    /// <summary>The capture begins within it, and shows no more than that it goes on.</summary>
    Partial,
}
