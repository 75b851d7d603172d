using Softphone.Core;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>The time in the demonstration's world: seconds take seconds, but for those that the process stood still. From any thread.</summary>
internal sealed class DemoClock
{
    private readonly Instant _begun = BootClock.Now;
    private long _stoodStill;

    public Instant Now => Instant.Zero + (BootClock.Now - _begun - TimeSpan.FromTicks(Volatile.Read(ref _stoodStill)));

    /// <summary>This time did not pass. By one thread.</summary>
    public void StandStill(TimeSpan time) => Volatile.Write(ref _stoodStill, _stoodStill + time.Ticks);
}
