namespace Softphone.Internet;

/// <summary>How many packets one host, gateway or network dropped for one reason.</summary>
public readonly record struct DropCount(string Where, DropReason Reason, long Packets)
{
    /// <summary>"14 filtered at natB".</summary>
    public override string ToString() => $"{Packets} {Reason.At(Where)}";
}
