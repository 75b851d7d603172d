namespace Softphone.Sip;

/// <summary>
/// What becomes of an account's calls before they ring. Who comes past the account's servers is never told where else somebody is to be
/// reached.
/// </summary>
public sealed record Diversion
{
    public static Diversion None { get; } = new();

    /// <summary>Every call is refused with this status, 486 or 480; null refuses none.</summary>
    public int? DoNotDisturb { get; init; }

    /// <summary>Every call is sent there; null sends none.</summary>
    public SipUri? Always { get; init; }

    /// <summary>A call that finds us at another one is sent there.</summary>
    public SipUri? Busy { get; init; }

    /// <summary>The status that a call gets, and where it is sent; null lets it ring.</summary>
    /// <param name="isByServer">It came by a server of the account.</param>
    /// <param name="isBusy">Whether we are at another call; asked only where that matters.</param>
    internal (int Status, SipUri? Target)? Of(bool isByServer, Func<bool> isBusy)
    {
        if (isByServer && Always is { } always) return (302, always);
        if (DoNotDisturb is { } status) return (status, null);
        return isByServer && Busy is { } busy && isBusy() ? (302, busy) : null;
    }
}
