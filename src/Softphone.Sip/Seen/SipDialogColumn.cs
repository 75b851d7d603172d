namespace Softphone.Sip;

/// <summary>What a list of dialogs can be sorted by.</summary>
public enum SipDialogColumn
{
    /// <summary>When its first message passed.</summary>
    Time,

    /// <summary>When its last message passed.</summary>
    Last,

    Method,
    From,
    To,
    State,
    Messages,
    Account,
}
