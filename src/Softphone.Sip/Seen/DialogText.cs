namespace Softphone.Sip;

/// <summary>Where a filter looks for a text.</summary>
internal enum DialogText
{
    Anywhere,
    From,
    To,
    Account,
    CallId,

    /// <summary>The addresses that the first message went between.</summary>
    Address,

    /// <summary>The messages as they passed.</summary>
    Messages,
}
