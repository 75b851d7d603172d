namespace Softphone.Lab;

/// <summary>One thing that goes wrong in a simulated call.</summary>
/// <param name="Kind">What.</param>
/// <param name="OfCaller">On whose side.</param>
/// <param name="Gateway">Of a rebinding: which gateway, counted from the host.</param>
/// <param name="Lasts">Of an outage or a suspend: how long.</param>
public sealed record Disturbance(DisturbanceKind Kind, bool OfCaller, int Gateway = 0, TimeSpan Lasts = default);
