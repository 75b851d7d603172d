namespace Softphone.Cli;

/// <summary>What a <see cref="RelayEcho"/> sends.</summary>
/// <param name="Length">For how long.</param>
/// <param name="Rate">Packets a second.</param>
/// <param name="Size">Octets of a packet, at least 24.</param>
/// <param name="SkipInterfaces">Interfaces that are never used.</param>
internal sealed record RelayEchoPlan(TimeSpan Length, int Rate, int Size, IReadOnlyList<string> SkipInterfaces);
