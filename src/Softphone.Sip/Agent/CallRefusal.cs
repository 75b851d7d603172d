namespace Softphone.Sip;

/// <summary>Why a call was turned away before it rang.</summary>
public enum CallRefusal
{
    /// <summary>It came past the servers of the account that it is for, or is for nobody here and came past every server.</summary>
    Stranger,

    /// <summary>Its Request-URI names neither a contact nor an address of record of ours (RFC 3261 §8.2.2.1).</summary>
    UnknownUser,

    /// <summary>As many calls as may be are going on.</summary>
    Busy,

    /// <summary>It demands an extension that this version does not have (RFC 3261 §8.2.2.3).</summary>
    Lacking,

    /// <summary>The person wants to be left in peace.</summary>
    DoNotDisturb,

    /// <summary>The caller was sent to whom the person named (302).</summary>
    Forwarded,
}
