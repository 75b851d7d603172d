namespace Softphone.Internet;

/// <summary>Which outside port a new mapping gets (RFC 4787 §4.2).</summary>
public enum PortAllocation
{
    /// <summary>The inside port when it is free, else a random one.</summary>
    Preserve,

    /// <summary>Any free port.</summary>
    Random,

    /// <summary>The next free port after the last one given.</summary>
    Sequential,
}
