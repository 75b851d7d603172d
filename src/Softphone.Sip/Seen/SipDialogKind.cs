namespace Softphone.Sip;

/// <summary>What the messages of one Call-ID are about.</summary>
public enum SipDialogKind
{
    /// <summary>INVITE and what belongs to it.</summary>
    Call,

    /// <summary>REGISTER.</summary>
    Registration,

    /// <summary>OPTIONS.</summary>
    Options,

    /// <summary>SUBSCRIBE with its NOTIFYs, and a NOTIFY that nobody subscribed to.</summary>
    Subscription,

    /// <summary>PUBLISH.</summary>
    Publication,

    /// <summary>MESSAGE.</summary>
    Message,

    /// <summary>Any other request outside a call: REFER, and methods that nobody knows.</summary>
    Other,
}
