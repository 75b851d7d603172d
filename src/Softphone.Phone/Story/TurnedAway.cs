namespace Softphone.Phone;

/// <summary>How a call was turned away as the person has it (<see cref="CallManners"/>).</summary>
public enum TurnedAway
{
    /// <summary>It was not.</summary>
    No,

    /// <summary>The person wants to be left in peace.</summary>
    DoNotDisturb,

    /// <summary>All calls are sent elsewhere.</summary>
    Always,

    /// <summary>Another call was going on, and such calls are sent elsewhere.</summary>
    Busy,

    /// <summary>Nobody took it, and it was sent elsewhere.</summary>
    NoAnswer,
}
