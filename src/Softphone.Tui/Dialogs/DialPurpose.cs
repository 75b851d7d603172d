namespace Softphone.Tui;

/// <summary>What becomes of the one that is chosen in a <see cref="DialScreen"/>.</summary>
internal enum DialPurpose
{
    /// <summary>Called.</summary>
    Call,

    /// <summary>The other side of a call is sent there.</summary>
    Transfer,

    /// <summary>Called first, to be joined with a call afterwards.</summary>
    Consult,

    /// <summary>Written to.</summary>
    Write,
}
