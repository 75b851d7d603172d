using Softphone.Core;

namespace Softphone.Benchmarks;

/// <summary>A machine seen through a meter: what its own verbs allocate, apart from the world that drives it.</summary>
internal sealed class MeteredMachine(IMachine machine) : IMachine
{
    public long Bytes { get; private set; }

    public Instant? NextTimeout => machine.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        machine.Receive(datagram);
        Count(before);
    }

    public void Fail(in PathFailure failure) => machine.Fail(failure);

    public void Advance(Instant now)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        machine.Advance(now);
        Count(before);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => machine.TryTransmit(buffer, out transmit);

    /// <summary>An input of the machine that is no verb.</summary>
    public void Do(Action input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        input();
        Count(before);
    }

    private void Count(long before) => Bytes += GC.GetAllocatedBytesForCurrentThread() - before;
}
