namespace Softphone.Sip;

/// <summary>What one of our streams is ended for, by us.</summary>
public enum StreamFault
{
    None,

    /// <summary>Content-Length is absent, which a stream cannot do without (RFC 3261 §18.3).</summary>
    NoContentLength,

    /// <summary>Content-Length is doubled, or no number.</summary>
    BadContentLength,

    /// <summary>Content-Length is larger than any message that we take.</summary>
    TooLong,

    /// <summary>The headers are longer than any that we take.</summary>
    HeadTooLong,

    /// <summary>Lines end with LF alone (§7 wants CRLF).</summary>
    BareLineFeeds,

    /// <summary>No start line of SIP.</summary>
    Unreadable,

    /// <summary>A message was begun and did not end in the time allowed.</summary>
    Unfinished,

    /// <summary>The connection gave way to another.</summary>
    Crowded,

    /// <summary>The machine slept, and the connection is not to be relied on.</summary>
    Slept,

    /// <summary>Packets of full size do not arrive on it; it is opened anew with smaller ones.</summary>
    Narrowed,

    /// <summary>Nothing came back on it, though something should have.</summary>
    Silent,
}
