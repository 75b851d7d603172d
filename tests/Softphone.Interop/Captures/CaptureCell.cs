namespace Softphone.Interop;

/// <summary>One fault that is made between other programs, and what a capture of it must say.</summary>
/// <param name="Name">What is wrong there.</param>
/// <param name="Make">Makes it; the capture runs meanwhile.</param>
/// <param name="Kinds">The kinds of problems that must be told, all of them; none where nothing is wrong.</param>
internal sealed record CaptureCell(string Name, Action<CaptureScene> Make, params string[] Kinds)
{
    /// <summary>The NAT of side A, with its options.</summary>
    public string[] NatA { get; init; } = ["none"];

    public string[] NatB { get; init; } = ["none"];

    /// <summary>Where the capture is taken.</summary>
    public string Host { get; init; } = "hostA";

    public string Device { get; init; } = "eth0";

    /// <summary>Kinds that the fault may bring besides, and that are true where they are told.</summary>
    public string[] Besides { get; init; } = [];

    /// <summary>What the worst problem's sentence must have in it.</summary>
    public string Says { get; init; } = "";
}
