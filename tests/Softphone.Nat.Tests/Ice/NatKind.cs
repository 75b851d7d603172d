namespace Softphone.Nat.Tests;

/// <summary>The rows and columns of the outcome matrix.</summary>
public enum NatKind
{
    Open,
    FullCone,
    Restricted,
    PortRestricted,
    Symmetric,
}
