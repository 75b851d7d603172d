namespace Softphone.Sockets;

/// <summary>Brings what awaits on the pump thread back to it.</summary>
internal sealed class PumpContext(Pump pump) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => pump.Post(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing waits for the pump thread: Post");
}
