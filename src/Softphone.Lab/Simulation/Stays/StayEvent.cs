namespace Softphone.Lab;

/// <summary>Something that happens to a registered phone.</summary>
/// <param name="Kind">What.</param>
/// <param name="Before">How long nothing happens before it.</param>
/// <param name="Lasts">Of what passes: how long.</param>
/// <param name="InCall">It happens in a call.</param>
/// <param name="Abrupt">Of a server: it loses its power, and ends no connection before.</param>
public sealed record StayEvent(NetworkTrouble Kind, TimeSpan Before, TimeSpan Lasts = default, bool InCall = false, bool Abrupt = false)
{
    public override string ToString() => $"{Kind}{(InCall ? " in a call" : "")}{(Lasts > TimeSpan.Zero ? $" {Lasts.TotalSeconds:0.0} s" : "")}{(Abrupt ? " abruptly" : "")} after {Before.TotalSeconds:0.0} s";
}
